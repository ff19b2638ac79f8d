"""The records of one process on their way to the hub."""

from __future__ import annotations

import msgspec

from oneroom.live.process.pipe import Frame, Pipe
from oneroom.trace.trace import NO_CAUSE, Trace


class TraceFeed:
    """Sends what is appended to `trace`, and the names that are new, as frames `records`. What is
    sent is kept here no longer.
    """

    def __init__(self, trace: Trace, to_hub: Pipe) -> None:
        self._trace = trace
        self._to_hub = to_hub
        self._names_sent = 0

    def flush(self) -> None:
        """Send what has not been sent."""
        trace = self._trace
        if not trace.tail:
            return
        names = trace.names[self._names_sent :]
        self._names_sent = len(trace.names)
        records = msgspec.msgpack.encode(trace.tail)
        self._to_hub.send(Frame(trace.now_us, NO_CAUSE, "records", (names, records)))
        trace.tail.clear()
