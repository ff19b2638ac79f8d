// navigator.mediaDevices and navigator.permissions (Media Capture and Streams, Screen Capture, Permissions). Devices, prompts and
// their answers are the host's: the op `capture` asks, a turn `capture` answers, `captureEnded` ends a track from outside.
'use strict';

oneroomSurface((g, host) => {
    const tracks = new Map();
    const asked = new Map();
    let last = 0;

    class MediaStreamTrack extends g.EventTarget {
        #id;
        #stopped;
        #of;
        readyState = 'live';
        enabled = true;
        muted = false;
        contentHint = '';
        constructor({id, kind, label = '', deviceId = ''}, stopped, of = new Set()) {
            super();
            this.#id = id;
            this.#stopped = stopped;
            this.#of = of.add(this);
            Object.assign(this, {kind, label});
            Object.defineProperty(this, 'id', {value: `track-${id}`, enumerable: true});
            this.getSettings = () => ({deviceId, groupId: ''});
            tracks.set(id, of);
        }
        // A capture lasts until all of its clones are stopped.
        stop() {
            if (this.readyState === 'ended') return;
            this.readyState = 'ended';
            this.#of.delete(this);
            if (this.#of.size) return;
            tracks.delete(this.#id);
            this.#stopped(this.#id);
        }
        clone() {
            const {kind, label} = this;
            const description = {id: this.#id, kind, label, ...this.getSettings()};
            return new MediaStreamTrack(description, this.#stopped, this.#of);
        }
        getConstraints() { return {}; }
        getCapabilities() { return {}; }
        async applyConstraints() {}
    }
    host.handlers(MediaStreamTrack.prototype, ['ended', 'mute', 'unmute']);
    g.MediaStreamTrack = MediaStreamTrack;
    // A track of the SDK's: its capture, or that of another participant.
    host.trackOf = (description) => new MediaStreamTrack(description, () => {});

    let streams = 0;
    class MediaStream extends g.EventTarget {
        #tracks;
        id = `stream-${++streams}`;
        constructor(from = []) {
            super();
            this.#tracks = [...(from instanceof MediaStream ? from.getTracks() : from)];
        }
        get active() { return this.#tracks.some((track) => track.readyState === 'live'); }
        getTracks() { return [...this.#tracks]; }
        getAudioTracks() { return this.#tracks.filter(({kind}) => kind === 'audio'); }
        getVideoTracks() { return this.#tracks.filter(({kind}) => kind === 'video'); }
        getTrackById(id) { return this.#tracks.find((track) => track.id === id) ?? null; }
        addTrack(track) { if (!this.#tracks.includes(track)) this.#tracks.push(track); }
        removeTrack(track) { this.#tracks = this.#tracks.filter((one) => one !== track); }
        clone() { return new MediaStream(this.#tracks.map((track) => track.clone())); }
    }
    host.handlers(MediaStream.prototype, ['addtrack', 'removetrack']);
    g.MediaStream = MediaStream;

    const stopped = (id) => host.op('stopCapture', id);
    function ask(op, ...args) {
        const id = ++last;
        host.op(op, id, ...args);
        return new Promise((resolve, reject) => asked.set(id, {resolve, reject}));
    }
    function answered(id, use) {
        const request = asked.get(id);
        asked.delete(id);
        if (request !== undefined) host.step(() => use(request));
    }

    class MediaDevices extends g.EventTarget {
        async getUserMedia({audio = false, video = false} = {}) {
            if (!audio && !video) throw new TypeError('At least one of audio and video must be requested');
            return ask('capture', [...(audio ? ['microphone'] : []), ...(video ? ['camera'] : [])]);
        }
        async getDisplayMedia() { return ask('capture', ['screen_share']); }
        async enumerateDevices() { return ask('listDevices'); }
        getSupportedConstraints() { return {deviceId: true, echoCancellation: true}; }
    }
    host.handlers(MediaDevices.prototype, ['devicechange']);
    host.mediaDevices = new MediaDevices();

    host.on('capture', (id, text) => answered(id, ({resolve, reject}) => {
        const {tracks: made, error, message = ''} = JSON.parse(text);
        if (error) reject(new g.DOMException(message || 'Permission denied', error));
        else resolve(new MediaStream(made.map((track) => new MediaStreamTrack(track, stopped))));
    }));
    host.endTrack = (track) => {
        if (track.readyState === 'ended') return;
        track.readyState = 'ended';
        host.fire(track, new g.Event('ended'));
    };
    host.on('captureEnded', (id) => {
        for (const track of tracks.get(id) ?? []) host.endTrack(track);
        tracks.delete(id);
    });
    host.on('devices', (id, text) => answered(id, ({resolve}) => {
        resolve(JSON.parse(text).map((device) => ({groupId: '', ...device, toJSON: () => device})));
    }));
    host.on('deviceChange', () => host.fire(host.mediaDevices, new g.Event('devicechange')));

    const KNOWN = new Set(['microphone', 'camera']);
    const statuses = new Map();
    class PermissionStatus extends g.EventTarget {
        constructor(name, state) {
            super();
            Object.assign(this, {name, state});
        }
    }
    host.handlers(PermissionStatus.prototype, ['change']);
    g.PermissionStatus = PermissionStatus;
    host.permissions = {
        async query({name}) {
            if (!KNOWN.has(name)) host.notModelled(`navigator.permissions.query of "${name}"`)();
            const status = new PermissionStatus(name, await ask('queryPermission', name));
            statuses.set(name, [...(statuses.get(name) ?? []), status]);
            return status;
        },
    };
    host.on('permission', (id, state) => answered(id, ({resolve}) => resolve(state)));
    host.on('permissionChange', (name, state) => {
        for (const status of statuses.get(name) ?? []) {
            if (status.state === state) continue;
            status.state = state;
            host.fire(status, new g.Event('change'));
        }
    });
}, {
    window: ['MediaStream', 'MediaStreamTrack', 'PermissionStatus'],
    host: ['mediaDevices', 'permissions', 'trackOf', 'endTrack'],
    turns: ['capture', 'captureEnded', 'devices', 'deviceChange', 'permission', 'permissionChange'],
});
