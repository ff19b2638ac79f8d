// URL and URLSearchParams (URL standard): what apps build requests with. Hosts are taken as they are (no IDNA, no IPv4 forms).
'use strict';

oneroomSurface((g) => {
    const PARTS = /^([a-z][a-z0-9+.-]*:)(?:\/\/(?:([^/?#@]*)@)?([^/?#:]*)(?::(\d*))?)?([^?#]*)(\?[^#]*)?(#.*)?$/i;
    const PORTS = {'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443', 'ftp:': '21'};

    const encode = (text) => encodeURIComponent(text).replace(/%20/g, '+')
        .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
    const decode = (text) => {
        try {
            return decodeURIComponent(text.replace(/\+/g, ' '));
        } catch {
            return text;
        }
    };

    class URLSearchParams {
        #pairs = [];
        #changed = () => {};

        constructor(init = '') {
            if (typeof init === 'object' && init !== null) {
                const pairs = Symbol.iterator in init ? init : Object.entries(init);
                this.#pairs = Array.from(pairs, ([key, value]) => [String(key), String(value)]);
            } else this.#parse(String(init));
        }
        #parse(text) {
            const parts = text.replace(/^\?/, '').split('&').filter(Boolean);
            this.#pairs = parts.map((part) => {
                const at = part.indexOf('=');
                return at < 0 ? [decode(part), ''] : [decode(part.slice(0, at)), decode(part.slice(at + 1))];
            });
        }
        static of(text, changed) {
            const made = new URLSearchParams(text);
            made.#changed = () => changed(made.toString());
            return made;
        }
        get size() { return this.#pairs.length; }
        get(key) { return this.#pairs.find(([one]) => one === String(key))?.[1] ?? null; }
        getAll(key) { return this.#pairs.filter(([one]) => one === String(key)).map(([, value]) => value); }
        has(key) { return this.#pairs.some(([one]) => one === String(key)); }
        append(key, value) {
            this.#pairs.push([String(key), String(value)]);
            this.#changed();
        }
        set(key, value) {
            const at = this.#pairs.findIndex(([one]) => one === String(key));
            if (at < 0) return this.append(key, value);
            this.#pairs[at][1] = String(value);
            this.#pairs = this.#pairs.filter(([one], place) => place <= at || one !== String(key));
            return this.#changed();
        }
        delete(key) {
            this.#pairs = this.#pairs.filter(([one]) => one !== String(key));
            this.#changed();
        }
        sort() {
            this.#pairs.sort(([one], [two]) => (one < two ? -1 : Number(one > two)));
            this.#changed();
        }
        forEach(callback, self) { for (const [key, value] of this) callback.call(self, value, key, this); }
        keys() { return this.#pairs.map(([key]) => key)[Symbol.iterator](); }
        values() { return this.#pairs.map(([, value]) => value)[Symbol.iterator](); }
        entries() { return this[Symbol.iterator](); }
        [Symbol.iterator]() { return this.#pairs.map((pair) => [...pair])[Symbol.iterator](); }
        toString() { return this.#pairs.map((pair) => pair.map(encode).join('=')).join('&'); }
    }
    const paramsOf = URLSearchParams.of;
    delete URLSearchParams.of;
    g.URLSearchParams = URLSearchParams;

    function absolute(text, base) {
        if (/^[a-z][a-z0-9+.-]*:/i.test(text)) return text;
        if (base === undefined) throw new TypeError(`Invalid URL: ${text}`);
        const {protocol, host, pathname, search} = new g.URL(base);
        if (text.startsWith('//')) return protocol + text;
        const origin = `${protocol}//${host}`;
        if (text.startsWith('/')) return origin + text;
        if (text === '' || text.startsWith('#')) return origin + pathname + search + text;
        if (text.startsWith('?')) return origin + pathname + text;
        return origin + pathname.replace(/[^/]*$/, '') + text;
    }
    function withoutDots(path) {
        const out = [];
        const parts = path.split('/').slice(1);
        for (const [at, part] of parts.entries()) {
            const isLast = at === parts.length - 1;
            if (part === '..') out.pop();
            if (part !== '.' && part !== '..') out.push(part);
            else if (isLast) out.push('');
        }
        return `/${out.join('/')}`;
    }
    const quoted = (text) => text.replace(/[^\x21-\x7e]|["<>`{}]/gu, (one) => encodeURIComponent(one));

    g.URL = class URL {
        #query;

        constructor(url, base) { this.#set(absolute(String(url).trim(), base)); }
        #set(text) {
            const match = PARTS.exec(text);
            const protocol = match?.[1].toLowerCase();
            if (!match || (protocol in PORTS && !match[3])) throw new TypeError(`Invalid URL: ${text}`);
            const [, , user = '', host = '', port = '', path, search = '', hash = ''] = match;
            this.protocol = protocol;
            [this.username, this.password = ''] = user.split(':');
            this.hostname = host.toLowerCase();
            this.port = port === PORTS[protocol] ? '' : port;
            this.pathname = protocol in PORTS ? withoutDots(quoted(path || '/')) : path;
            this.hash = hash === '#' ? '' : quoted(hash);
            this.search = search;
        }
        get search() { return this.#query === '' ? '' : `?${this.#query}`; }
        set search(text) {
            this.#query = quoted(String(text).replace(/^\?/, ''));
            this.searchParams = paramsOf(this.#query, (query) => { this.#query = query; });
        }
        get host() { return this.hostname + (this.port && `:${this.port}`); }
        get origin() { return this.protocol in PORTS ? `${this.protocol}//${this.host}` : 'null'; }
        get href() {
            const user = this.username && `${this.username}${this.password && `:${this.password}`}@`;
            const start = this.protocol in PORTS || this.host ? `${this.protocol}//${user}${this.host}`
                : this.protocol;
            return start + this.pathname + this.search + this.hash;
        }
        set href(text) { this.#set(String(text)); }
        toString() { return this.href; }
        toJSON() { return this.href; }
        static canParse(url, base) { return URL.parse(url, base) !== null; }
        static parse(url, base) {
            try {
                return new URL(url, base);
            } catch {
                return null;
            }
        }
    };
}, {window: ['URL', 'URLSearchParams']});
