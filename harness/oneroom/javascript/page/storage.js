// localStorage and sessionStorage (HTML, Web storage). The page reads a replica of its process: `replica` turns bring what other
// processes have written before the turn in which it is seen, `storage` turns are the events. Quota: Chromium's 5 Mi units.
'use strict';

oneroomSurface((g, host) => {
    const QUOTA_UNITS = 5 * 1024 * 1024;
    const FEW_UNITS = 1024;  // too short to count the whole area for

    class Storage {
        #items;
        #tell;
        constructor(items, tell) {
            this.#items = items;
            this.#tell = tell;
        }
        get length() { return this.#items.size; }
        key(at) { return [...this.#items.keys()][at] ?? null; }
        getItem(key) { return this.#items.get(String(key)) ?? null; }
        setItem(key, value) {
            [key, value] = [`${key}`, `${value}`];  // throws for a Symbol, as Web IDL does
            if (key.length + value.length > FEW_UNITS) this.#checkQuota(key, value);
            if (this.#items.get(key) === value) return;
            this.#items.set(key, value);
            this.#tell(key, value);
        }
        removeItem(key) {
            if (this.#items.delete(String(key))) this.#tell(String(key), null);
        }
        clear() {
            if (!this.#items.size) return;
            this.#items.clear();
            this.#tell(null, null);
        }
        #checkQuota(key, value) {
            let units = key.length + value.length;
            for (const [other, one] of this.#items) if (other !== key) units += other.length + one.length;
            if (units <= QUOTA_UNITS) return;
            const message = `Setting the value of '${key}' exceeded the quota.`;
            throw new g.DOMException(message, 'QuotaExceededError');
        }
    }
    g.Storage = Storage;

    // `localStorage.name` and `localStorage['name']` are items, too.
    function withItemsAsProperties(storage) {
        const isItem = (key) => typeof key === 'string' && !(key in Storage.prototype);
        const item = (value) => ({value, enumerable: true, configurable: true, writable: true});
        return new Proxy(storage, {
            get(target, key) {
                if (isItem(key)) return target.getItem(key) ?? undefined;
                const member = target[key];
                return typeof member === 'function' && key !== 'constructor' ? member.bind(target) : member;
            },
            set(target, key, value) {
                target.setItem(key, value);
                return true;
            },
            deleteProperty(target, key) {
                target.removeItem(key);
                return true;
            },
            has: (target, key) => key in Storage.prototype || target.getItem(key) !== null,
            ownKeys: (target) => Array.from({length: target.length}, (_, at) => target.key(at)),
            getOwnPropertyDescriptor(target, key) {
                const value = isItem(key) ? target.getItem(key) : null;
                return value === null ? undefined : item(value);
            },
        });
    }

    const local = new Map(Object.entries(host.boot.local));
    const session = new Map(Object.entries(host.boot.session));
    const setLocal = (key, value) => host.op('setItem', key, value);
    const setSession = (key, value) => host.op('setSessionItem', key, value);
    g.localStorage = withItemsAsProperties(new Storage(local, setLocal));
    g.sessionStorage = withItemsAsProperties(new Storage(session, setSession));

    host.on('replica', (changes) => {
        for (const [key, value] of JSON.parse(changes)) {
            if (key === null) local.clear();
            else if (value === null) local.delete(key);
            else local.set(key, value);
        }
    });
    host.on('storage', (key, oldValue, newValue) => {
        const [storageArea, url] = [g.localStorage, g.location.href];
        host.fire(g, new g.StorageEvent('storage', {key, oldValue, newValue, storageArea, url}));
    });
}, {window: ['Storage', 'localStorage', 'sessionStorage'], turns: ['replica', 'storage']});
