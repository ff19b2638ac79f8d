"""The outbox: what one turn of a window's machine wants done."""

from __future__ import annotations

from oneroom.core.actions import Action


class Outbox:
    """Where the actions of one turn are collected (a new list for each), and the numbering of this
    window's messages.
    """

    def __init__(self) -> None:
        self.actions: list[Action] = []
        self.seq = 0

    def add(self, action: Action) -> None:
        """Append an action of this turn."""
        self.actions.append(action)

    def next_seq(self) -> int:
        """The `seq` of the next message."""
        self.seq += 1
        return self.seq
