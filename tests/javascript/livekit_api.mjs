// What the real livekit-client exports, as JSON: the kind of each export, and the values of those that are data.
// node livekit_api.mjs PATH-OF-THE-MODULE
globalThis.window = globalThis;
const real = await import(process.argv[2]);
const isData = (value) => typeof value !== 'function' && JSON.stringify(value) !== '{}';
const described = Object.entries(real).map(([name, value]) => (
    [name, {type: typeof value, value: isData(value) ? value : null}]));
console.log(JSON.stringify(Object.fromEntries(described)));
