"""Sends the trace records of a process to the hub."""

from __future__ import annotations

import msgspec

from oneroom.live.process.pipe import Frame, Pipe
from oneroom.trace.trace import NO_CAUSE, Trace


class TraceFeed:
    """Sends new records of `trace`, and new names, as `records` frames.

    Records are removed from the trace once they are sent.
    """

    def __init__(self, trace: Trace, to_hub: Pipe) -> None:
        self._trace = trace
        self._to_hub = to_hub
        self._names_sent = 0

    def flush(self) -> None:
        """Send the records that were not sent yet."""
        trace = self._trace
        if not trace.tail:
            return
        names = trace.names[self._names_sent :]
        self._names_sent = len(trace.names)
        records = msgspec.msgpack.encode(trace.tail)
        self._to_hub.send(Frame(trace.now_us, NO_CAUSE, "records", (names, records)))
        trace.tail.clear()
