"""A schedule that has not been run yet."""

from __future__ import annotations

import msgspec


class Schedule(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """A schedule, as its departures from the ordinary one: (place on the tape, value) each.

    It is that of a run which was made, up to a draw at `place` in turn `turn` (-1: before the first
    one), or up to the beginning of that turn, where a step or an opening was moved to. New are the
    draws behind `place`, and the states from `turn` on.
    """

    departures: tuple[tuple[int, int], ...]
    place: int
    turn: int


ORDINARY = Schedule((), -1, 0)
