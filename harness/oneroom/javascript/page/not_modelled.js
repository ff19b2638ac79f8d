// Parts of a browser that are not modelled: they are there, as in a browser, and fail by their name when they are used.
'use strict';

{
    const made = new Map();
    // Members that the language itself asks any object for.
    const SILENT = new Set(['prototype', 'then', 'toJSON', 'constructor']);

    // In a Proxy, so that every use of it fails: a call, a construction, a member.
    function notModelled(name) {
        if (made.has(name)) return made.get(name);
        const fail = (what) => {
            const error = new Error(`\`${what}\` is not modelled: docs/limits`);
            throw Object.defineProperty(error, 'name', {value: 'NotModelledError'});
        };
        const proxy = new Proxy(function () {}, {
            apply: () => fail(name),
            construct: () => fail(name),
            get(target, key) {
                if (key === 'name') return name;
                return typeof key === 'symbol' || SILENT.has(key) ? target[key] : fail(`${name}.${key}`);
            },
            set: (_, key) => fail(`${name}.${String(key)}`),
        });
        made.set(name, proxy);
        return proxy;
    }

    const GLOBALS = [
        'AudioContext', 'Audio', 'Blob', 'CSS', 'CompressionStream', 'DOMParser', 'EventSource', 'File',
        'FileReader', 'FormData', 'Image', 'ImageCapture', 'IntersectionObserver', 'Intl', 'MediaRecorder',
        'MediaSource', 'MutationObserver', 'Notification', 'OffscreenCanvas', 'PerformanceObserver',
        'RTCDataChannel', 'RTCIceCandidate', 'RTCPeerConnection', 'RTCRtpScriptTransform', 'RTCRtpReceiver',
        'RTCRtpSender', 'RTCSessionDescription', 'ReadableStream', 'ResizeObserver', 'SharedWorker',
        'SpeechSynthesisUtterance', 'TransformStream', 'VideoEncoder', 'VideoFrame', 'WebAssembly',
        'WebTransport', 'Worker', 'WritableStream', 'XMLHttpRequest', 'alert', 'caches', 'confirm',
        'cookieStore', 'customElements', 'getComputedStyle', 'launchQueue', 'print', 'prompt',
        'scheduler', 'showOpenFilePicker', 'speechSynthesis', 'webkitAudioContext', 'webkitRTCPeerConnection',
    ];

    oneroomSurface((_, host) => {
        host.notModelled = notModelled;
        host.notModelledIn = (object, path, names) => {
            for (const name of names) object[name] = notModelled(`${path}.${name}`);
        };
    });
    for (const name of GLOBALS) {
        oneroomSurface((g) => {
            Object.defineProperty(g, name, {value: notModelled(name), writable: true, configurable: true});
        }, {window: [name]});
    }
}
