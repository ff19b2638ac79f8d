"""Safety check: a session publishes each source once.

Promise: at no record does the SFU have two tracks of one source in one session of the user: others
         would hear the user twice, or see two pictures.
Exempt:  nothing. Two sessions at once are what `single_participant` is for.
Vacuous: the user never published anything.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check, duration_suffix
from oneroom.checks.violation import Violation
from oneroom.trace.records import (
    Presence,
    PresenceChanged,
    Record,
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
    """Follows publications, by session and source.

    `windows` of a violation: the session's. `details`: the source.
    """

    name = "single_publication"
    promise = "a session publishes each source once"
    reads: tuple[type[Record], ...] = (TrackChanged, PresenceChanged)

    def __init__(self) -> None:
        super().__init__()
        self.published: dict[tuple[int, int], int] = {}  # sid and source -> tracks

    def on(self, record: Record) -> None:
        match record:
            case TrackChanged(sid=sid, source=source, state=state):
                if state == TrackState.PUBLISHED or state == TrackState.PUBLISHED_MUTED:
                    self.seen = True
                    count = self.published.get((sid, source), 0) + 1
                    self.published[sid, source] = count
                    if count == 2:
                        self.violate(record, (record.window,), (source,))
                elif state == TrackState.UNPUBLISHED:
                    count = self.published.pop((sid, source), 0) - 1
                    if count > 0:
                        self.published[sid, source] = count
                    if count == 1:
                        self.ceased(record.at_us)
            case PresenceChanged(sid=sid, presence=Presence.LEFT):
                for key in [key for key in self.published if key[0] == sid]:
                    if self.published.pop(key) > 1:
                        self.ceased(record.at_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return (
            f"{names[violation.windows[0]]} publishes its {_NAMES[violation.details[0]]} twice"
            f"{duration_suffix(violation)}"
        )
