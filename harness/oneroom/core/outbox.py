"""The outbox: what one turn of a window's machine wants done."""

from __future__ import annotations

from oneroom.core.actions import Action


class Outbox:
    """Collects the actions of one turn (a new list for each) and numbers messages and requests.

    `seq` numbers this window's messages; requests are those to the lock manager and the counter of
    terms.
    """

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.seq = 0
        self.requests = 0

    def add(self, action: Action) -> None:
        """Append an action of this turn."""
        self.actions.append(action)

    def next_seq(self) -> int:
        """The `seq` of the next message."""
        self.seq += 1
        return self.seq

    def next_request(self) -> int:
        """The `number` of the next request, which its reply carries back; from 1."""
        self.requests += 1
        return self.requests
