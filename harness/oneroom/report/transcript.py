"""A whole run in plain text, a line a record, for runs that cannot be repeated (on a real server).

    5.025 s  SFU: − main: DUPLICATE_IDENTITY

Rules: nothing is left out, nothing is folded.
"""

from __future__ import annotations

from oneroom.report.describe import Describer
from oneroom.trace.records import Record
from oneroom.trace.trace import Trace


def transcript(trace: Trace) -> str:
    """Every record, in order."""
    describer = Describer(trace)
    return "\n".join(line(describer, one) for one in trace.records)


def line(describer: Describer, record: Record) -> str:
    """One record."""
    return f"{record.at_us / 1_000_000:10.3f} s  {describer.sentence(record)}"
