"""Access tokens for the Room, minted by the application's server."""

from __future__ import annotations

from typing import Protocol


class Tokens(Protocol):
    """Asking is cheap and repeatable; a token says who joins which room until when."""

    def mint(self, epoch: int, channel: str) -> None:
        """Answered by `TokenReady(epoch)`, or by `TokenFailed(epoch)` within 15 s, also without a
        network.
        """
