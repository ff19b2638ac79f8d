// fetch, Headers, Request, Response (Fetch standard): bodies are text or bytes, read whole. Answers, delays and failures are the
// host's: the op `fetch` asks, a turn `response` answers; a status below 0 is a network error.
'use strict';

oneroomSurface((g, host) => {
    const FORM = 'application/x-www-form-urlencoded;charset=UTF-8';
    const TEXT = 'text/plain;charset=UTF-8';

    g.Headers = class Headers {
        #values = new Map();
        constructor(init = {}) {
            const pairs = Symbol.iterator in init ? init : Object.entries(init);
            for (const [name, value] of pairs) this.append(name, value);
        }
        append(name, value) {
            const known = this.get(name);
            this.set(name, known === null ? value : `${known}, ${value}`);
        }
        set(name, value) { this.#values.set(String(name).toLowerCase(), String(value).trim()); }
        get(name) { return this.#values.get(String(name).toLowerCase()) ?? null; }
        has(name) { return this.#values.has(String(name).toLowerCase()); }
        delete(name) { this.#values.delete(String(name).toLowerCase()); }
        forEach(callback, self) { for (const [name, value] of this) callback.call(self, value, name, this); }
        keys() { return [...this].map(([name]) => name)[Symbol.iterator](); }
        values() { return [...this].map(([, value]) => value)[Symbol.iterator](); }
        entries() { return this[Symbol.iterator](); }
        [Symbol.iterator]() { return [...this.#values].sort(([a], [b]) => (a < b ? -1 : 1))[Symbol.iterator](); }
    };

    const textOf = (body) => {
        if (body === null || body === undefined) return null;
        const isBytes = body instanceof ArrayBuffer || ArrayBuffer.isView(body);
        return isBytes ? new g.TextDecoder().decode(body) : String(body);
    };
    const typeOf = (body) => {
        if (body instanceof g.URLSearchParams) return FORM;
        return typeof body === 'string' ? TEXT : null;
    };

    class Body {
        bodyUsed = false;
        #text;
        constructor(body, headers) {
            this.#text = textOf(body);
            this.headers = new g.Headers(headers);
            const type = typeOf(body);
            if (type !== null && !this.headers.has('content-type')) this.headers.set('content-type', type);
        }
        static of(one) { return one.#text; }
        async text() {
            if (this.bodyUsed) throw new TypeError('body stream already read');
            this.bodyUsed = this.#text !== null;
            return this.#text ?? '';
        }
        async json() { return JSON.parse(await this.text()); }
        async arrayBuffer() { return new g.TextEncoder().encode(await this.text()).buffer; }
        async bytes() { return new g.TextEncoder().encode(await this.text()); }
        get body() {
            return this.#text === null ? null : host.notModelled(`${this.constructor.name}.body (a stream)`);
        }
        blob() { return host.notModelled(`${this.constructor.name}.blob`)(); }
        formData() { return host.notModelled(`${this.constructor.name}.formData`)(); }
    }
    const bodyOf = Body.of;
    delete Body.of;

    g.Request = class Request extends Body {
        constructor(input, init = {}) {
            const from = input instanceof Request ? input : null;
            super(init.body ?? (from && bodyOf(from)), init.headers ?? from?.headers);
            this.url = from?.url ?? new g.URL(input, g.location.href).href;
            this.method = String(init.method ?? from?.method ?? 'GET').toUpperCase();
            this.signal = init.signal ?? from?.signal ?? new g.AbortController().signal;
            for (const name of ['cache', 'credentials', 'mode', 'redirect', 'keepalive']) {
                this[name] = init[name] ?? from?.[name];
            }
            const isBodiless = this.method === 'GET' || this.method === 'HEAD';
            if (isBodiless && bodyOf(this) !== null) throw new TypeError('GET and HEAD have no body');
        }
        clone() { return new Request(this); }
    };

    g.Response = class Response extends Body {
        constructor(body = null, {status = 200, statusText = '', headers} = {}) {
            super(body, headers);
            if (status < 200 || status > 599) throw new RangeError(`the status ${status} is not allowed`);
            Object.assign(this, {status, statusText, type: 'default', url: '', redirected: false});
        }
        get ok() { return this.status >= 200 && this.status < 300; }
        clone() {
            if (this.bodyUsed) throw new TypeError('body is already used');
            const copy = new Response(bodyOf(this), this);
            return Object.assign(copy, {type: this.type, url: this.url, redirected: this.redirected});
        }
        static json(value, init = {}) {
            const made = new Response(JSON.stringify(value), init);
            made.headers.set('content-type', 'application/json');
            return made;
        }
        static error() {
            return Object.assign(new Response(null), {type: 'error', status: 0});
        }
    };

    const asked = new Map();
    let last = 0;

    g.fetch = async (input, init) => {
        const request = new g.Request(input, init);
        const {signal, url, method} = request;
        signal.throwIfAborted();
        return new Promise((resolve, reject) => {
            const id = ++last;
            asked.set(id, {resolve, reject, url});
            host.op('fetch', id, url, method, Object.fromEntries(request.headers), bodyOf(request));
            signal.addEventListener('abort', () => {
                if (!asked.delete(id)) return;
                host.op('abortFetch', id);
                reject(signal.reason);
            });
        });
    };
    host.on('response', (id, status, answer) => {
        const request = asked.get(id);
        asked.delete(id);
        if (request === undefined) return;
        host.step(() => {
            if (status < 0) return request.reject(new TypeError('Failed to fetch'));
            const {body = null, statusText = '', headers = {}, url = request.url} = JSON.parse(answer);
            const response = new g.Response(body, {status, statusText, headers});
            return request.resolve(Object.assign(response, {type: 'basic', url}));
        });
    });
}, {window: ['Headers', 'Request', 'Response', 'fetch'], turns: ['response']});
