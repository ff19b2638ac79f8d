// Structured clone (HTML, StructuredSerialize): a copy of a value, as text on its way to another window.
//
// Text: JSON. Values that JSON has are themselves; all else is an object with `$`, its kind. Objects are numbered in the order
// in which they are met, and one that is met again is a reference to its number, so cycles and shared parts are kept.
'use strict';

oneroomSurface((g, host) => {
    const ERRORS = new Set([
        'Error', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
    ]);
    const VIEWS = Object.fromEntries([
        Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array,
        Float32Array, Float64Array, BigInt64Array, BigUint64Array, DataView,
    ].map((one) => [one.name, one]));
    const PLATFORM = [g.EventTarget, g.Event, Promise, WeakMap, WeakSet, WeakRef];
    const SharedMemory = globalThis.SharedArrayBuffer;
    const plain = Object.prototype.toString;

    function refuse(what) {
        throw new g.DOMException(`${what} could not be cloned.`, 'DataCloneError');
    }

    class Writer {
        seen = new Map();
        shared = false;  // whether shared memory is part of the value

        write(value) {
            switch (typeof value) {
                case 'string': case 'boolean': return value;
                case 'undefined': return {$: 'undefined'};
                case 'bigint': return {$: 'bigint', of: String(value)};
                case 'number':
                    if (Number.isFinite(value) && !Object.is(value, -0)) return value;
                    return {$: 'number', of: Object.is(value, -0) ? '-0' : String(value)};
                case 'function': return refuse(String(value).slice(0, 60));
                case 'symbol': return refuse(String(value));
                default: return value === null ? null : this.writeObject(value);
            }
        }
        writeObject(value) {
            const known = this.seen.get(value);
            if (known !== undefined) return {$: 'ref', of: known};
            this.seen.set(value, this.seen.size);
            if (Array.isArray(value)) return this.writeArray(value);
            if (value instanceof Error) return this.writeError(value);
            switch (plain.call(value)) {
                case '[object Date]': return {$: 'date', of: this.write(value.getTime())};
                case '[object RegExp]': return {$: 'regexp', of: [value.source, value.flags]};
                case '[object Boolean]': case '[object Number]': case '[object String]':
                    return {$: 'boxed', of: this.write(value.valueOf())};
                default:
            }
            if (value instanceof Map) {
                return {$: 'map', of: [...value].map((pair) => pair.map((one) => this.write(one)))};
            }
            if (value instanceof Set) return {$: 'set', of: [...value].map((one) => this.write(one))};
            if (value instanceof ArrayBuffer) return {$: 'buffer', of: [...new Uint8Array(value)]};
            if (ArrayBuffer.isView(value)) return this.writeView(value);
            if (SharedMemory !== undefined && value instanceof SharedMemory) {
                this.shared = true;
                return null;
            }
            const host = PLATFORM.find((one) => value instanceof one);
            if (host !== undefined) refuse(`${value.constructor?.name ?? host.name} object`);
            return this.writeMembers(value);
        }
        writeArray(value) {
            const keys = Object.keys(value);
            if (keys.length === value.length && keys.every((key, at) => key === String(at))) {
                return value.map((one) => this.write(one));
            }
            const members = keys.map((key) => [key, this.write(value[key])]);
            return {$: 'array', of: [value.length, members]};
        }
        writeError(value) {
            const name = value instanceof g.DOMException ? 'DOMException' : value.name;
            const message = Object.hasOwn(value, 'message') ? String(value.message) : '';
            if (name === 'DOMException') return {$: 'domexception', of: [message, value.name]};
            return {$: 'error', of: [ERRORS.has(name) ? name : 'Error', message]};
        }
        writeView(value) {
            const kind = value.constructor.name in VIEWS ? value.constructor.name
                : plain.call(value).slice(8, -1);
            const length = value instanceof DataView ? value.byteLength : value.length;
            return {$: 'view', of: [kind, this.write(value.buffer), value.byteOffset, length]};
        }
        writeMembers(value) {
            const keys = Object.keys(value);
            if (keys.includes('$') || keys.includes('__proto__')) {
                return {$: 'object', of: keys.map((key) => [key, this.write(value[key])])};
            }
            const copy = {};
            for (const key of keys) copy[key] = this.write(value[key]);
            return copy;
        }
    }

    class Reader {
        objects = [];

        read(value) {
            if (value === null || typeof value !== 'object') return value;
            if (Array.isArray(value)) {
                const copy = this.keep([]);
                for (const one of value) copy.push(this.read(one));
                return copy;
            }
            if (value.$ !== undefined) return this.readKind(value.$, value.of);
            const copy = this.keep({});
            for (const key of Object.keys(value)) copy[key] = this.read(value[key]);
            return copy;
        }
        keep(object) {
            this.objects.push(object);
            return object;
        }
        readKind(kind, of) {
            switch (kind) {
                case 'undefined': return undefined;
                case 'number': return Number(of);
                case 'bigint': return BigInt(of);
                case 'ref': return this.objects[of];
                case 'date': return this.keep(new g.Date(this.read(of)));
                case 'regexp': return this.keep(new RegExp(...of));
                case 'boxed': return this.keep(Object(this.read(of)));
                case 'error': return this.keep(new globalThis[of[0]](of[1]));
                case 'domexception': return this.keep(new g.DOMException(...of));
                case 'buffer': return this.keep(Uint8Array.from(of).buffer);
                case 'view': return this.readView(of);
                default: return this.readCollection(kind, of);
            }
        }
        readView([kind, buffer, start, length]) {
            const at = this.objects.push(null) - 1;
            this.objects[at] = new VIEWS[kind](this.read(buffer), start, length);
            return this.objects[at];
        }
        readCollection(kind, of) {
            if (kind === 'map') {
                const copy = this.keep(new Map());
                for (const [key, one] of of) copy.set(this.read(key), this.read(one));
                return copy;
            }
            if (kind === 'set') {
                const copy = this.keep(new Set());
                for (const one of of) copy.add(this.read(one));
                return copy;
            }
            const copy = this.keep(kind === 'array' ? new Array(of[0]) : {});
            for (const [key, one] of kind === 'array' ? of[1] : of) {
                Object.defineProperty(copy, key, {
                    value: this.read(one), writable: true, enumerable: true, configurable: true,
                });
            }
            return copy;
        }
    }

    // Text of a value for another window. Shared memory makes the whole value null over BroadcastChannel (Chromium 156, seen).
    host.serialize = (value, {sharedIsNull = false} = {}) => {
        const writer = new Writer();
        const written = writer.write(value);
        if (!writer.shared) return JSON.stringify(written);
        return sharedIsNull ? 'null' : refuse('SharedArrayBuffer');
    };
    host.deserialize = (text) => new Reader().read(JSON.parse(text));
    g.structuredClone = (value) => host.deserialize(host.serialize(value));
}, {window: ['structuredClone'], host: ['serialize', 'deserialize']});
