"""The bus: messages between the windows of one user."""

from __future__ import annotations

from typing import Protocol

from oneroom.core.messages import Message


class Bus(Protocol):
    """Best-effort broadcast, FIFO per (sender, receiver).

    No history, no acknowledgement, no error when no window listens.
    """

    def post(self, message: Message) -> None:
        """Send to every other window that has the channel open now.

        Returns at once; never raises.
        """
