"""Handle of a run's witness process, with the records it has sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from oneroom.live.evidence.merge import ProcessRecords
from oneroom.live.evidence.witness_process import WitnessSetup
from oneroom.live.process.child import Child
from oneroom.live.process.pipe import Frame
from oneroom.trace.trace import NO_CAUSE

MODULE = "oneroom.live.evidence.witness_process"
_JOINED_S = 20.0


class WitnessHandle:
    """The witness of one run. `failed` is called if its process ends by itself."""

    def __init__(self, child: Child, part: ProcessRecords, failed: Callable[[str], None]) -> None:
        self.part = part
        self._child = child
        self._failed = failed
        self._joined = asyncio.Event()
        self._ending = False

    async def begin(self, url: str, tokens: tuple[str, ...]) -> None:
        """Join every room; returns when the witness is in all of them."""
        self._listening = asyncio.ensure_future(self._listen())
        setup = WitnessSetup(self.part.first_n, url, tokens)
        self._child.send(Frame(0, NO_CAUSE, "begin", (setup,)))
        try:
            await asyncio.wait_for(self._joined.wait(), _JOINED_S)
        except TimeoutError:
            self._failed(f"the witness did not get into its rooms within {_JOINED_S:.0f} s")

    def zero(self, epoch_us: int) -> None:
        """Set time 0 to `epoch_us` of the monotonic clock."""
        self._child.send(Frame(0, NO_CAUSE, "zero", (epoch_us,)))

    async def end(self) -> None:
        """End the process."""
        self._ending = True
        self._child.end()
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)

    async def _listen(self) -> None:
        async for frame in self._child.frames():
            if frame.verb == "watching":
                self._joined.set()
            elif frame.verb == "records":
                self.part.take(*frame.arguments)
        if not self._ending:
            self._failed(
                f"the process of the witness ended by itself: {self._child.exit_summary()}"
            )
