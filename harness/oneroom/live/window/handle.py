"""One runtime of a window in the live arm: its process, its proxy at the hub, its network paths.

Rules: it turns frames into calls and calls into frames; the meaning of scenario steps is defined in
`oneroom.live.windows`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from oneroom.live.clock import LiveClock
from oneroom.live.errors import Unavailable
from oneroom.live.evidence.merge import ProcessRecords
from oneroom.live.network.run_network import RunNetwork
from oneroom.live.process.child import Child
from oneroom.live.process.pipe import Frame
from oneroom.live.window.hub import Hub, WindowProxy
from oneroom.live.window.process import WindowSetup
from oneroom.trace.trace import NO_CAUSE

MODULE = "oneroom.live.window.process"
# Much longer than a busy machine needs.
_ANSWER_S = 60.0


class WindowHandle:
    """One runtime of a window."""

    def __init__(
        self,
        hub: Hub,
        clock: LiveClock,
        name: str,
        identity: str,
        child: Child,
        network: RunNetwork,
    ) -> None:
        self.name = name
        self.alive = True
        self.expected_end = False
        self._clock = clock
        self._child = child
        self._network = network
        self.seat = WindowProxy(hub, name, identity, child.send)
        self._stopping = asyncio.Event()
        self._there = asyncio.Event()
        # the error of the user's own policy that ended the process, with its place
        self.raised = ""

    def begin(self, setup: WindowSetup) -> None:
        """Start the window's script."""
        self.seat.say("begin", setup)

    async def listen(
        self, part: ProcessRecords, closed: Callable[[], None], failed: Callable[[str], None]
    ) -> None:
        """Handle the frames of the process until it ends."""
        async for frame in self._child.frames():
            if frame.verb == "records":
                part.take(*frame.arguments)
            elif frame.verb == "raised":
                self.raised = frame.arguments[0]
            elif frame.verb == "failed":
                failed(f"window {self.name}: {frame.arguments[0]}")
            elif frame.verb == "closed":
                self._clock.turn(frame.cause, closed, as_of_us=frame.at_us)
            elif self.alive:
                self._clock.turn(frame.cause, self._obey, frame, as_of_us=frame.at_us)
        code = await self._child.ended()
        if not self.expected_end:
            failed(
                f"the process of window {self.name} ended by itself: "
                f"{self._child.exit_summary() or code}"
            )

    def _obey(self, frame: Frame) -> None:
        verb: Callable[..., None] = getattr(self, f"on_{frame.verb}", None) or getattr(
            self.seat, f"on_{frame.verb}"
        )
        verb(*frame.arguments)

    # Frames that the handle itself answers.

    def on_stopping(self) -> None:
        self._stopping.set()

    def on_pong(self) -> None:
        self._there.set()

    def on_path(self, epoch: int) -> None:
        self._network.path(self.name, epoch, self._clock.trace.cause, self._path_ready)

    def on_fence(self, epoch: int) -> None:
        self._network.fence(self.name, epoch)

    def _path_ready(self, epoch: int, url: str) -> None:
        self._clock.turn(NO_CAUSE, self.seat.say, "path_ready", epoch, url)

    # Control of the process.

    def say(self, verb: str, *arguments: Any) -> None:
        self.seat.say(verb, *arguments)

    async def stop(self) -> None:
        """Stop the process; returns when it is stopped."""
        self._stopping.clear()
        self._clock.turn(self._clock.trace.cause, self.seat.say, "stop")
        # A stalled window answers as well: its process runs.
        await self._answers(self._stopping)
        if self.alive:
            await self._child.stop()

    async def is_there(self) -> None:
        """Wait until the process answers a ping. Raises Unavailable if it hangs."""
        if self.alive:
            self._there.clear()
            self._clock.turn(NO_CAUSE, self.seat.say, "ping")
            await self._answers(self._there)

    async def _answers(self, answer: asyncio.Event) -> None:
        try:
            await asyncio.wait_for(answer.wait(), _ANSWER_S)
        except TimeoutError:
            if self.alive:
                raise Unavailable(f"the process of window {self.name} hangs") from None

    def go_on(self) -> None:
        self._child.go_on()
        self.seat.say("continue")

    async def kill(self) -> None:
        """Send SIGKILL; returns when the process has ended."""
        self.expected_end = True
        self._child.kill()
        await self._child.ended()

    def end(self) -> None:
        self.expected_end = True
        self._child.end()
