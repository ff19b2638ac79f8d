"""Safety check: others hear and see the user once.

Promise: at no record does the SFU have two tracks of one source in one session of the user, nor get
         packets of one source from two sessions of the user at once, in whatever rooms and under
         whatever identities: others would hear the user twice or see two pictures.
Exempt:  across sessions, what sends nothing: a muted track, a session whose packets do not arrive,
         one whose client is gone, for as long as LiveKit needs to notice (`departures`).
Vacuous: the user never published anything.

On a real server nothing tells whether packets arrive: a cut session there counts until it is a
ghost.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, duration_suffix, join_names
from oneroom.checks.departures import Departures
from oneroom.checks.sessions import Sessions, TrackedSession
from oneroom.checks.violation import Violation
from oneroom.trace.records import (
    FaultChanged,
    MediaChanged,
    Presence,
    PresenceChanged,
    Record,
    RoomChanged,
    Settled,
    Source,
    TrackChanged,
    TrackState,
)

_NAMES: dict[int, str] = {
    Source.CAMERA: "camera",
    Source.MICROPHONE: "microphone",
    Source.SCREEN_SHARE: "screen",
}


class SinglePublication(Check):
    """Follows publications, by session and source, and across sessions.

    `windows` of a violation: the session's, or those of all sessions that send the source.
    `details`: the source.
    """

    name = "single_publication"
    promise = "others hear and see the user once"
    reads: tuple[type[Record], ...] = (
        TrackChanged,
        PresenceChanged,
        MediaChanged,
        RoomChanged,
        FaultChanged,
        Settled,
    )

    def __init__(self) -> None:
        super().__init__()
        self.published: dict[tuple[int, int], int] = {}  # sid and source -> tracks
        self.sessions = Sessions()
        self.departures = Departures(self.sessions)
        self.twice: dict[int, bool] = {}  # sources that two sessions send

    def on(self, record: Record) -> None:
        match record:
            case TrackChanged():
                self._count(record)
                self.sessions.track(record)
            case PresenceChanged():
                self.sessions.presence(record)
                self.departures.presence(record)
                if record.presence == Presence.LEFT:
                    self._forget(record)
            case MediaChanged():
                self.sessions.media(record)
            case RoomChanged():
                self.departures.room(record)
            case FaultChanged():
                self.departures.fault(record)
        if len(self.sessions.listed) > 1 or self.twice:
            self._compare(record)

    def _count(self, record: TrackChanged) -> None:
        key = (record.sid, record.source)
        if record.state == TrackState.PUBLISHED or record.state == TrackState.PUBLISHED_MUTED:
            self.seen = True
            count = self.published.get(key, 0) + 1
            self.published[key] = count
            if count == 2:
                self.violate(record, (record.window,), (record.source,))
        elif record.state == TrackState.UNPUBLISHED:
            count = self.published.pop(key, 0) - 1
            if count > 0:
                self.published[key] = count
            if count == 1:
                self.ceased(record.at_us)

    def _forget(self, record: PresenceChanged) -> None:
        for key in [key for key in self.published if key[0] == record.sid]:
            if self.published.pop(key) > 1:
                self.ceased(record.at_us)

    def _compare(self, record: Record) -> None:
        """Compare what the sessions send."""
        gone = self.departures.until_us.keys() - self.departures.overdue(record.at_us)
        live = [
            session
            for sid, session in self.sessions.listed.items()
            if session.active and session.uplink and sid not in gone
        ]
        for source in Source:
            sending = [session.window for session in live if _sends(session, source)]
            if len(sending) < 2:
                if self.twice.pop(source, False):
                    self.ceased(record.at_us)
            elif source not in self.twice:
                self.twice[source] = True
                self.violate(record, tuple(sending), (source,))

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        source = _NAMES[violation.details[0]]
        windows, suffix = violation.windows, duration_suffix(violation)
        if len(windows) == 1:
            return f"{names[windows[0]]} publishes its {source} twice{suffix}"
        same = len(set(windows)) == 1
        who = f"two sessions of {names[windows[0]]}" if same else join_names(windows, names)
        return f"{who} send the user's {source} at once{suffix}"


def _sends(session: TrackedSession, source: Source) -> bool:
    if source == Source.MICROPHONE:
        return session.open
    return session.films if source == Source.CAMERA else session.shares
