// The host of the windows of one engine, sans-IO: a turn goes in, ops come out, nothing here calls
// anybody. A listener is a step of its own: between two steps the engine runs its microtasks.
(() => {
  'use strict';
  const { Promise, JSON, String, Object, Map } = globalThis;
  const then = Promise.prototype.then;
  const surfaces = [];
  const windows = [];

  const createWindow = (g, nowUs, boot) => {
    let ops = [];
    let now = nowUs;
    let turns = 0;
    const steps = [];
    const handlers = new Map();
    const host = {
      boot: JSON.parse(boot),
      hooks: Object.create(null),
      now: () => now,
      turns: () => turns,
      // The task goes on for so long without an end: the clock moves, and the host is told.
      busy: ms => {
        const last = ops.at(-1);
        if (last !== undefined && last[0] === 'busy') last[1] += ms;
        else ops.push(['busy', ms]);
        now += ms * 1000;
      },
      op: (...op) => { ops.push(op); },
      on: (kind, handler) => { handlers.set(kind, handler); },
      step: step => { steps.push(step); },
      fail: (what, error) => {
        const isError = error !== null && typeof error === 'object' && typeof error.stack === 'string';
        host.op('error', what, String(error), isError ? error.stack : '');
      },
      // The promise of an async listener: a rejection of it is told by the listener's name.
      watch: (what, result) => {
        if (result !== null && typeof result === 'object' && typeof result.then === 'function') {
          then.call(Promise.resolve(result), undefined, error => host.fail(what, error));
        }
        return result;
      },
      guard: (what, listener, self, ...args) => {
        try {
          host.watch(what, listener.apply(self, args));
        } catch (error) {
          host.fail(what, error);
        }
      },
    };
    const next = () => {
      const step = steps.shift();
      if (step !== undefined) step();
      return steps.length;
    };
    const turn = (kind, nowUs, a, b, c) => {
      const handler = handlers.get(kind);
      if (handler === undefined) throw new Error(`the surface has no turn of kind ${kind}`);
      now = nowUs;
      turns += 1;
      handler(a, b, c);
      return next();
    };
    const take = () => {
      if (ops.length === 0) return null;
      const text = JSON.stringify(ops);
      ops = [];
      return text;
    };
    for (const install of surfaces) install(g, host);
    Object.defineProperty(g, Symbol.for('oneroom'), { value: host, configurable: true });
    return { g, turn, next, take };
  };

  globalThis.oneroomSurface = install => { surfaces.push(install); };
  globalThis.oneroomHost = {
    // A window on a global object of its own, or on the engine's.
    open: (isolated, nowUs, boot) => {
      const number = windows.indexOf(null);
      const at = number < 0 ? windows.length : number;
      windows[at] = createWindow(isolated ? globalThis : Object.create(globalThis), nowUs, boot);
      return at;
    },
    close: number => { windows[number] = null; },
    turn: (number, kind, nowUs, a, b, c) => windows[number].turn(kind, nowUs, a, b, c),
    next: number => windows[number].next(),
    take: number => windows[number].take(),
    // The names that a window's global object has, for a function that has them as parameters.
    names: boot => {
      const { g } = createWindow(Object.create(globalThis), 0, boot);
      return Object.getOwnPropertyNames(g).filter(name => /^[A-Za-z_$][\w$]*$/.test(name)).join();
    },
    run: (number, names, script) => {
      const { g } = windows[number];
      script.apply(g, names.split(',').map(name => g[name]));
    },
  };
})();
