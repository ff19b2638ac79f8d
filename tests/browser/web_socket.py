"""The server's end of a WebSocket: short texts, one frame each (RFC 6455)."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from collections.abc import Iterator
from io import BufferedIOBase

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_TEXT, _CLOSE = 1, 8
# A frame's length is in one byte up to here.
_LONGEST = 125


class WebSocket:
    """It is open when the constructor returns. `key` is the header of the request."""

    def __init__(self, into: BufferedIOBase, out: BufferedIOBase, key: str) -> None:
        self._into = into
        self._out = out
        accepted = base64.b64encode(hashlib.sha1((key + _MAGIC).encode()).digest()).decode()
        lines = (
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accepted}",
        )
        out.write("".join(f"{line}\r\n" for line in (*lines, "")).encode())

    def send(self, text: str) -> None:
        """Send a text; nothing happens if the client is gone."""
        data = text.encode()
        with contextlib.suppress(OSError, ValueError):
            self._out.write(bytes([0x80 | _TEXT, len(data)]) + data)

    def texts(self) -> Iterator[str]:
        """What the client sends, until it closes or is gone."""
        while len(head := self._into.read(2)) == 2:
            kind, length = head[0] & 0x0F, head[1] & 0x7F
            assert length <= _LONGEST, "a longer text than this server reads"
            mask, data = self._into.read(4), self._into.read(length)
            if kind == _CLOSE:
                return
            if kind == _TEXT:
                yield bytes(byte ^ mask[at % 4] for at, byte in enumerate(data)).decode()
