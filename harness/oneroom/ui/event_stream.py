"""Server-Sent Events (HTML standard): lines of text down one answer that does not end."""

from __future__ import annotations

from typing import Protocol

import msgspec


class Wire(Protocol):
    """The way to the browser. `write` raises ConnectionError when it has gone."""

    def write(self, data: bytes, /) -> object: ...
    def flush(self) -> object: ...


class EventStream:
    """The stream of one browser."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    def send(self, event: str, value: object) -> None:
        """Send a value, as JSON on one line. Raises ConnectionError."""
        self._put(b"event: %b\ndata: %b\n\n" % (event.encode(), msgspec.json.encode(value)))

    def comment(self) -> None:
        """Send nothing, to see whether the browser is still there. Raises ConnectionError."""
        self._put(b":\n\n")

    def _put(self, data: bytes) -> None:
        self._wire.write(data)
        self._wire.flush()
