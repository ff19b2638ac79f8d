// `@tauri-apps/api/core`: there is no Rust process, so no command is known.
const host = globalThis[Symbol.for('oneroom')];

export const isTauri = () => true;
export async function invoke(command) { return host.notModelled(`invoke of "${command}"`)(); }
export const Channel = host.notModelled('Channel');
export const Resource = host.notModelled('Resource');
export const convertFileSrc = host.notModelled('convertFileSrc');
export const transformCallback = host.notModelled('transformCallback');
