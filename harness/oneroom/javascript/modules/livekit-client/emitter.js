// The EventEmitter of rooms, participants, publications and tracks: listeners run at once, in the order in which they were
// added. An error of one is reported, and the next one runs.
import {host} from './host.js';

export class Emitter {
    #listeners = new Map();

    on(event, listener) { return this.#add(event, {listener, call: listener}); }
    once(event, listener) {
        const once = {listener, call: (...args) => {
            this.off(event, listener);
            return listener(...args);
        }};
        return this.#add(event, once);
    }
    #add(event, entry) {
        this.#listeners.set(event, [...(this.#listeners.get(event) ?? []), entry]);
        return this;
    }
    off(event, listener) {
        const listeners = this.#listeners.get(event) ?? [];
        const at = listeners.findLastIndex((one) => one.listener === listener);
        if (at >= 0) this.#listeners.set(event, listeners.toSpliced(at, 1));
        return this;
    }
    addListener(event, listener) { return this.on(event, listener); }
    removeListener(event, listener) { return this.off(event, listener); }
    prependListener(event, listener) {
        const entry = {listener, call: listener};
        this.#listeners.set(event, [entry, ...(this.#listeners.get(event) ?? [])]);
        return this;
    }
    removeAllListeners(event) {
        if (event === undefined) this.#listeners.clear();
        else this.#listeners.delete(event);
        return this;
    }
    emit(event, ...args) {
        const listeners = this.#listeners.get(event) ?? [];
        for (const {call} of listeners) host.guard(`listener of ${event}`, call, this, ...args);
        return listeners.length > 0;
    }
    listeners(event) { return (this.#listeners.get(event) ?? []).map(({listener}) => listener); }
    listenerCount(event) { return this.listeners(event).length; }
    eventNames() { return [...this.#listeners.keys()]; }
    setMaxListeners() { return this; }
    getMaxListeners() { return Infinity; }
}
