// BroadcastChannel: a port on the host's bus of that name. Order, delay and loss are the bus's.
'use strict';

oneroomSurface((g, host) => {
    const channels = new Map();
    let last = 0;

    g.BroadcastChannel = class BroadcastChannel extends g.EventTarget {
        #id = ++last;
        #open = true;
        #name;

        constructor(name) {
            super();
            this.#name = String(name);
            channels.set(this.#id, this);
            host.op('openChannel', this.#id, this.#name);
        }
        get name() { return this.#name; }
        postMessage(value) {
            if (!this.#open) throw new g.DOMException('Channel is closed', 'InvalidStateError');
            host.op('post', this.#id, host.serialize(value, {sharedIsNull: true}));
        }
        close() {
            if (!this.#open) return;
            this.#open = false;
            channels.delete(this.#id);
            host.op('closeChannel', this.#id);
        }
    };
    host.handlers(g.BroadcastChannel.prototype, ['message', 'messageerror']);

    host.on('message', (id, text) => {
        const channel = channels.get(id);
        if (channel === undefined) return;
        const {origin} = g.location;
        const data = host.deserialize(text);
        host.fire(channel, new g.MessageEvent('message', {data, origin}));
    });
}, {window: ['BroadcastChannel'], turns: ['message']});
