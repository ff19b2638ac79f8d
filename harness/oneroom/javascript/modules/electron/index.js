// `electron` as a renderer sees it: `ipcRenderer`, with a main process that hands what one window sends on to all others, in one
// order for all. There is no other main process: what waits for an answer of it fails by its name.
const host = globalThis[Symbol.for('oneroom')];
const listeners = new Map();  // by channel, in the order in which they were added
let process = null;

// The way to the main process, from the first use on.
function main() {
    if (process === null) {
        process = new BroadcastChannel('electron main process');
        process.onmessage = ({data: {channel, args}}) => {
            for (const {call} of [...(listeners.get(channel) ?? [])]) {
                host.guard(`listener of ${channel}`, call, ipcRenderer, {sender: ipcRenderer, senderId: 0}, ...args);
            }
        };
    }
    return process;
}

function add(channel, listener, call) {
    main();
    listeners.set(channel, [...(listeners.get(channel) ?? []), {listener, call}]);
    return ipcRenderer;
}
export const ipcRenderer = {
    on: (channel, listener) => add(channel, listener, listener),
    once: (channel, listener) => add(channel, listener, (...all) => {
        ipcRenderer.off(channel, listener);
        return listener(...all);
    }),
    off(channel, listener) {
        listeners.set(channel, (listeners.get(channel) ?? []).filter((one) => one.listener !== listener));
        return ipcRenderer;
    },
    addListener: (channel, listener) => ipcRenderer.on(channel, listener),
    removeListener: (channel, listener) => ipcRenderer.off(channel, listener),
    removeAllListeners(channel) {
        if (channel === undefined) listeners.clear();
        else listeners.delete(channel);
        return ipcRenderer;
    },
    send(channel, ...args) { main().postMessage({channel, args}); },
    async invoke(channel) { return host.notModelled(`ipcRenderer.invoke of "${channel}"`)(); },
    sendSync: host.notModelled('ipcRenderer.sendSync'),
    sendToHost: host.notModelled('ipcRenderer.sendToHost'),
    postMessage: host.notModelled('ipcRenderer.postMessage'),
};
export const contextBridge = {
    exposeInMainWorld(name, api) { globalThis[name] = api; },
};
export const webFrame = host.notModelled('electron webFrame');
export const shell = host.notModelled('electron shell');
