"""Access tokens for the Room, minted by the application's server."""

from __future__ import annotations

from typing import Protocol


class Tokens(Protocol):
    """The token endpoint, cheap and repeatable to ask.

    A token says who joins which room until when.
    """

    def mint(self, epoch: int, channel: str) -> None:
        """Ask for a token: answered by `TokenReady(epoch)`, or by `TokenFailed(epoch)` within 15 s.

        The time-out holds without a network, too.
        """
