"""Moderation: the records of what the SDK tells a window of it, and the permissions that moderators
have withdrawn.
"""

from __future__ import annotations

from oneroom.core.events import PermissionChanged, RoomEvent, TrackMuted
from oneroom.core.state import Source
from oneroom.trace import people_records
from oneroom.trace.trace import Trace

SOURCES = {
    "microphone": Source.MICROPHONE,
    "camera": Source.CAMERA,
    "screen_share": Source.SCREEN_SHARE,
}
"""Track sources by the names that scenario files use."""


def record_moderation(trace: Trace, window: int, event: RoomEvent) -> None:
    """Record `event` if the SDK of `window` (its interned name) tells by it of a moderator."""
    head = (trace.n, trace.now_us, window, trace.cause)
    if isinstance(event, TrackMuted):
        trace.act_on(people_records.TrackMuted(*head, event.source, event.muted))
    elif isinstance(event, PermissionChanged):
        may = [source in event.sources for source in Source]
        trace.act_on(people_records.PermissionChanged(*head, *may))


class Permissions:
    """Permissions to publish, of each identity. RoomService sets all of them at once."""

    def __init__(self) -> None:
        self._withdrawn: dict[str, set[Source]] = {}

    def set(self, identity: str, source: str, publish: bool) -> tuple[Source, ...]:
        """Grant or withdraw the permission for `source`, or for every source if it is `all`.

        Returns what `identity` may publish now.
        """
        withdrawn = self._withdrawn.setdefault(identity, set())
        named = set(Source) if source == "all" else {SOURCES[source]}
        if publish:
            withdrawn -= named
        else:
            withdrawn |= named
        return tuple(one for one in Source if one not in withdrawn)
