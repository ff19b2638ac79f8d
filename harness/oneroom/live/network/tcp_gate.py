"""Delays and cuts of a WebSocket between a client and the server.

Rules: signalling is TCP, so a cut delays frames and never reorders them; held frames are lost only
with the connection that carries them. The real-time counterpart of `oneroom_fakes.network`'s
`TcpStream`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label

_US = 1_000_000


class TcpGate:
    """A gate for signalling: open or cut, with a delay. Delays are one way, in integer
    microseconds.
    """

    def __init__(self, choices: Choices) -> None:
        self._choices = choices
        self._low_us = 0
        self._high_us = 0
        self._open = asyncio.Event()
        self._open.set()

    @property
    def is_open(self) -> bool:
        return self._open.is_set()

    def cut(self) -> None:
        self._open.clear()

    def heal(self) -> None:
        self._open.set()

    def delay(self, low_us: int, high_us: int) -> None:
        """Set the delay of frames sent from now on to a draw from `low_us` to `high_us`."""
        self._low_us, self._high_us = low_us, high_us

    def due_s(self) -> float:
        """The arrival time of a frame sent now, on the loop's clock."""
        delay_us = self._choices.between(Label.SIGNAL_DELAY, self._low_us, self._high_us)
        return asyncio.get_running_loop().time() + delay_us / _US

    async def arrival(self, due_s: float) -> None:
        """Wait until `due_s`, and until no cut is in effect."""
        remaining_s = due_s - asyncio.get_running_loop().time()
        if remaining_s > 0:
            await asyncio.sleep(remaining_s)
        await self._open.wait()


class Lane:
    """One direction of a connection: first in, first out, whatever delays are drawn.

    It ends with a close code.
    """

    def __init__(self, gate: TcpGate) -> None:
        self._gate = gate
        self._waiting: deque[tuple[float, bytes | int]] = deque()
        self._nonempty = asyncio.Event()

    def put(self, what: bytes | int) -> None:
        """Send a frame, or end the connection with a close code of RFC 6455."""
        self._waiting.append((self._gate.due_s(), what))
        self._nonempty.set()

    def discard(self) -> None:
        """Drop all frames that have not arrived."""
        self._waiting.clear()

    async def arrivals(self) -> AsyncIterator[bytes | int]:
        """The frames as they arrive; the close code comes last."""
        while True:
            while not self._waiting:
                self._nonempty.clear()
                await self._nonempty.wait()
            head = self._waiting[0]
            await self._gate.arrival(head[0])
            # It may have been discarded while it waited.
            if self._waiting and self._waiting[0] is head:
                self._waiting.popleft()
                yield head[1]
                if isinstance(head[1], int):
                    return
