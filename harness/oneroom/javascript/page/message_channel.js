// MessageChannel and MessagePort within one window: a message is a task of its own (HTML, channel messaging). Ports are not
// transferred to other windows.
'use strict';

oneroomSurface((g, host) => {
    class MessagePort extends g.EventTarget {
        #other = null;
        #waiting = [];
        #started = false;
        #closed = false;

        postMessage(value) {
            const text = host.serialize(value);
            const other = this.#other;
            if (this.#closed || other === null) return;
            if (other.#started) host.task(() => other.#hear(text));
            else other.#waiting.push(text);
        }
        start() {
            if (this.#started) return;
            this.#started = true;
            for (const text of this.#waiting.splice(0)) host.task(() => this.#hear(text));
        }
        close() {
            this.#closed = true;
            this.#other = null;
        }
        #hear(text) {
            if (this.#closed) return;
            host.fire(this, new g.MessageEvent('message', {data: host.deserialize(text)}));
        }
        static pair() {
            const [one, two] = [new MessagePort(), new MessagePort()];
            one.#other = two;
            two.#other = one;
            return [one, two];
        }
    }
    const {pair} = MessagePort;
    delete MessagePort.pair;
    host.handlers(MessagePort.prototype, ['message', 'messageerror']);
    const {get, set} = Object.getOwnPropertyDescriptor(MessagePort.prototype, 'onmessage');
    Object.defineProperty(MessagePort.prototype, 'onmessage', {
        configurable: true,
        enumerable: true,
        get,
        set(handler) {
            set.call(this, handler);
            this.start();
        },
    });

    g.MessagePort = MessagePort;
    g.MessageChannel = class MessageChannel {
        constructor() { [this.port1, this.port2] = pair(); }
    };
}, {window: ['MessagePort', 'MessageChannel']});
