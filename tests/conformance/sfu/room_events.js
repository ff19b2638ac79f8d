// A page that tells the events of its Room, in order: the same script with livekit-client in Chromium and with the fake in a
// simulated window. Whoever loads it defines `hear(line)`.
'use strict';

const { Room, RoomEvent } = LivekitClient;
const room = new Room();
// Who is only there to see what a case does.
const WITNESS = 'witness';

const person = (one) => one.identity;
const ofPublication = (publication, who) => `${publication.source} of ${who.identity}`;
const ofTrack = (track, publication, who) => `${publication.source} of ${who.identity}`;
// What an event is about. Those that are not here come when they come: who speaks, the quality of a connection, devices.
const EVENTS = {
    Connected: () => '',
    SignalConnected: () => '',
    Reconnecting: () => '',
    SignalReconnecting: () => '',
    Reconnected: () => '',
    Disconnected: (reason) => reason,
    ConnectionStateChanged: (state) => state,
    ParticipantConnected: person,
    ParticipantActive: person,
    ParticipantDisconnected: person,
    ParticipantPermissionsChanged: (before, who) => who.identity,
    TrackPublished: ofPublication,
    TrackUnpublished: ofPublication,
    TrackMuted: ofPublication,
    TrackUnmuted: ofPublication,
    LocalTrackPublished: ofPublication,
    LocalTrackUnpublished: ofPublication,
    TrackSubscribed: ofTrack,
    TrackUnsubscribed: ofTrack,
    TrackSubscriptionStatusChanged: (publication, status, who) => `${publication.source} of ${who.identity} ${status}`,
};
for (const [name, about] of Object.entries(EVENTS)) {
    room.on(RoomEvent[name], (...all) => {
        const line = `${RoomEvent[name]} ${about(...all)}`.trim();
        if (!line.includes(WITNESS)) {
            hear(line);
        }
    });
}
const settled = (what, promise) =>
    promise.then(
        () => hear(`${what}: ok`),
        (error) => hear(`${what}: ${error.name}`),
    );

// What a case has the page do.
const acts = {
    join: (url, token) => settled('connect', room.connect(url, token)),
    leave: () => settled('disconnect', room.disconnect()),
    microphone: (on) => settled('microphone', room.localParticipant.setMicrophoneEnabled(on)),
    camera: (on) => settled('camera', room.localParticipant.setCameraEnabled(on)),
    reconnectFully: () => void room.simulateScenario('full-reconnect'),
};
