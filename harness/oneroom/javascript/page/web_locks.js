// navigator.locks (Web Locks): requests with names, modes, `ifAvailable`, `steal` and `signal`; `query()`. Who is granted a lock,
// and when, is the host's lock manager's.
'use strict';

oneroomSurface((g, host) => {
    if (host.boot.locks === false) return; // an insecure origin, an old WebView

    const requests = new Map();
    const queries = new Map();
    let last = 0;

    g.Lock = class Lock {
        constructor(name, mode) {
            Object.defineProperties(this, {
                name: {value: name, enumerable: true}, mode: {value: mode, enumerable: true},
            });
        }
    };

    const refuse = (message, name) => Promise.reject(new g.DOMException(message, name));

    function problem(name, {mode, ifAvailable, steal, signal}) {
        if (name.startsWith('-')) return 'a name must not start with "-"';
        if (steal && ifAvailable) return 'steal and ifAvailable exclude each other';
        if (steal && mode !== 'exclusive') return 'steal needs the mode exclusive';
        if (signal && (steal || ifAvailable)) return 'signal excludes steal and ifAvailable';
        return null;
    }

    class LockManager {
        async request(name, options, callback) {
            if (typeof options === 'function') [options, callback] = [{}, options];
            if (typeof callback !== 'function') throw new TypeError('request() needs a callback');
            const {mode = 'exclusive', ifAvailable = false, steal = false, signal} = options ?? {};
            if (mode !== 'exclusive' && mode !== 'shared') throw new TypeError(`no mode "${mode}"`);
            const wrong = problem(String(name), {mode, ifAvailable, steal, signal});
            if (wrong !== null) return refuse(wrong, 'NotSupportedError');
            if (signal?.aborted) throw signal.reason;
            return new Promise((resolve, reject) => {
                const id = ++last;
                const request = {name: String(name), mode, callback, resolve, reject, state: 'waits'};
                requests.set(id, request);
                host.op('requestLock', id, request.name, mode, Boolean(ifAvailable), Boolean(steal));
                signal?.addEventListener('abort', () => abort(id, signal.reason));
            });
        }
        query() {
            const id = ++last;
            host.op('queryLocks', id);
            return new Promise((resolve) => queries.set(id, resolve));
        }
    }
    g.LockManager = LockManager;
    host.locks = new LockManager();

    // An abort counts until the callback runs.
    function abort(id, reason) {
        const request = requests.get(id);
        if (request?.state !== 'waits') return;
        requests.delete(id);
        host.op('abortLock', id);
        request.reject(reason);
    }

    function granted(id, lock) {
        const request = requests.get(id);
        request.state = lock === null ? 'refused' : 'held';
        if (lock === null) requests.delete(id);
        const settle = (end, value) => {
            if (request.state === 'stolen') return;
            if (requests.delete(id)) host.op('releaseLock', id);
            end(value);
        };
        new Promise((resolve) => resolve(request.callback(lock))).then(
            (value) => settle(request.resolve, value),
            (error) => settle(request.reject, error));
    }

    function stolen(id) {
        const request = requests.get(id);
        request.state = 'stolen';
        requests.delete(id);
        const message = "Lock broken by another request with the 'steal' option.";
        request.reject(new g.DOMException(message, 'AbortError'));
    }

    host.on('lock', (id, what) => {
        const request = requests.get(id);
        if (request === undefined) return;
        const lock = what === 'granted' ? new g.Lock(request.name, request.mode) : null;
        host.step(() => (what === 'stolen' ? stolen(id) : requests.has(id) && granted(id, lock)));
    });
    host.on('lockSnapshot', (id, snapshot) => {
        const resolve = queries.get(id);
        queries.delete(id);
        host.step(() => resolve?.(JSON.parse(snapshot)));
    });
}, {window: ['Lock', 'LockManager'], host: ['locks'], turns: ['lock', 'lockSnapshot']});
