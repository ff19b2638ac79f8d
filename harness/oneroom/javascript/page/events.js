// Event, its subclasses, EventTarget and event handler attributes (DOM standard; HTML, event handlers).
//
// `host.fire` dispatches an event as the browser does: microtasks run between two listeners. `dispatchEvent` of the app runs
// them all at once, as the standard demands of a call from a script. An error in a listener is reported, and the next one runs.
// There is no tree: an event has one target, and neither captures nor bubbles.
'use strict';

oneroomSurface((g, host) => {
    const stoppedEvents = new WeakSet();
    const stopped = (event) => stoppedEvents.has(event);

    class Event {
        #prevented = false;

        constructor(type, {bubbles = false, cancelable = false, composed = false} = {}) {
            this.type = String(type);
            this.bubbles = bubbles;
            this.cancelable = cancelable;
            this.composed = composed;
            this.timeStamp = host.elapsed();
            this.isTrusted = false;
            this.target = this.currentTarget = null;
            this.eventPhase = 0;
        }
        get defaultPrevented() { return this.#prevented; }
        get srcElement() { return this.target; }
        preventDefault() { if (this.cancelable) this.#prevented = true; }
        stopPropagation() {}
        stopImmediatePropagation() { stoppedEvents.add(this); }
        composedPath() { return this.currentTarget === null ? [] : [this.currentTarget]; }
    }
    g.Event = Event;

    // A subclass whose constructor takes these members, with their defaults.
    function subclass(name, members) {
        g[name] = {[name]: class extends Event {
            constructor(type, init = {}) {
                super(type, init);
                for (const [member, otherwise] of Object.entries(members)) {
                    this[member] = init[member] ?? otherwise;
                }
            }
        }}[name];
    }
    subclass('CustomEvent', {detail: null});
    subclass('MessageEvent', {data: null, origin: '', lastEventId: '', source: null, ports: []});
    subclass('StorageEvent', {
        key: null, oldValue: null, newValue: null, url: '', storageArea: null,
    });
    subclass('PageTransitionEvent', {persisted: false});
    subclass('BeforeUnloadEvent', {returnValue: ''});
    subclass('CloseEvent', {code: 0, reason: '', wasClean: false});
    subclass('ErrorEvent', {message: '', filename: '', lineno: 0, colno: 0, error: undefined});
    subclass('PromiseRejectionEvent', {promise: undefined, reason: undefined});
    subclass('ProgressEvent', {lengthComputable: false, loaded: 0, total: 0});
    subclass('UIEvent', {detail: 0, view: null});
    subclass('FocusEvent', {relatedTarget: null});
    subclass('MouseEvent', {button: 0, clientX: 0, clientY: 0, altKey: false, ctrlKey: false});
    subclass('PointerEvent', {pointerId: 0, pointerType: '', button: 0});
    subclass('KeyboardEvent', {key: '', code: '', altKey: false, ctrlKey: false, shiftKey: false});

    // By target, then by type, in the order in which they were added. Any object can be a target: the window is one.
    const targets = new WeakMap();
    const listenersOf = (target, type) => targets.get(target)?.get(type) ?? [];

    class EventTarget {
        // Called as `addEventListener(…)`, without an object, they are the window's.
        addEventListener(type, callback, options) {
            if (callback === null || callback === undefined) return;
            const target = this ?? g;
            const {once = false, signal} = Object(options);
            const capture = isCapture(options);
            if (signal?.aborted) return;
            const listeners = listenersOf(target, type);
            if (listeners.some((one) => one.callback === callback && one.capture === capture)) return;
            if (!targets.has(target)) targets.set(target, new Map());
            targets.get(target).set(type, [...listeners, {callback, capture, once}]);
            signal?.addEventListener('abort', () => remove(target, type, callback, capture));
        }
        removeEventListener(type, callback, options) {
            remove(this ?? g, type, callback, isCapture(options));
        }
        dispatchEvent(event) {
            for (const run of runs(this ?? g, event)) run();
            return !event.defaultPrevented;
        }
    }
    g.EventTarget = EventTarget;
    for (const name of ['addEventListener', 'removeEventListener', 'dispatchEvent']) {
        g[name] = EventTarget.prototype[name];
    }

    const isCapture = (options) => Boolean(typeof options === 'object' ? options?.capture : options);
    function remove(target, type, callback, capture) {
        const isLeft = (one) => one.callback !== callback || one.capture !== capture;
        targets.get(target)?.set(type, listenersOf(target, type).filter(isLeft));
    }

    // The calls that dispatching an event comes to: one for each listener that there is now, and the end.
    function runs(target, event, whenDone = () => {}) {
        event.target = event.currentTarget = target;
        event.eventPhase = 2;
        const calls = listenersOf(target, event.type).map((one) => () => {
            if (stopped(event) || !listenersOf(target, event.type).includes(one)) return;
            const {callback} = one;
            if (one.once) remove(target, event.type, callback, one.capture);
            if (typeof callback === 'function') host.guard(event.type, callback, target, event);
            else host.guard(event.type, callback.handleEvent, callback, event);
        });
        return [...calls, () => {
            event.currentTarget = null;
            event.eventPhase = 0;
            whenDone(event);
        }];
    }

    host.fire = (target, event, whenDone) => {
        event.isTrusted = true;
        for (const run of runs(target, event, whenDone)) host.step(run);
    };
    host.fireNow = (target, event) => {
        event.isTrusted = true;
        for (const run of runs(target, event)) run();
    };

    // `onmessage` and the like: a listener whose place is that of the first assignment.
    host.handlers = (object, types) => {
        for (const type of types) {
            const handlers = new WeakMap();
            Object.defineProperty(object, `on${type}`, {
                configurable: true,
                enumerable: true,
                get() { return handlers.get(this ?? g)?.handler ?? null; },
                set(value) { setHandler(handlers, this ?? g, type, value); },
            });
        }
    };
    function setHandler(handlers, target, type, value) {
        const known = handlers.get(target);
        if (typeof value !== 'function') {
            if (known === undefined) return;
            remove(target, type, known.listener, false);
            handlers.delete(target);
        } else if (known !== undefined) {
            known.handler = value;
        } else {
            const made = {handler: value, listener: (event) => made.handler.call(target, event)};
            handlers.set(target, made);
            EventTarget.prototype.addEventListener.call(target, type, made.listener);
        }
    }
});
