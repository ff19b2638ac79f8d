"""Colour, for a terminal that wants it.

Rules: colour adds nothing that the text does not say; `NO_COLOR` and `FORCE_COLOR` are obeyed (no-color.org,
force-color.org), and without either only a terminal gets colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TextIO


class Style:
    """Paints text, or leaves it as it is."""

    def __init__(self, colour: bool) -> None:
        self.colour = colour

    def bad(self, text: str) -> str:
        """What broke."""
        return self._paint("31;1", text)

    def good(self, text: str) -> str:
        """What held."""
        return self._paint("32", text)

    def odd(self, text: str) -> str:
        """What could not be judged, or leads to what broke."""
        return self._paint("33", text)

    def strong(self, text: str) -> str:
        """Names and headers."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """What may be skipped."""
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style(colour=False)


def style_for(stream: TextIO, environment: Mapping[str, str]) -> Style:
    """The style that `stream` should be written in."""
    if environment.get("NO_COLOR"):
        return PLAIN
    if environment.get("FORCE_COLOR"):
        return Style(colour=True)
    return Style(colour=stream.isatty() and environment.get("TERM") != "dumb")
