"""LiveKit's webhooks: events that the server sends to the application's server.

Rules: an event is sent in the instant in which it happens, and only if a receiver is set. The real
ones come over HTTP, in order within their room, and are repeated until they are answered (protocol,
url_notifier.go).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from oneroom.core.reasons import Reason


class WebhookEvent(msgspec.Struct, frozen=True):
    """One event, by LiveKit's name. `identity` and `sid` are empty for an event of the room;
    `reason` is UNKNOWN unless a participant has left.
    """

    name: str
    identity: str = ""
    sid: str = ""
    reason: Reason = Reason.UNKNOWN


class Webhooks:
    """The webhooks of one server. `on_event` receives every event; None discards them."""

    def __init__(self) -> None:
        self.on_event: Callable[[WebhookEvent], None] | None = None

    def send(
        self, name: str, identity: str = "", sid: str = "", reason: Reason = Reason.UNKNOWN
    ) -> None:
        """Send the event `name`."""
        if self.on_event is not None:
            self.on_event(WebhookEvent(name, identity, sid, reason))
