"""A run as a log with vector clocks, as ShiViz reads it with the expression that it offers first:
`(?<event>.*)\\n(?<host>\\S*) (?<clock>{.*})`.

A host is a window, the SFU, the bus, the world. An event knows of another host's through the record
that caused it, so what ShiViz draws as messages are messages, effects of steps, and what the SFU
did for a window.
"""

from __future__ import annotations

import json
import re

from oneroom.report import figures
from oneroom.report.describe import Describer
from oneroom.scenario.diagnostic import printable
from oneroom.trace.trace import NO_CAUSE, Trace

_SPACE = re.compile(r"\s")


def render(trace: Trace) -> str:
    """The log, two lines a record."""
    describer = Describer(trace)
    clocks: dict[str, dict[str, int]] = {}
    # the clock of each record that caused one in another place
    causes = {record.cause for record in trace.records}
    kept: dict[int, dict[str, int]] = {}
    lines = []
    for record in trace.records:
        host = _SPACE.sub("_", printable(describer.place(record)))
        clock = clocks.setdefault(host, {})
        if record.cause != NO_CAUSE:
            for other, count in kept[record.cause].items():
                clock[other] = max(clock.get(other, 0), count)
        clock[host] = clock.get(host, 0) + 1
        if record.n in causes:
            kept[record.n] = dict(clock)
        text = printable(describer.describe(record))
        lines.append(f"{figures.exact_timestamp(record.at_us)}: {text}")
        lines.append(f"{host} {json.dumps(clock, ensure_ascii=False)}")
    return "\n".join(lines) + "\n"
