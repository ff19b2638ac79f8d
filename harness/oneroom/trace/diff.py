"""The first difference between two traces."""

from __future__ import annotations

from typing import NamedTuple

from oneroom.trace.records import Record
from oneroom.trace.trace import Trace


class Divergence(NamedTuple):
    """The first place at which two runs differ; a side is None where that run had already ended."""

    n: int
    left: Record | None
    right: Record | None


def first_divergence(left: Trace, right: Trace) -> Divergence | None:
    """The first divergence, None if the records are equal one by one."""
    shorter = min(len(left.records), len(right.records))
    for n in range(shorter):
        if left.records[n] != right.records[n]:
            return Divergence(n, left.records[n], right.records[n])
    if len(left.records) == len(right.records):
        return None
    rest_left = left.records[shorter] if len(left.records) > shorter else None
    rest_right = right.records[shorter] if len(right.records) > shorter else None
    return Divergence(shorter, rest_left, rest_right)
