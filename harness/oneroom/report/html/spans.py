"""Spans: what a lane of the failure page is from one record to another.

Rules: a lane has tracks, a track is in one state at a time or in none. A span begins with a record
and ends with one, or lasts (`LASTS`) to the end of the run.
"""

from __future__ import annotations

import msgspec

LASTS = -1


class Span(msgspec.Struct):
    """A state of a track. `begin` and `end` are numbers of records, `style` names its looks."""

    lane: int
    track: str
    style: str
    begin: int
    end: int = LASTS
    label: str = ""


class Spans:
    """All spans of a run, in the order in which they begin."""

    def __init__(self) -> None:
        self.all: list[Span] = []
        self._open: dict[tuple[int, str], Span] = {}

    def put(self, lane: int, track: str, style: str, n: int, label: str = "") -> None:
        """With record `n` the track comes into this state; "" for none."""
        before = self._open.get((lane, track))
        if before is not None and (before.style, before.label) == (style, label):
            return
        self.end(lane, track, n)
        if style:
            span = self._open[lane, track] = Span(lane, track, style, n, label=label)
            self.all.append(span)

    def end(self, lane: int, track: str, n: int) -> None:
        """With record `n` the track is in no state."""
        before = self._open.pop((lane, track), None)
        if before is not None:
            before.end = n

    def end_lane(self, lane: int, n: int, keep: tuple[str, ...] = ()) -> None:
        """With record `n` no track of the lane but those to `keep` is in a state."""
        for of_lane, track in list(self._open):
            if of_lane == lane and track not in keep:
                self.end(lane, track, n)

    def label(self, lane: int, track: str) -> str:
        """The label of the track's state, "" for none."""
        now = self._open.get((lane, track))
        return "" if now is None else now.label

    def style(self, lane: int, track: str) -> str:
        """The looks of the track's state, "" for none."""
        now = self._open.get((lane, track))
        return "" if now is None else now.style


class Slots:
    """Tracks side by side, `0`, `1` …, for whatever is there at the same time."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: dict[str, int] = {}

    def take(self, name: str) -> str:
        """The track of `name`: its own as long as it is there, else the first that is free."""
        slot = self._taken.get(name)
        if slot is None:
            used = set(self._taken.values())
            free = (slot for slot in range(self._most) if slot not in used)
            slot = self._taken[name] = next(free, self._most - 1)
        return str(slot)

    def free(self, name: str) -> str:
        """The track that `name` had, which is free from now on; "" if it had none."""
        slot = self._taken.pop(name, None)
        return "" if slot is None else str(slot)
