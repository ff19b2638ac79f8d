// navigator: who the browser says it is, and the doors to locks, devices and permissions.
'use strict';

oneroomSurface((g, host) => {
    const ACTIVATION_US = 5_000_000;  // transient activation after a click (HTML; the value is Chromium's)
    let clicked_us = -Infinity;
    host.activate = () => { clicked_us = host.now(); };

    const navigator = {
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
        platform: 'Linux x86_64',
        vendor: 'Google Inc.',
        language: 'en-US',
        languages: ['en-US'],
        hardwareConcurrency: 4,
        maxTouchPoints: 0,
        cookieEnabled: true,
        webdriver: false,
        get onLine() { return host.pageState.online; },
        get locks() { return host.locks; },
        get mediaDevices() { return host.mediaDevices; },
        get permissions() { return host.permissions; },
        userActivation: {
            get isActive() { return host.now() - clicked_us < ACTIVATION_US; },
            get hasBeenActive() { return clicked_us >= 0; },
        },
        sendBeacon(url, body = null) {
            const text = body === null ? null : String(body);
            host.op('beacon', new g.URL(url, g.location.href).href, text);
            return true;
        },
    };
    host.notModelledIn(navigator, 'navigator', [
        'bluetooth', 'clipboard', 'connection', 'credentials', 'geolocation', 'gpu', 'mediaCapabilities',
        'mediaSession', 'serviceWorker', 'share', 'storage', 'usb', 'wakeLock',
    ]);
    Object.defineProperty(g, 'navigator', {value: navigator, configurable: true});
}, {window: ['navigator'], host: ['activate']});
