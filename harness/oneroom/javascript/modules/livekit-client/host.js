// The host of the window that has loaded this module.
export const host = globalThis[Symbol.for('oneroom')];

// Members of a class that are there and fail by their name when they are called.
export function refuse(Class, names) {
    for (const name of names) {
        const what = `${Class.name}.${name}`;
        const value = function refused() { return host.notModelled(what)(); };
        Object.defineProperty(Class.prototype, name, {value, writable: true, configurable: true});
    }
}

// A promise, with what settles it.
export function deferred() {
    const made = {};
    made.promise = new Promise((resolve, reject) => Object.assign(made, {resolve, reject}));
    return made;
}
