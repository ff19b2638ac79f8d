// RTCPeerConnection for the kit's page on the fakes: two of one window connect to each other. The simulator has none of its own.
'use strict';

globalThis.RTCPeerConnection = class RTCPeerConnection {
    connectionState = 'new';
    localDescription = null;
    #described = 0;

    createDataChannel() {}
    addTransceiver() {}
    async addIceCandidate() {}
    async setLocalDescription() {
        this.localDescription = {type: this.#described ? 'answer' : 'offer'};
        this.#describe();
    }
    async setRemoteDescription() { this.#describe(); }
    #describe() {
        if (++this.#described < 2) return;
        const host = globalThis[Symbol.for('oneroom')];
        host.actions.set('peer connected', () => {
            this.connectionState = 'connected';
            this.onconnectionstatechange?.();
        });
        host.op('call');
    }
};
