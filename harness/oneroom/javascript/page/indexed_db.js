// indexedDB (Indexed Database API 3.0): databases, object stores, indexes, cursors and transactions, as far as `idb` and counters
// need them. Which transaction runs when is the host's, for all windows: a turn `transaction` brings what its stores have, the op
// `commitTransaction` what it has changed, `transactionDone` its end. Requests run one after the other, each a task of the page.
'use strict';

oneroomSurface((g, host) => {
    const running = new Map();
    let last = 0;

    const error = (message, name) => new g.DOMException(message, name);
    const fail = (message, name) => { throw error(message, name); };

    // Keys, in the order of the standard: numbers, dates, strings, binary, arrays. As text they are unique.
    const RANK = {number: 1, date: 2, string: 3, array: 5};
    function kindOf(key) {
        if (typeof key === 'number' && !Number.isNaN(key)) return 'number';
        if (typeof key === 'string') return 'string';
        if (Object.prototype.toString.call(key) === '[object Date]') return 'date';
        if (Array.isArray(key) && key.every((one) => kindOf(one))) return 'array';
        return undefined;
    }
    const checked = (key) => (kindOf(key) ? key : fail('The key is not valid.', 'DataError'));
    function compare(one, two) {
        const [mine, theirs] = [kindOf(checked(one)), kindOf(checked(two))];
        if (mine !== theirs) return RANK[mine] < RANK[theirs] ? -1 : 1;
        if (mine === 'array') {
            for (let at = 0; at < Math.min(one.length, two.length); at++) {
                const order = compare(one[at], two[at]);
                if (order !== 0) return order;
            }
            return Math.sign(one.length - two.length);
        }
        if (Number(one) === Number(two) && mine === 'date') return 0;
        return one < two ? -1 : Number(one > two);
    }
    const valueAt = (value, path) => (
        path.split('.').reduce((part, name) => (part === undefined ? part : part?.[name]), value));
    function keyAt(value, path) {
        return Array.isArray(path) ? path.map((one) => valueAt(value, one)) : valueAt(value, path);
    }

    class IDBKeyRange {
        constructor(lower, upper, lowerOpen = false, upperOpen = false) {
            Object.assign(this, {lower, upper, lowerOpen, upperOpen});
        }
        includes(key) {
            const low = this.lower === undefined ? 1 : compare(key, this.lower);
            const high = this.upper === undefined ? -1 : compare(key, this.upper);
            return (low > 0 || (low === 0 && !this.lowerOpen)) && (high < 0 || (high === 0 && !this.upperOpen));
        }
        static only(key) { return new IDBKeyRange(checked(key), key); }
        static lowerBound(key, open) { return new IDBKeyRange(checked(key), undefined, open); }
        static upperBound(key, open) { return new IDBKeyRange(undefined, checked(key), false, open); }
        static bound(lower, upper, lowerOpen, upperOpen) {
            if (compare(lower, upper) > 0) fail('The lower key is greater than the upper key.', 'DataError');
            return new IDBKeyRange(lower, upper, lowerOpen, upperOpen);
        }
    }
    const ALL = new IDBKeyRange();
    const rangeOf = (query) => {
        if (query === undefined || query === null) return ALL;
        return query instanceof IDBKeyRange ? query : IDBKeyRange.only(query);
    };

    class DOMStringList extends Array {
        contains(name) { return this.includes(name); }
        item(at) { return this[at] ?? null; }
    }
    const listOf = (names) => DOMStringList.from([...names].sort());

    class IDBRequest extends g.EventTarget {
        readyState = 'pending';
        source = null;
        transaction = null;
        #result;
        #error = null;
        get result() {
            if (this.readyState === 'pending') fail('The request has not finished.', 'InvalidStateError');
            return this.#result;
        }
        get error() {
            if (this.readyState === 'pending') fail('The request has not finished.', 'InvalidStateError');
            return this.#error;
        }
        settle(result, problem = null) {
            this.readyState = 'done';
            [this.#result, this.#error] = [result, problem];
        }
    }
    host.handlers(IDBRequest.prototype, ['success', 'error']);
    class IDBOpenDBRequest extends IDBRequest {}
    host.handlers(IDBOpenDBRequest.prototype, ['upgradeneeded', 'blocked']);
    class IDBVersionChangeEvent extends g.Event {
        constructor(type, {oldVersion = 0, newVersion = null} = {}) {
            super(type);
            Object.assign(this, {oldVersion, newVersion});
        }
    }

    // The row of a store that has the last number of its key generator; no key has this text.
    const GENERATOR = '';
    // One store as a transaction sees it: the texts of its values, by the texts of their keys.
    class Records {
        constructor(rows) { this.rows = new Map(rows.map(([text, value]) => [text, value])); }
        entries(range) {
            return [...this.rows].filter(([text]) => text !== GENERATOR)
                .map(([text, value]) => [host.deserialize(text), value])
                .filter(([key]) => range.includes(key)).sort(([one], [two]) => compare(one, two));
        }
    }

    class IDBTransaction extends g.EventTarget {
        #id = ++last;
        #requests = [];
        #state = 'waits';  // waits, runs, commits, over
        error = null;
        constructor(db, names, mode, isUpgrade = false) {
            super();
            Object.assign(this, {db, mode, durability: 'default', isUpgrade, changes: []});
            this.objectStoreNames = listOf(names);
            running.set(this.#id, this);
            host.op('beginTransaction', this.#id, db.name, isUpgrade ? null : [...names], mode);
        }
        objectStore(name) {
            if (this.#state === 'over') fail('The transaction has finished.', 'InvalidStateError');
            if (!this.objectStoreNames.contains(name)) fail(`no object store ${name}`, 'NotFoundError');
            return new IDBObjectStore(this, name);
        }
        ask(source, run) {
            if (this.#state === 'commits' || this.#state === 'over') {
                fail('The transaction has finished.', 'TransactionInactiveError');
            }
            const request = Object.assign(new IDBRequest(), {source, transaction: this});
            this.again(request, run);
            return request;
        }
        // A cursor's request runs again with each step of it.
        again(request, run) {
            request.readyState = 'pending';
            this.#requests.push([request, run]);
            if (this.#state === 'runs' && this.#requests.length === 1) host.task(() => this.runNext());
        }
        begin({records}) {
            this.#state = 'runs';
            // A store that nothing was ever put into is not among the records.
            this.stores = new Map([...this.objectStoreNames].map((name) => [name, new Records(records[name] ?? [])]));
            this.runNext();
        }
        runNext() {
            if (this.#state !== 'runs') return;
            const [next] = this.#requests;
            if (next === undefined) {
                this.commit();
                return;
            }
            const [request, run] = next;
            let event = new g.Event('success');
            try {
                request.settle(run());
            } catch (problem) {
                request.settle(undefined, problem);
                event = new g.Event('error', {bubbles: true, cancelable: true});
            }
            host.fire(request, event, () => this.#answered(request, event));
            // After the microtasks of the last listener: what they have asked for belongs to it.
            host.step(() => {
                if (this.#state !== 'runs') return;
                this.#requests.shift();
                if (this.#requests.length) host.task(() => this.runNext());
                else this.commit();
            });
        }
        #answered(request, event) {
            if (event.type === 'error' && !event.defaultPrevented) this.#abort(request.error);
        }
        commit() {
            if (this.#state === 'commits' || this.#state === 'over') return;
            this.#state = 'commits';
            const {version, schema} = this.db;
            const upgrade = this.isUpgrade ? {version, schema: JSON.stringify(schema)} : {};
            host.op('commitTransaction', this.#id, JSON.stringify({...upgrade, changes: this.changes}));
        }
        abort() { this.#abort(null); }
        #abort(problem) {
            if (this.#state === 'commits' || this.#state === 'over') {
                fail('The transaction has finished.', 'InvalidStateError');
            }
            this.#state = 'over';
            this.error = problem;
            running.delete(this.#id);
            host.op('abortTransaction', this.#id);
            for (const [request] of this.#requests) {
                if (request.readyState === 'done') continue;
                request.settle(undefined, error('The transaction was aborted.', 'AbortError'));
                host.task(() => host.fire(request, new g.Event('error', {bubbles: true})));
            }
            host.task(() => host.fire(this, new g.Event('abort', {bubbles: true})));
        }
        done() {
            this.#state = 'over';
            running.delete(this.#id);
            host.fire(this, new g.Event('complete'));
        }
    }
    host.handlers(IDBTransaction.prototype, ['complete', 'abort', 'error']);

    // What reads of a store and of an index have in common. `rows(range)`: [key, primary key, text of the value], sorted.
    class Source {
        get(query) { return this.ask(() => this.first(query, ([, , value]) => host.deserialize(value))); }
        getKey(query) { return this.ask(() => this.first(query, ([, primaryKey]) => primaryKey)); }
        getAll(query, count) { return this.all(query, count, ([, , value]) => host.deserialize(value)); }
        getAllKeys(query, count) { return this.all(query, count, ([, primaryKey]) => primaryKey); }
        count(query) { return this.ask(() => this.rows(rangeOf(query)).length); }
        openCursor(query, direction) { return this.open(query, direction, IDBCursorWithValue); }
        openKeyCursor(query, direction) { return this.open(query, direction, IDBCursor); }
        ask(run) { return this.transaction.ask(this, run); }
        first(query, read) {
            const [row] = this.rows(rangeOf(query));
            return row === undefined ? undefined : read(row);
        }
        all(query, count = Infinity, read = undefined) {
            return this.ask(() => this.rows(rangeOf(query)).slice(0, count || Infinity).map(read));
        }
        open(query, direction = 'next', Class = IDBCursor) {
            const range = rangeOf(query);
            const cursor = new Class(this, range, direction);
            cursor.request = this.ask(() => cursor.advanced());
            return cursor.request;
        }
    }

    class IDBCursor {
        #passed = null;  // the row where it stands
        constructor(source, range, direction) { Object.assign(this, {source, range, direction}); }
        get key() { return this.#passed?.[0]; }
        get primaryKey() { return this.#passed?.[1]; }
        get row() { return this.#passed; }
        advanced(count = 1, isFar = () => true) {
            const isBack = this.direction.startsWith('prev');
            const order = (one, two) => (compare(one[0], two[0]) || compare(one[1], two[1])) * (isBack ? -1 : 1);
            const rows = this.source.rows(this.range);
            if (isBack) rows.reverse();
            const isBeyond = (row) => this.#passed === null || order(row, this.#passed) > 0;
            this.#passed = rows.filter((row) => isBeyond(row) && isFar(row))[count - 1] ?? null;
            return this.#passed === null ? null : this;
        }
        continue(key) {
            const isFar = (row) => key === undefined || compare(row[0], key) >= 0;
            this.source.transaction.again(this.request, () => this.advanced(1, isFar));
        }
        advance(count) { this.source.transaction.again(this.request, () => this.advanced(count)); }
        update(value) { return this.store.put(value, this.store.keyPath === null ? this.primaryKey : undefined); }
        delete() { return this.store.delete(this.primaryKey); }
        get store() { return this.source instanceof IDBIndex ? this.source.objectStore : this.source; }
    }
    class IDBCursorWithValue extends IDBCursor {
        get value() { return host.deserialize(this.row[2]); }
    }

    class IDBObjectStore extends Source {
        constructor(transaction, name) {
            super();
            Object.assign(this, {transaction, name});
        }
        get schema() { return this.transaction.db.schema[this.name]; }
        get keyPath() { return this.schema.keyPath; }
        get autoIncrement() { return this.schema.autoIncrement; }
        get indexNames() { return listOf(Object.keys(this.schema.indexes)); }
        get records() { return this.transaction.stores.get(this.name); }
        rows(range) { return this.records.entries(range).map(([key, value]) => [key, key, value]); }
        add(value, key) { return this.#store(value, key, true); }
        put(value, key) { return this.#store(value, key, false); }
        #store(value, key, isNew) {
            this.#mustWrite();
            const copy = g.structuredClone(value);
            const {keyPath, autoIncrement} = this;
            if (keyPath !== null && key !== undefined) fail('The store has keys of its own.', 'DataError');
            const given = keyPath === null ? key : keyAt(copy, keyPath);
            if (given === undefined && !autoIncrement) fail('There is no key.', 'DataError');
            if (given !== undefined) checked(given);
            return this.ask(() => this.#stored(copy, given, isNew));
        }
        #stored(value, given, isNew) {
            const key = given ?? this.#nextKey();
            if (this.autoIncrement && typeof key === 'number' && key > this.#lastKey) {
                this.#change(GENERATOR, JSON.stringify(Math.floor(key)));
            }
            if (given === undefined && this.keyPath !== null) value[this.keyPath] = key;
            const text = host.serialize(key);
            if (isNew && this.records.rows.has(text)) fail('The key is there already.', 'ConstraintError');
            for (const name of this.indexNames) this.index(name).check(value, text);
            this.#change(text, host.serialize(value));
            return key;
        }
        // The key generator: above every number that the store has had.
        get #lastKey() { return JSON.parse(this.records.rows.get(GENERATOR) ?? '0'); }
        #nextKey() {
            const next = this.#lastKey + 1;
            this.#change(GENERATOR, JSON.stringify(next));
            return next;
        }
        #change(text, value) {
            if (value === null) this.records.rows.delete(text);
            else this.records.rows.set(text, value);
            this.transaction.changes.push([this.name, text, value]);
        }
        delete(query) {
            this.#mustWrite();
            const range = rangeOf(query);
            return this.ask(() => {
                for (const [key] of this.records.entries(range)) this.#change(host.serialize(key), null);
            });
        }
        clear() { return this.delete(); }
        index(name) {
            if (!this.schema.indexes[name]) fail(`no index ${name}`, 'NotFoundError');
            return new IDBIndex(this, name);
        }
        createIndex(name, keyPath, {unique = false, multiEntry = false} = {}) {
            if (multiEntry) host.notModelled('IDBObjectStore.createIndex of multiEntry')();
            this.schema.indexes[name] = {keyPath, unique};
            return this.index(name);
        }
        deleteIndex(name) { delete this.schema.indexes[name]; }
        #mustWrite() {
            if (this.transaction.mode === 'readonly') fail('The transaction is read-only.', 'ReadOnlyError');
        }
    }
    class IDBIndex extends Source {
        constructor(objectStore, name) {
            super();
            Object.assign(this, {objectStore, name, multiEntry: false}, objectStore.schema.indexes[name]);
        }
        get transaction() { return this.objectStore.transaction; }
        rows(range) {
            return this.objectStore.rows(ALL)
                .map(([, primaryKey, value]) => [keyAt(host.deserialize(value), this.keyPath), primaryKey, value])
                .filter(([key]) => kindOf(key) && range.includes(key))
                .sort((one, two) => compare(one[0], two[0]) || compare(one[1], two[1]));
        }
        check(value, text) {
            const key = keyAt(value, this.keyPath);
            if (!this.unique || !kindOf(key)) return;
            const isTaken = ([, primaryKey]) => host.serialize(primaryKey) !== text;
            if (this.rows(IDBKeyRange.only(key)).some(isTaken)) fail('The index is unique.', 'ConstraintError');
        }
    }

    class IDBDatabase extends g.EventTarget {
        #closed = false;
        upgrade = null;
        constructor(name) {
            super();
            Object.assign(this, {name, version: 0, schema: {}});
        }
        get objectStoreNames() { return listOf(Object.keys(this.schema)); }
        createObjectStore(name, {keyPath = null, autoIncrement = false} = {}) {
            this.#mustUpgrade();
            if (this.schema[name]) fail(`the object store ${name} is there already`, 'ConstraintError');
            this.schema[name] = {keyPath, autoIncrement, indexes: {}};
            this.upgrade.objectStoreNames = this.objectStoreNames;
            return this.upgrade.objectStore(name);
        }
        deleteObjectStore(name) {
            this.#mustUpgrade();
            if (!this.schema[name]) fail(`no object store ${name}`, 'NotFoundError');
            delete this.schema[name];
            this.upgrade.changes.push([name, null, null]);
            this.upgrade.objectStoreNames = this.objectStoreNames;
        }
        #mustUpgrade() {
            if (this.upgrade === null) fail('Only an upgrade may do that.', 'InvalidStateError');
        }
        transaction(names, mode = 'readonly') {
            if (this.#closed) fail('The database connection is closing.', 'InvalidStateError');
            const scope = [names].flat();
            for (const name of scope) if (!this.schema[name]) fail(`no object store ${name}`, 'NotFoundError');
            if (!scope.length) fail('A transaction needs a store.', 'InvalidAccessError');
            return new IDBTransaction(this, scope, mode);
        }
        close() { this.#closed = true; }
    }
    host.handlers(IDBDatabase.prototype, ['versionchange', 'close', 'abort', 'error']);

    class IDBFactory {
        open(name, version) {
            if (version !== undefined && !(version >= 1)) throw new TypeError('The version must be 1 or more.');
            const request = new IDBOpenDBRequest();
            const db = new IDBDatabase(String(name));
            const transaction = new IDBTransaction(db, [], 'versionchange', true);
            const begin = transaction.begin.bind(transaction);
            transaction.begin = (snapshot) => opened(request, db, transaction, begin, version, snapshot);
            return request;
        }
        cmp(one, two) { return compare(one, two); }
        async databases() { return host.notModelled('indexedDB.databases')(); }
        deleteDatabase() { return host.notModelled('indexedDB.deleteDatabase')(); }
    }

    function opened(request, db, transaction, begin, version, snapshot) {
        const {version: oldVersion, schema} = snapshot;
        const newVersion = version ?? Math.max(oldVersion, 1);
        Object.assign(db, {schema: JSON.parse(schema), version: newVersion});
        transaction.objectStoreNames = db.objectStoreNames;
        const finish = (problem) => {
            db.upgrade = null;
            request.transaction = null;
            request.settle(problem ? undefined : db, problem);
            host.fire(request, new g.Event(problem ? 'error' : 'success', {bubbles: Boolean(problem)}));
        };
        if (newVersion < oldVersion) {
            transaction.abort();
            finish(error(`the version is ${oldVersion} already`, 'VersionError'));
            return;
        }
        transaction.addEventListener('complete', () => host.task(() => finish(null)));
        transaction.addEventListener('abort', () => finish(error('The upgrade was aborted.', 'AbortError')));
        if (newVersion === oldVersion) {
            begin(snapshot);
            return;
        }
        db.upgrade = transaction;
        request.transaction = transaction;
        request.settle(db);
        host.fire(request, new IDBVersionChangeEvent('upgradeneeded', {oldVersion, newVersion}));
        host.step(() => begin(snapshot));
    }

    Object.assign(g, {
        IDBKeyRange, IDBRequest, IDBOpenDBRequest, IDBVersionChangeEvent, IDBTransaction, IDBCursor,
        IDBCursorWithValue, IDBObjectStore, IDBIndex, IDBDatabase, IDBFactory,
    });
    Object.defineProperty(g, 'indexedDB', {value: new IDBFactory(), writable: true, configurable: true});

    host.on('transaction', (id, snapshot) => running.get(id)?.begin(JSON.parse(snapshot)));
    host.on('transactionDone', (id) => running.get(id)?.done());
}, {
    window: [
        'IDBCursor', 'IDBCursorWithValue', 'IDBDatabase', 'IDBFactory', 'IDBIndex', 'IDBKeyRange', 'IDBObjectStore',
        'IDBOpenDBRequest', 'IDBRequest', 'IDBTransaction', 'IDBVersionChangeEvent', 'indexedDB',
    ],
    turns: ['transaction', 'transactionDone'],
});
