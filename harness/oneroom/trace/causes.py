"""The walk backwards along the causes of a record."""

from __future__ import annotations

from oneroom.trace.records import Record, StepTaken
from oneroom.trace.trace import Trace


def causes(trace: Trace, n: int) -> list[Record]:
    """The causes of record `n`, oldest first, record `n` itself last.

    A cause always has a smaller number, so the walk ends; at the latest at a step, which only the
    scenario causes, even if another step was taken in the same instant.
    """
    records = trace.records
    found = [records[n]]
    while 0 <= found[-1].cause < found[-1].n and not isinstance(found[-1], StepTaken):
        found.append(records[found[-1].cause])
    found.reverse()
    return found
