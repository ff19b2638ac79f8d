"""The moment at which a limit on the ledger was broken.

Rules: it is looked for only when the whole run has broken the limit, by keeping the ledger once
more. A limit that wants more than there was is broken by the end of the run, and not before.
"""

from __future__ import annotations

from typing import NamedTuple

from oneroom.checks.ledger import Ledger
from oneroom.scenario import Limit
from oneroom.trace.trace import Trace


class Break(NamedTuple):
    """The time of the break, and the record that led to it: the one that was counted, or the one
    with which the time began to run.
    """

    at_us: int
    record: int


def find(trace: Trace, limit: Limit) -> Break:
    """The break of `limit`, which the whole run has broken."""
    end = Break(trace.now_us, len(trace.records) - 1)
    if limit.relation == ">=":
        return end
    ledger = Ledger()
    in_time = limit.ledger.endswith("_ms")
    bound = limit.bound * 1_000 if in_time else limit.bound
    for record in trace.records:
        if type(record) not in ledger.reads:
            continue
        ledger.on(record)
        value, since = ledger.progress(limit.ledger)
        if value > bound:
            past_us = int(value - bound) if in_time else 0
            return Break(record.at_us - past_us, record.n if since < 0 else since)
    return end
