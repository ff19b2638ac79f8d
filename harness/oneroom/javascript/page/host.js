// The host of the windows of one engine, sans-IO: a turn goes in, ops come out, nothing here calls
// anybody. A listener is a step of its own: between two steps the engine runs its microtasks.
(() => {
  'use strict';
  const { Promise, JSON, String, Object, Map } = globalThis;
  const then = Promise.prototype.then;
  const HOST = Symbol.for('oneroom');
  const windows = [];
  const eager = [];
  // Parts by what is read of a window or of its host, or by the kind of a turn.
  const lazy = { window: new Map(), host: new Map(), turns: new Map() };

  const install = (part, host) => {
    if (host.installed.has(part)) return;
    host.installed.add(part);
    part(host.window, host);
  };
  // The object from which windows or hosts inherit: names that install a part when they are read.
  const withParts = (shell, parts, ownerOf) => {
    for (const [name, part] of parts) {
      Object.defineProperty(shell, name, {
        configurable: true,
        get() {
          const host = this[HOST];
          install(part, host);
          return Object.getOwnPropertyDescriptor(ownerOf(host), name)?.value;
        },
        set(value) {
          Object.defineProperty(this, name, { value, writable: true, enumerable: true, configurable: true });
        },
      });
    }
    return shell;
  };
  let hostShell;
  let windowShell;
  // The engine's global object itself, if it is a window's.
  const makeShells = isolated => {
    hostShell = withParts({}, lazy.host, host => host);
    const shell = isolated ? globalThis : Object.create(globalThis);
    windowShell = withParts(shell, lazy.window, host => host.window);
  };

  const createWindow = (isolated, nowUs, boot) => {
    if (windowShell === undefined) makeShells(isolated);
    const g = isolated ? globalThis : Object.create(windowShell);
    let ops = [];
    let now = nowUs;
    let turns = 0;
    const steps = [];
    const handlers = new Map();
    const host = {
      __proto__: hostShell,
      boot: JSON.parse(boot),
      hooks: Object.create(null),
      window: g,
      installed: new Set(),
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
    host[HOST] = host;
    Object.defineProperty(g, HOST, { value: host, configurable: true });
    for (const part of eager) install(part, host);
    const next = () => {
      const step = steps.shift();
      if (step !== undefined) step();
      return steps.length;
    };
    const turn = (kind, nowUs, a, b, c) => {
      if (!handlers.has(kind) && lazy.turns.has(kind)) install(lazy.turns.get(kind), host);
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
    return { g, turn, next, take };
  };

  // A part of what a window has: of every one; or, since few use all, of those that read one of its
  // names, of the window or of the host, or that hear of a turn of its kinds.
  globalThis.oneroomSurface = (part, needed) => {
    if (needed === undefined) eager.push(part);
    for (const [where, names] of Object.entries(needed ?? {})) {
      for (const name of names) lazy[where].set(name, part);
    }
  };
  globalThis.oneroomHost = {
    // A window on a global object of its own, or on the engine's.
    open: (isolated, nowUs, boot) => {
      const number = windows.indexOf(null);
      const at = number < 0 ? windows.length : number;
      windows[at] = createWindow(isolated, nowUs, boot);
      return at;
    },
    close: number => { windows[number] = null; },
    turn: (number, kind, nowUs, a, b, c) => windows[number].turn(kind, nowUs, a, b, c),
    next: number => windows[number].next(),
    take: number => windows[number].take(),
    // The names that a window's global object has, for a function that has them as parameters.
    names: boot => {
      const { g } = createWindow(false, 0, boot);
      const names = new Set([...Object.getOwnPropertyNames(g), ...lazy.window.keys()]);
      return [...names].filter(name => /^[A-Za-z_$][\w$]*$/.test(name)).join();
    },
    run: (number, names, script) => {
      const { g } = windows[number];
      script.apply(g, names.split(',').map(name => g[name]));
    },
  };
})();
