// setTimeout, setInterval, animation frames, idle callbacks, microtasks (HTML, timers). When a timer is due, how it is clamped
// and throttled is the host's: `setTimer`, `setInterval` and `clearTimer` tell it, a turn `timer` fires.
'use strict';

oneroomSurface((g, host) => {
    const LONGEST_MS = 0x7fffffff;  // longer delays wrap to 0 in Chromium
    const FRAME_MS = 16;
    const IDLE_MS = 1;
    const timers = new Map();
    let last = 0;

    function add(op, handler, delay, args) {
        const id = ++last;
        let delay_ms = Math.trunc(Number(delay)) || 0;
        if (delay_ms < 0 || delay_ms > LONGEST_MS) delay_ms = 0;
        timers.set(id, {handler, args, repeats: op === 'setInterval'});
        host.op(op, id, delay_ms);
        return id;
    }
    function clear(id) {
        if (timers.delete(Number(id))) host.op('clearTimer', Number(id));
    }
    host.on('timer', (id) => {
        const timer = timers.get(id);
        if (timer === undefined) return;
        if (!timer.repeats) timers.delete(id);
        const {handler, args} = timer;
        host.step(() => {
            if (typeof handler === 'function') host.guard('timer', handler, g, ...args);
            else host.guard('timer', () => g.eval(String(handler)), g);
        });
    });

    g.setTimeout = (handler, delay, ...args) => add('setTimer', handler, delay, args);
    g.setInterval = (handler, delay, ...args) => add('setInterval', handler, delay, args);
    g.clearTimeout = clear;
    g.clearInterval = clear;

    const now = () => g.performance.now();
    g.requestAnimationFrame = (callback) => (
        add('setTimer', () => callback(now()), FRAME_MS, []));
    g.cancelAnimationFrame = clear;
    g.requestIdleCallback = (callback) => (
        add('setTimer', () => callback({didTimeout: false, timeRemaining: () => 10}), IDLE_MS, []));
    g.cancelIdleCallback = clear;

    // By the engine's own `then`: libraries put theirs into its place.
    const {then} = Promise.prototype;
    const resolved = Promise.resolve();
    g.queueMicrotask = (callback) => {
        then.call(resolved, () => host.guard('microtask', callback, undefined));
    };

    // A task of the page itself, after those that it has queued before (messages of a port, requests of a database).
    const tasks = new Map();
    let lastTask = 0;
    host.task = (run) => {
        tasks.set(++lastTask, run);
        host.op('postTask', lastTask);
    };
    host.on('task', (id) => {
        const run = tasks.get(id);
        tasks.delete(id);
        run?.();
    });
});
