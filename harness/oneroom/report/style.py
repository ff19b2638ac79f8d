"""Appearance of text: colours for a terminal that wants them, and the width of a line.

Rules: colour adds nothing that the text does not say; `NO_COLOR` and `FORCE_COLOR` are obeyed
(no-color.org, force-color.org), and without either only a terminal gets colour. Text for a file or
a pipe has the full width.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO

WIDTH = 120
# A narrower terminal breaks the lines itself.
_NARROWEST = 40


class Style:
    """Paints text, or leaves it as it is. `width` is the number of columns of a line; one of a
    terminal narrower than WIDTH folds what else stays on its line.
    """

    def __init__(self, colour: bool, width: int = WIDTH) -> None:
        self.colour = colour
        self.width = width

    @property
    def folds(self) -> bool:
        """True for a terminal that is narrower than the full width."""
        return self.width < WIDTH

    def bad(self, text: str) -> str:
        """Paint something that broke."""
        return self._paint("31;1", text)

    def good(self, text: str) -> str:
        """Paint something that held."""
        return self._paint("32", text)

    def odd(self, text: str) -> str:
        """Paint something that could not be judged, or that leads to what broke."""
        return self._paint("33", text)

    def strong(self, text: str) -> str:
        """Paint names and headers."""
        return self._paint("1", text)

    def faint(self, text: str) -> str:
        """Paint text that may be skipped."""
        return self._paint("2", text)

    def _paint(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text


PLAIN = Style(colour=False)


def style_for(stream: TextIO, environment: Mapping[str, str]) -> Style:
    """The style for writing to `stream`."""
    width = max(_NARROWEST, min(WIDTH, columns_of(stream)))
    if environment.get("NO_COLOR"):
        return Style(colour=False, width=width)
    if environment.get("FORCE_COLOR"):
        return Style(colour=True, width=width)
    return Style(colour=stream.isatty() and environment.get("TERM") != "dumb", width=width)


def columns_of(stream: TextIO) -> int:
    """The width of the terminal behind `stream`; WIDTH if there is none, or it does not say."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except (OSError, ValueError):
        return WIDTH
