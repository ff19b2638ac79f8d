"""What the server tells the application's server: LiveKit's webhooks.

Rules: an event goes out in the instant in which it happens, and to nobody unless somebody has
asked. The real ones come over HTTP, in the order of their room, and again when nobody answers
(protocol, url_notifier.go).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from oneroom.core.reasons import Reason


class Notice(msgspec.Struct, frozen=True):
    """One event, by LiveKit's name. `identity` and `sid` are empty for what is told of the room;
    `reason` is UNKNOWN except for who has left.
    """

    name: str
    identity: str = ""
    sid: str = ""
    reason: Reason = Reason.UNKNOWN


class Webhooks:
    """Where the events of one server go."""

    def __init__(self) -> None:
        self.hear: Callable[[Notice], None] | None = None

    def send(
        self, name: str, identity: str = "", sid: str = "", reason: Reason = Reason.UNKNOWN
    ) -> None:
        """Something has happened."""
        if self.hear is not None:
            self.hear(Notice(name, identity, sid, reason))
