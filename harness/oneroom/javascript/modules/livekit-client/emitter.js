// The EventEmitter of rooms, participants, publications and tracks: listeners run at once, in the order in which they were
// added. An error of one is reported, and the next one runs.
import {host} from './host.js';

/** @typedef {(...about: any[]) => void} Listener */

export class Emitter {
    #listeners = new Map();

    on(/** @type {string} */ event, /** @type {Listener} */ listener) {
        return this.#add(event, {listener, call: listener});
    }
    once(/** @type {string} */ event, /** @type {Listener} */ listener) {
        return this.#add(event, this.#onlyOnce(event, listener));
    }
    #onlyOnce(event, listener) {
        return {listener, call: (...args) => {
            this.off(event, listener);
            return listener(...args);
        }};
    }
    #add(event, entry) {
        this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), entry]);
        return this;
    }
    off(/** @type {string} */ event, /** @type {Listener} */ listener) {
        const listeners = this.#listeners.get(event) ?? [];
        const at = listeners.findLastIndex((one) => one.listener === listener);
        if (at >= 0) this.#listeners.set(event, listeners.toSpliced(at, 1));
        return this;
    }
    addListener(/** @type {string} */ event, /** @type {Listener} */ listener) { return this.on(event, listener); }
    removeListener(/** @type {string} */ event, /** @type {Listener} */ listener) { return this.off(event, listener); }
    prependListener(/** @type {string} */ event, /** @type {Listener} */ listener) {
        return this.#addFirst(event, {listener, call: listener});
    }
    prependOnceListener(/** @type {string} */ event, /** @type {Listener} */ listener) {
        return this.#addFirst(event, this.#onlyOnce(event, listener));
    }
    #addFirst(event, entry) {
        this.#listeners.set(event, [entry, ...(this.#listeners.get(event) ?? [])]);
        return this;
    }
    removeAllListeners(/** @type {string | undefined} */ event = undefined) {
        if (event === undefined) this.#listeners.clear();
        else this.#listeners.delete(event);
        return this;
    }
    emit(/** @type {string} */ event, ...args) {
        const listeners = this.#listeners.get(event) ?? [];
        for (const {call} of listeners) host.guard(`listener of ${event}`, call, this, ...args);
        return listeners.length > 0;
    }
    listeners(/** @type {string} */ event) { return (this.#listeners.get(event) ?? []).map(({listener}) => listener); }
    // As `listeners`, with what `once` has wrapped around them.
    rawListeners(/** @type {string} */ event) { return (this.#listeners.get(event) ?? []).map(({call}) => call); }
    listenerCount(/** @type {string} */ event) { return this.listeners(event).length; }
    eventNames() { return [...this.#listeners.keys()]; }
    setMaxListeners() { return this; }
    getMaxListeners() { return Infinity; }
}
