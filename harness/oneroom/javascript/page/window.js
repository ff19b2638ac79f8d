// The window itself: its names, its location, windows that it opens, messages between them, errors that nobody catches.
'use strict';

oneroomSurface((g, host) => {
    const {boot} = host;
    host.handlers(g, [
        'storage', 'pagehide', 'pageshow', 'beforeunload', 'unload', 'focus', 'blur', 'online', 'offline', 'load',
        'unhandledrejection', 'rejectionhandled', 'message', 'messageerror',
    ]);

    const url = new g.URL(boot.url ?? 'https://app.example/');
    const navigate = (to) => host.op('navigate', new g.URL(to, url.href).href);
    g.location = {
        get href() { return url.href; },
        set href(to) { navigate(to); },
        get origin() { return url.origin; },
        get protocol() { return url.protocol; },
        get host() { return url.host; },
        get hostname() { return url.hostname; },
        get port() { return url.port; },
        get pathname() { return url.pathname; },
        get search() { return url.search; },
        get hash() { return url.hash; },
        set hash(to) { url.hash = to; },
        assign: navigate,
        replace: navigate,
        reload: () => host.op('navigate', 'reload'),
        toString: () => url.href,
    };
    const moved = (state, _, to) => {
        g.history.state = state;
        if (to !== undefined && to !== null) url.href = new g.URL(to, url.href).href;
    };
    g.history = {state: null, length: 1, scrollRestoration: 'auto', pushState: moved, replaceState: moved};
    host.notModelledIn(g.history, 'history', ['back', 'forward', 'go']);

    Object.assign(g, {
        name: boot.target ?? '',
        origin: url.origin,
        isSecureContext: true,
        crossOriginIsolated: Boolean(boot.isolated),
        closed: false,
        innerWidth: 1280,
        innerHeight: 720,
        devicePixelRatio: 1,
        screen: {width: 1920, height: 1080, availWidth: 1920, availHeight: 1080},
        scrollTo() {},
        getSelection: () => null,
        matchMedia: (media) => Object.assign(new g.EventTarget(), {
            media, matches: false, addListener() {}, removeListener() {},
        }),
    });
    for (const name of ['window', 'self', 'top', 'parent', 'frames', 'globalThis']) {
        Object.defineProperty(g, name, {value: g, writable: true, configurable: true});
    }

    // Other windows: all that can be done to one from here.
    const others = new Map();
    let opened = 0;
    const proxyOf = (number) => {
        if (!others.has(number)) {
            others.set(number, {
                closed: false,
                postMessage(value, target) {
                    if (target === undefined) throw new TypeError('postMessage() needs a target origin');
                    const origin = typeof target === 'object' ? target.targetOrigin ?? '/' : target;
                    if (origin !== '*' && origin !== '/' && origin !== g.origin) return;
                    host.op('postToWindow', number, host.serialize(value));
                },
                close() { host.op('closeWindow', number); },
                focus() { host.op('focusWindow', number); },
            });
            host.notModelledIn(others.get(number), 'WindowProxy', ['document', 'location', 'localStorage']);
        }
        return others.get(number);
    };
    // Numbers of windows that this one has opened are above 0; its opener is 0.
    g.opener = boot.opener ? proxyOf(0) : null;
    g.open = (to = '', target = '', features = '') => {
        const number = ++opened;
        host.op('openWindow', number, new g.URL(to, url.href).href, String(target), String(features));
        return /\bnoopener\b|\bnoreferrer\b/.test(features) ? null : proxyOf(number);
    };
    g.close = () => { host.op('closeWindow', null); };
    g.focus = () => { host.op('focusWindow', null); };
    g.postMessage = (value) => {
        const text = host.serialize(value);
        host.task(() => heard(text, g));
    };
    const heard = (text, source) => {
        const data = host.deserialize(text);
        host.fire(g, new g.MessageEvent('message', {data, source, origin: g.origin}));
    };
    host.on('windowMessage', (number, text) => heard(text, proxyOf(number)));
    host.on('windowClosed', (number) => { proxyOf(number).closed = true; });

    g.reportError = (error) => host.fail('reportError', error);
});
