"""Compact columns of a JSON document: numbers as differences, texts as places in one table.

Rules: what is stored is a list of integers each, which a page reads into a typed array; equal and
steadily growing values become runs of equal small numbers, which compress well.
"""

from __future__ import annotations

from collections.abc import Iterable


class Texts:
    """The table of texts; each is in it once."""

    def __init__(self) -> None:
        self.all: list[str] = []
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """The place of `text` in the table."""
        place = self._places.get(text)
        if place is None:
            # Bytes that are no text (surrogates) cannot be encoded.
            place = self._places[text] = len(self.all)
            self.all.append(text.encode("utf-8", "replace").decode("utf-8"))
        return place


def differences(values: Iterable[int]) -> list[int]:
    """Each value less the one before it, the first less 0."""
    found: list[int] = []
    before = 0
    for value in values:
        found.append(value - before)
        before = value
    return found


def distances(causes: Iterable[int]) -> list[int]:
    """The distance of each record from its cause, in records; 0 for no cause."""
    return [n - cause if 0 <= cause < n else 0 for n, cause in enumerate(causes)]
