// WebSocket (WebSockets standard) to a server of the user's: text messages. What the server says is the host's.
'use strict';

oneroomSurface((g, host) => {
    const STATES = {CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3};
    const sockets = new Map();
    let last = 0;

    class WebSocket extends g.EventTarget {
        #id = ++last;
        readyState = STATES.CONNECTING;
        binaryType = 'blob';
        bufferedAmount = 0;
        extensions = '';
        protocol = '';

        constructor(url, protocols = []) {
            super();
            this.url = new g.URL(url, g.location.href).href.replace(/^http/, 'ws');
            if (!/^wss?:/.test(this.url)) throw new g.DOMException(`not a WebSocket URL: ${url}`, 'SyntaxError');
            sockets.set(this.#id, this);
            host.op('openSocket', this.#id, this.url, [protocols].flat().map(String));
        }
        send(data) {
            if (this.readyState === STATES.CONNECTING) {
                throw new g.DOMException('Still in CONNECTING state.', 'InvalidStateError');
            }
            if (typeof data !== 'string') host.notModelled('WebSocket.send of anything but text')();
            if (this.readyState === STATES.OPEN) host.op('sendSocket', this.#id, data);
        }
        close(code = 1005, reason = '') {
            if (code !== 1005 && code !== 1000 && !(code >= 3000 && code <= 4999)) {
                throw new g.DOMException(`the code ${code} is not allowed`, 'InvalidAccessError');
            }
            if (this.readyState >= STATES.CLOSING) return;
            this.readyState = STATES.CLOSING;
            host.op('closeSocket', this.#id, code, String(reason));
        }
    }
    for (const [name, value] of Object.entries(STATES)) {
        for (const one of [WebSocket, WebSocket.prototype]) Object.defineProperty(one, name, {value});
    }
    host.handlers(WebSocket.prototype, ['open', 'message', 'error', 'close']);
    g.WebSocket = WebSocket;

    host.on('socket', (id, what, detail) => {
        const socket = sockets.get(id);
        if (socket === undefined) return;
        if (what === 'open' && socket.readyState === STATES.CONNECTING) {
            socket.readyState = STATES.OPEN;
            Object.assign(socket, JSON.parse(detail || '{}'));
            host.fire(socket, new g.Event('open'));
        } else if (what === 'message' && socket.readyState === STATES.OPEN) {
            const {origin} = new g.URL(socket.url);
            host.fire(socket, new g.MessageEvent('message', {data: JSON.parse(detail), origin}));
        } else if (what === 'error') {
            host.fire(socket, new g.Event('error'));
        } else if (what === 'close') {
            socket.readyState = STATES.CLOSED;
            sockets.delete(id);
            const {code = 1006, reason = '', wasClean = false} = JSON.parse(detail || '{}');
            host.fire(socket, new g.CloseEvent('close', {code, reason, wasClean}));
        }
    });
}, {window: ['WebSocket'], turns: ['socket']});
