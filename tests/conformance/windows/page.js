// A window of the conformance kit: it performs steps and tells what happens to it. `steps.py` says what each step means.
// Everything is told through the DevTools binding `say`; what happens while a page goes is told by beacon too, because a
// page that is going has no DevTools any more. Entries are numbered, so that nobody counts one twice.
'use strict';

const label = new URLSearchParams(location.search).get('window');
const runtime = crypto.randomUUID();
const reactions = [];
const channels = new Map();
const locks = new Map();
const streams = new Map();
const sockets = new Map();
const keptFrom = performance.now();
let told = 0;

function tell(what, alsoByBeacon = false) {
    const at = performance.timeOrigin + performance.now();
    const entry = JSON.stringify([location.hostname, label, runtime, ++told, at, what]);
    const heard = typeof say === 'function';
    if (heard) say(entry);
    if (alsoByBeacon || !heard) navigator.sendBeacon('/said', entry);
    for (const [start, steps] of [...reactions]) if (what.startsWith(start)) perform(steps);
}

function perform(steps) {
    for (const [verb, ...rest] of steps) verbs[verb](...rest);
}

function attempt(act) {
    try {
        act();
    } catch (error) {
        tell(`threw ${error.name}`);
    }
}

const unclonable = {
    function: () => () => 0,
    element: () => document.documentElement,
    method: () => ({inside: () => 0}),
    shared: () => new SharedArrayBuffer(8),
    sharing: () => ({inside: new SharedArrayBuffer(8)}),
    symbol: () => Symbol('s'),
    promise: () => Promise.resolve(0),
    weak: () => new WeakMap(),
    deep: () => new Map([['inside', [() => 0]]]),
};

class Point {
    constructor(x) { this.x = x; }
    get twice() { return 2 * this.x; }
}

const clonable = {
    date: () => new Date(0),
    map: () => new Map([['a', {x: 1}], ['b', null]]),
    set: () => new Set([1, 'two']),
    regexp: () => { const regexp = /a+/gi; regexp.lastIndex = 3; return regexp; },
    error: () => new TypeError('wrong'),
    'own error': () => Object.assign(new Error('lost'), {name: 'LeaseLost', code: 7}),
    bytes: () => new Uint8Array([1, 2]),
    floats: () => new Float64Array([0.5]),
    buffer: () => new Uint8Array([1, 2]).buffer,
    instance: () => new Point(1),
    nested: () => [{of: [true, 'text']}, []],
    cycle: () => { const one = {name: 'one'}; one.self = one; return one; },
    twice: () => { const one = {}; return [one, one]; },
};

// A value in words; `^N` is the Nth object again.
function described(value, seen = []) {
    if (value === null || typeof value !== 'object') return String(value);
    if (seen.includes(value)) return `^${seen.indexOf(value)}`;
    seen.push(value);
    const all = (values) => [...values].map((one) => described(one, seen)).join(', ');
    const pairs = (entries) => [...entries].map(([key, one]) => `${key}: ${described(one, seen)}`).join(', ');
    const kind = value.constructor.name;
    if (value instanceof Date) return `Date ${value.getTime()}`;
    if (value instanceof RegExp) return `RegExp ${value} at ${value.lastIndex}`;
    if (value instanceof Error) return [`${value.name}: ${value.message}`, ...Object.keys(value)].join(' ');
    if (value instanceof Map) return `Map {${pairs(value)}}`;
    if (value instanceof Set) return `Set {${all(value)}}`;
    if (value instanceof ArrayBuffer) return `ArrayBuffer [${all(new Uint8Array(value))}]`;
    if (ArrayBuffer.isView(value)) return `${kind} [${all(value)}]`;
    if (Array.isArray(value)) return `[${all(value)}]`;
    return `${kind} {${pairs(Object.entries(value))}}`;
}

const verbs = {
    note: (text) => tell(text),
    react: (start, steps) => reactions.push([start, steps]),
    forget: () => reactions.splice(0),

    channel(name, of) {
        const channel = new BroadcastChannel(of);
        channel.onmessage = (event) => tell(`${name} hears ${described(event.data)}`);
        channel.onmessageerror = () => tell(`${name} hears an error`);
        channels.set(name, channel);
    },
    post: (name, value) => attempt(() => channels.get(name).postMessage(value)),
    post_unclonable: (name, kind) => attempt(() => channels.get(name).postMessage(unclonable[kind]())),
    post_clonable: (name, kind) => attempt(() => channels.get(name).postMessage(clonable[kind]())),
    shut: (name) => channels.get(name).close(),

    put: (key, value) => attempt(() => localStorage.setItem(key, value)),
    fill: (key, units, letter) => attempt(() => localStorage.setItem(key, letter.repeat(units))),
    read: (key) => tell(`${key} is ${shortened(localStorage.getItem(key))}`),
    remove: (key) => localStorage.removeItem(key),
    clear: () => localStorage.clear(),
    put_session: (key, value) => sessionStorage.setItem(key, value),
    read_session: (key) => tell(`${key} is ${sessionStorage.getItem(key)} in the session`),

    lock(name, of, how, mode) {
        const abort = new AbortController();
        const options = {mode};
        for (const option of how.split(' and ')) options[option] = option === 'signal' ? abort.signal : true;
        const entry = {abort, release: null};
        locks.set(name, entry);
        navigator.locks.request(of, options, (granted) => {
            tell(granted ? `${name} granted` : `${name} refused`);
            return granted && new Promise((done) => entry.release = done);
        }).then(() => tell(`${name} ended`), (error) => tell(`${name} failed with ${error.name}`));
    },
    release: (name) => locks.get(name).release(),
    abort: (name) => locks.get(name).abort.abort(),
    query(of) {
        navigator.locks.query().then(({held, pending}) => {
            const count = (all) => all.filter((one) => one.name === of).length;
            tell(`${of} has ${count(held)} held, ${count(pending)} pending`);
        }, (error) => tell(`query failed with ${error.name}`));
    },

    timer: (delay, name) => setTimeout(() => tell(`timer ${name}`), delay),
    every: (delay, name) => setInterval(() => tell(`tick ${name}`), delay),
    chain(delay, count, name) {
        if (count) setTimeout(() => { tell(`link ${name}`); verbs.chain(delay, count - 1, name); }, delay);
    },
    microtask: (name) => queueMicrotask(() => tell(`microtask ${name}`)),
    port(name) {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => tell(`port ${name}`);
        port2.postMessage(0);
    },
    fetch: (name, takes) => fetch(`/page.html?fetch=${name}&takes_ms=${takes}`).then(() => tell(`fetch ${name}`)),
    socket(name) {
        const socket = new WebSocket(`ws://${location.host}/socket`);
        socket.onopen = () => tell(`${name} open`);
        socket.onmessage = ({data}) => tell(`${name} says ${data}`);
        socket.onclose = ({code}) => tell(`${name} closed ${code}`);
        sockets.set(name, socket);
    },
    send: (name, text) => sockets.get(name).send(text),
    spin(delay) {
        const end = performance.now() + delay;
        while (performance.now() < end);
    },
    elapsed: () => tell(`elapsed ${performance.now() - keptFrom} ${Date.now() - performance.timeOrigin - keptFrom}`),

    connect(kind) {
        globalThis.peers = [new RTCPeerConnection(), new RTCPeerConnection()];
        const [one, two] = peers;
        one.onicecandidate = ({candidate}) => candidate && two.addIceCandidate(candidate);
        two.onicecandidate = ({candidate}) => candidate && one.addIceCandidate(candidate);
        one.onconnectionstatechange = () => one.connectionState === 'connected' && tell('peer connected');
        if (kind === 'data') one.createDataChannel('data'); else one.addTransceiver('audio');
        (async () => {
            await one.setLocalDescription();
            await two.setRemoteDescription(one.localDescription);
            await two.setLocalDescription();
            await one.setRemoteDescription(two.localDescription);
        })();
    },

    open: (other, features) => { window.open(address(other), '_blank', features); },
    close_itself: () => window.close(),
    state: () => tell(`is ${document.visibilityState}${document.wasDiscarded ? ', was discarded' : ''}`),

    capture(source) {
        const asked = source === 'screen' ? navigator.mediaDevices.getDisplayMedia({video: true})
            : navigator.mediaDevices.getUserMedia({audio: source === 'microphone', video: source === 'camera'});
        asked.then((stream) => {
            streams.set(source, stream);
            for (const track of stream.getTracks()) track.onended = () => tell(`${source} ended`);
            tell(`${source} captured`);
        }, (error) => tell(`${source} failed with ${error.name}`));
    },
    stop_capture: (source) => streams.get(source).getTracks().forEach((track) => track.stop()),
    captured: (source) => tell(`${source} is ${streams.get(source).getTracks()[0].readyState}`),
    permission: (name) => navigator.permissions.query({name}).then(({state}) => tell(`${name} is ${state}`)),
};

function address(other) {
    return `/page.html?window=${other}`;
}

function shortened(text) {
    return text !== null && text.length > 40 ? `${text.length} units` : text;
}

document.title = label;
window.addEventListener('storage', ({key, oldValue, newValue}) => {
    tell(`storage ${key}: ${shortened(oldValue)} to ${shortened(newValue)}`);
});
for (const type of ['pageshow', 'pagehide']) {
    window.addEventListener(type, ({persisted}) => tell(persisted ? `${type} persisted` : type, true));
}
document.addEventListener('visibilitychange', () => tell(`visibilitychange to ${document.visibilityState}`, true));
for (const type of ['freeze', 'resume']) document.addEventListener(type, () => tell(type, true));
window.addEventListener('beforeunload', () => tell('beforeunload', true));
// A page that listens for this one is never cached.
if (location.search.includes('&unload')) window.addEventListener('unload', () => tell('unload', true));
tell('began', true);
