// A window that can be in a call with the real SDK: steps of its own beside those of page.js.
'use strict';

Object.assign(verbs, {
    async join(url, token) {
        globalThis.room = new LivekitClient.Room();
        for (const event of ['Reconnecting', 'SignalReconnecting', 'Reconnected', 'Disconnected']) {
            room.on(LivekitClient.RoomEvent[event], () => tell(`room ${event}`));
        }
        await room.connect(url, token);
        const publication = await room.localParticipant.setMicrophoneEnabled(true);
        globalThis.microphone = publication.track.mediaStreamTrack;
        tell('in the call');
    },
    async mute(muted) {
        await room.localParticipant.setMicrophoneEnabled(!muted);
        tell(muted ? 'muted' : 'unmuted');
    },
    async leave() {
        await room.disconnect();
        tell('left the call');
    },
    capture: () => tell(`microphone ${microphone.readyState}`),
    heartbeat: (name, every) => setInterval(() => verbs.post(name, 'beat'), every),
});
