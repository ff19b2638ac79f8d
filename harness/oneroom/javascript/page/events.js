// Event, its subclasses, EventTarget and event handler attributes (DOM standard; HTML, event handlers).
//
// `host.fire` dispatches an event as the browser does: microtasks run between two listeners. `dispatchEvent` of the app runs
// them all at once, as the standard demands of a call from a script. An error in a listener is reported, and the next one runs.
// There is no tree: an event has one target, and neither captures nor bubbles.
'use strict';

{
    const stoppedEvents = new WeakSet();
    const stopped = (event) => stoppedEvents.has(event);

    // By target, then by type, in the order in which they were added. Any object can be a target: the window is one.
    const targets = new WeakMap();
    const NONE = [];
    const listenersOf = (target, type) => targets.get(target)?.get(type) ?? NONE;
    function add(target, type, listener) {
        if (!targets.has(target)) targets.set(target, new Map());
        targets.get(target).set(type, [...listenersOf(target, type), listener]);
    }
    function remove(target, type, callback, capture) {
        const isLeft = (one) => one.callback !== callback || one.capture !== capture;
        targets.get(target)?.set(type, listenersOf(target, type).filter(isLeft));
    }
    const isCapture = (options) => Boolean(typeof options === 'object' ? options?.capture : options);

    // `onmessage` and the like: a listener whose place is that of the first assignment. By target, then by type.
    const handlers = new WeakMap();
    function setHandler(target, type, value) {
        if (!handlers.has(target)) handlers.set(target, new Map());
        const known = handlers.get(target).get(type);
        if (typeof value !== 'function') {
            if (known === undefined) return;
            remove(target, type, known.listener, false);
            handlers.get(target).delete(type);
        } else if (known !== undefined) {
            known.handler = value;
        } else {
            const made = {handler: value, listener: (event) => made.handler.call(target, event)};
            handlers.get(target).set(type, made);
            add(target, type, {callback: made.listener, capture: false, once: false});
        }
    }
    const attributes = new Map();
    function attribute(type) {
        if (!attributes.has(type)) {
            attributes.set(type, {
                configurable: true,
                enumerable: true,
                get() { return handlers.get(this)?.get(type)?.handler ?? null; },
                set(value) { setHandler(this, type, value); },
            });
        }
        return attributes.get(type);
    }

    // Members of a subclass that its constructor takes, with their defaults.
    const SUBCLASSES = {
        CustomEvent: {detail: null},
        MessageEvent: {data: null, origin: '', lastEventId: '', source: null, ports: []},
        StorageEvent: {key: null, oldValue: null, newValue: null, url: '', storageArea: null},
        PageTransitionEvent: {persisted: false},
        BeforeUnloadEvent: {returnValue: ''},
        CloseEvent: {code: 0, reason: '', wasClean: false},
        ErrorEvent: {message: '', filename: '', lineno: 0, colno: 0, error: undefined},
        PromiseRejectionEvent: {promise: undefined, reason: undefined},
        ProgressEvent: {lengthComputable: false, loaded: 0, total: 0},
        UIEvent: {detail: 0, view: null},
        FocusEvent: {relatedTarget: null},
        MouseEvent: {button: 0, clientX: 0, clientY: 0, altKey: false, ctrlKey: false},
        PointerEvent: {pointerId: 0, pointerType: '', button: 0},
        KeyboardEvent: {key: '', code: '', altKey: false, ctrlKey: false, shiftKey: false},
    };
    for (const [name, members] of Object.entries(SUBCLASSES)) {
        oneroomSurface((g) => {
            g[name] = {[name]: class extends g.Event {
                constructor(type, init = {}) {
                    super(type, init);
                    for (const [member, otherwise] of Object.entries(members)) {
                        this[member] = init[member] ?? otherwise;
                    }
                }
            }}[name];
        }, {window: [name]});
    }

    oneroomSurface((g, host) => {
        g.Event = class Event {
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
        };

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
                add(target, type, {callback, capture, once});
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
        host.handlers = (object, types) => {
            for (const type of types) Object.defineProperty(object, `on${type}`, attribute(type));
        };
    });
}
