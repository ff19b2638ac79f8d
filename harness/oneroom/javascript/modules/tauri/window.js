// `@tauri-apps/api/window` and `webviewWindow`: the window itself. Its label is its name in the scenario.
import {emit, emitTo, listen, once} from './event.js';

const host = globalThis[Symbol.for('oneroom')];

const REFUSED = [
    'center', 'destroy', 'innerPosition', 'innerSize', 'maximize', 'minimize', 'onDragDropEvent', 'onMoved', 'onResized',
    'onScaleChanged', 'onThemeChanged', 'outerPosition', 'outerSize', 'requestUserAttention', 'scaleFactor',
    'setAlwaysOnTop', 'setFullscreen', 'setPosition', 'setSize', 'setTitle', 'startDragging', 'theme', 'title',
    'unminimize', 'show', 'hide',
];

export class Window {
    constructor(label) { this.label = label; }
    static getCurrent() { return getCurrentWindow(); }
    static getByLabel(label) { return host.notModelled(`Window.getByLabel of ${label}`)(); }
    listen(event, handler) { return listen(event, handler, {target: this.label}); }
    once(event, handler) { return once(event, handler, {target: this.label}); }
    emit(event, payload) { return emit(event, payload); }
    emitTo(target, event, payload) { return emitTo(target, event, payload); }
    async isFocused() { return document.hasFocus(); }
    async isVisible() { return document.visibilityState === 'visible'; }
    async isMinimized() { return document.visibilityState === 'hidden'; }
    async setFocus() { host.op('focusWindow', null); }
    async close() { host.op('closeWindow', null); }
    async onFocusChanged(handler) {
        const tell = ({type}) => handler({event: `tauri://${type}`, id: 0, payload: type === 'focus'});
        for (const type of ['focus', 'blur']) globalThis.addEventListener(type, tell);
        return () => { for (const type of ['focus', 'blur']) globalThis.removeEventListener(type, tell); };
    }
    async onCloseRequested(handler) {
        const tell = (event) => handler({event: 'tauri://close-requested', id: 0, preventDefault: () => event.preventDefault()});
        globalThis.addEventListener('beforeunload', tell);
        return () => { globalThis.removeEventListener('beforeunload', tell); };
    }
}
for (const name of REFUSED) {
    Window.prototype[name] = function refused() { return host.notModelled(`Window.${name}`)(); };
}

const current = new Window(host.boot.name);
export function getCurrentWindow() { return current; }
export function getAllWindows() { return host.notModelled('getAllWindows')(); }
export const WebviewWindow = Window;
export const getCurrentWebviewWindow = getCurrentWindow;
export const getAllWebviewWindows = getAllWindows;
