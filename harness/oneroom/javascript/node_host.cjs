// The windows of one process on Node: a context of V8 for each, with the surface of oneroom/page in it. A line of JSON comes in,
// `[what, number, …]`, and a line goes out: `o` and the ops of the turn, or `l` and why that window cannot go on. The end of
// standard input is the end of this process.
'use strict';

const vm = require('node:vm');
const inspector = require('node:inspector');

const CALL_MS = Number(process.argv[2]);
const DOOR = 'oneroomDoor';
const enter = new vm.Script(`try { ${DOOR}.result = ${DOOR}.call(...${DOOR}.args); } catch (error) { ${DOOR}.error = error; }`);
const settle = new vm.Script('');
const page = [];
const apps = new Map();
const windows = new Map();
let speaking = null;

// Who debugs takes his time.
const limits = () => (inspector.url() === undefined ? { timeout: CALL_MS } : {});

const place = error => {
  const stack = error !== null && typeof error === 'object' && typeof error.stack === 'string' ? error.stack : '';
  const at = /^([^\n]*):(\d+)\n/.exec(stack); // where a script does not parse, V8 has it in front
  return at === null ? stack : `at ${at[1]}:${at[2]}:1\n${stack}`;
};
const report = (window, during, error) => { window.errors.push(['error', during, String(error), place(error)]); };

// Run one function of the host, and its microtasks.
const run = (window, call, ...args) => {
  const { door } = window;
  Object.assign(door, { call, args, result: 0, error: undefined });
  enter.runInContext(window.context, limits());
  if (door.error !== undefined) report(window, 'task', door.error);
  return door.result;
};

const open = (number, app, nowUs, boot) => {
  const context = vm.createContext({}, { microtaskMode: 'afterEvaluate' });
  for (const script of page) script.runInContext(context);
  const host = vm.runInContext('oneroomHost', context);
  vm.runInContext('delete globalThis.oneroomHost; delete globalThis.oneroomSurface', context);
  const door = vm.runInContext(`const ${DOOR} = {}; ${DOOR}`, context);
  const window = { context, host, door, errors: [] };
  windows.set(number, window);
  speaking = window;
  window.at = run(window, host.open, true, nowUs, boot);
  try {
    for (const [source, filename] of apps.get(app)) new vm.Script(source, { filename }).runInContext(context, limits());
  } catch (error) {
    if (error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    report(window, 'script', error);
    settle.runInContext(context, limits());
  }
  return window;
};

const turn = (number, ...turned) => {
  const window = windows.get(number);
  speaking = window;
  let more = run(window, window.host.turn, window.at, ...turned);
  while (more) more = run(window, window.host.next, window.at);
  return window;
};

const handle = ([what, number, ...rest]) => {
  switch (what) {
    case 'page': page.push(new vm.Script(rest[1], { filename: rest[0] })); return null;
    case 'app': apps.set(number, rest[0]); return null;
    case 'open': return open(number, ...rest);
    case 'turn': return turn(number, ...rest);
    case 'close': windows.delete(number); return null;
    default: throw new Error(`nothing of this host is called ${what}`);
  }
};

const answer = window => {
  const ops = window === null ? null : window.host.take(window.at);
  if (window === null || window.errors.length === 0) return `o${ops ?? ''}`;
  const errors = JSON.stringify(window.errors.splice(0));
  return `o${ops === null ? errors : `${ops.slice(0, -1)},${errors.slice(1)}`}`;
};

const serve = line => {
  let window;
  try {
    window = handle(JSON.parse(line));
  } catch (error) {
    const text = error?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? `ran for more than ${CALL_MS / 1000} s without an end` : String(error?.stack ?? error);
    process.stdout.write(`l${JSON.stringify(text)}\n`);
    return;
  }
  // Node tells of rejections that nobody has heard when the task is over.
  setImmediate(() => { process.stdout.write(`${answer(window)}\n`); });
};

process.on('unhandledRejection', reason => { if (speaking !== null) report(speaking, 'unhandled rejection', reason); });
process.stdout.on('error', () => { process.exit(1); });
process.stdin.on('end', () => { process.exit(0); });
let rest = '';
process.stdin.setEncoding('utf8');
process.stdin.on('data', text => {
  rest += text;
  for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
    const line = rest.slice(0, end);
    rest = rest.slice(end + 1);
    serve(line);
  }
});
