"""A page with the fake livekit-client, and a host that reports what a test says."""

from __future__ import annotations

import json

from oneroom.javascript import modules
from tests.javascript.page_rig import Op, Page

_START = """
const {Room, RoomEvent, ParticipantEvent, ConnectionState, Track} = LivekitClient;
const room = new Room();
const words = {
    connectionStateChanged: state => state,
    disconnected: reason => reason,
    participantConnected: one => one.identity,
    participantDisconnected: one => one.identity,
    activeSpeakersChanged: all => all.map(({identity}) => identity),
    mediaDevicesError: (error, kind) => `${error.name} ${kind}`,
    activeDeviceChanged: (kind, id) => `${kind} ${id}`,
};
const about = publication => publication.source;
for (const name of ['trackPublished', 'trackUnpublished', 'trackMuted', 'trackUnmuted',
                    'localTrackPublished', 'localTrackUnpublished'])
    words[name] = (publication, who) => `${publication.source} of ${who.identity}`;
words.participantActive = words.participantConnected;
words.participantPermissionsChanged = (_, who) => who.identity;
words.trackSubscriptionStatusChanged =
    (publication, status, who) => `${publication.source} of ${who.identity} ${status}`;
words.trackSubscribed = words.trackUnsubscribed =
    (track, publication, who) => `${publication.source} of ${who.identity}`;
for (const event of Object.values(RoomEvent))
    room.on(event, (...all) => say([event, words[event]?.(...all)].filter(x => x !== undefined)
        .join(' ')));
const settle = (what, promise) => promise.then(
    value => say(`${what}: ok`), error => say(`${what}: ${error.name} ${error.reasonName ?? ''}`));
"""

ME = {"identity": "me", "speaking": False, "muted": False, "camera": False, "screen": False}


def person(identity: str, **now: bool) -> dict[str, object]:
    """A participant as the host lists one."""
    return {**ME, "identity": identity, **now}


class LivekitPage(Page):
    """A page with `room`, all of whose events are said."""

    def __init__(self) -> None:
        super().__init__()
        self.engine.evaluate(modules.script("livekit-client"), "livekit-client.js")
        self.run(_START)

    def hear(self, what: str, detail: object = None, epoch: int = 1) -> list[Op]:
        """The host reports something of a Room."""
        return self.turn("room", epoch, what, json.dumps(detail))

    def heard(self, script: str = "") -> list[str]:
        """Run a script; what was said since the last time."""
        if script:
            self.run(script)
        said, self.said = self.said, []
        return said

    def connect(self, *others: dict[str, object]) -> None:
        """Connect, to these people."""
        self.run("settle('connect', room.connect('wss://sfu', 'token'))")
        self.hear("connected", {"identity": "me", "sid": "PA_1", "room": "lobby"})
        self.hear("roster", [ME, *others])
        self.heard()
