// `@tauri-apps/api/event` of Tauri v2, over the host's fake of its event system: every webview gets an event, its emitter too.
const host = globalThis[Symbol.for('oneroom')];
const ANY = 'Any';
// Of the window, not of this module: a script without a bundler may have it twice.
const state = host.hooks.tauri ??= {listeners: new Map(), last: 0, isKnown: false};

host.on('tauri', (text) => {
    const {event, target, payload} = JSON.parse(text);
    for (const [id, one] of state.listeners) {
        const isMeant = target === ANY || one.target === ANY || target === host.boot.name;
        if (one.event !== event || !isMeant) continue;
        host.step(() => {
            if (!state.listeners.has(id)) return;
            host.guard(`listener of ${event}`, one.handler, undefined, {event, id, payload});
        });
    }
});

const labelOf = (target) => {
    if (typeof target === 'string') return target;
    return target === undefined || target.kind === ANY ? ANY : target.label;
};

export async function listen(event, handler, options) {
    if (!state.isKnown) host.op('listenTauri');
    state.isKnown = true;
    const id = ++state.last;
    state.listeners.set(id, {event, handler, target: labelOf(options?.target)});
    return () => { state.listeners.delete(id); };
}
export async function once(event, handler, options) {
    const unlisten = await listen(event, (heard) => {
        unlisten();
        return handler(heard);
    }, options);
    return unlisten;
}
export async function emit(event, payload = null) { await emitTo({kind: ANY}, event, payload); }
export async function emitTo(target, event, payload = null) {
    host.op('emitTauri', JSON.stringify({event, target: labelOf(target), payload}));
}

export const TauriEvent = Object.freeze({
    WINDOW_RESIZED: 'tauri://resize', WINDOW_MOVED: 'tauri://move', WINDOW_CLOSE_REQUESTED: 'tauri://close-requested',
    WINDOW_CREATED: 'tauri://window-created', WINDOW_DESTROYED: 'tauri://destroyed', WINDOW_FOCUS: 'tauri://focus',
    WINDOW_BLUR: 'tauri://blur', WINDOW_SCALE_FACTOR_CHANGED: 'tauri://scale-change',
    WINDOW_THEME_CHANGED: 'tauri://theme-changed', WEBVIEW_CREATED: 'tauri://webview-created',
    DRAG_ENTER: 'tauri://drag-enter', DRAG_OVER: 'tauri://drag-over', DRAG_DROP: 'tauri://drag-drop',
    DRAG_LEAVE: 'tauri://drag-leave',
});
