"""Tokens without one of their protections."""

from __future__ import annotations

from oneroom.core.token import Token


class UsesTokenOnce(Token):
    """Every Room waits for a token of its own."""

    def minted(self, epoch: int, text: str, valid_us: int, now_us: int) -> bool:
        return super().minted(epoch, text, 0, now_us)


class AgesByOneClock(Token):
    """A token stays as young as the window's own clock says, whatever the wall clock shows."""

    def age(self, by_us: int, now_us: int) -> None:
        pass


class TriesExpiredToken(Token):
    """A token is tried however old it is."""

    def _good(self, now_us: int) -> bool:
        return super()._good(now_us) or bool(self._text)
