"""Safety check: no Room is opened with a token that has expired.

Promise: no window opens a Room with a token whose expiry has passed. An app can know it: it was
         told how long the token lives, and a sleep through which `performance.now()` stood still
         shows in `Date.now()`.
Exempt:  a server accepts a token for some time after its expiry (LiveKit: 60 s); that excuses
         nothing, because the app must not count on it. Joins and resumes that the SDK begins by
         itself carry the token that the server refreshed, and are no tries of the app.
Vacuous: no window ever opened a Room.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.records import ExpiredTokenTried, Record, RoomChanged, RoomState


class NoExpiredToken(Check):
    """Follows tries with expired tokens, which the fake SFU reports."""

    name = "no_expired_token"
    promise = "no window opens a Room with a token that has expired"
    reads: tuple[type[Record], ...] = (ExpiredTokenTried, RoomChanged)

    def on(self, record: Record) -> None:
        match record:
            case ExpiredTokenTried(where=window):
                self.violate(record, (window,))
            case RoomChanged(state=RoomState.OPENING):
                self.seen = True

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return f"{names[violation.windows[0]]} opened a Room with a token that had expired"
