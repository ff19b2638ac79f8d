"""The network between the windows of a run and the server: a path for every Room, cut and healed by
window.

Rules: a cut is a state of the window's network, so that a Room which is opened during it finds it
cut as well.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.live.clock import LiveClock
from oneroom.live.evidence.session_log import Attached
from oneroom.live.network.window_path import NetworkPath
from oneroom.scenario.duration import Range


class RunNetwork:
    """All paths of one run. `attached` is which window's path began or resumed which session."""

    def __init__(self, url: str, clock: LiveClock, choices: Choices, delay: Range) -> None:
        self.url = url
        self.attached: list[Attached] = []
        self._clock = clock
        self._choices = choices
        self._delay = delay
        self._paths: dict[tuple[str, int], NetworkPath] = {}
        self._cut: dict[str, tuple[bool, bool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def path(self, window: str, epoch: int, cause: int, ready: Callable[[int, str], None]) -> None:
        """Make the way for one Room; `ready(epoch, url)` when it is there."""
        self._start(self._make(window, epoch, cause, ready))

    async def _make(
        self, window: str, epoch: int, cause: int, ready: Callable[[int, str], None]
    ) -> None:
        def attached(sid: str) -> None:
            self.attached.append(Attached(self._clock.read_us(), window, sid, cause))

        path = await NetworkPath.start(self.url, self._choices, attached)
        path.delay(self._delay.low_us, self._delay.high_us)
        path.cut(*self._cut.get(window, (False, False)))
        self._paths[window, epoch] = path
        ready(epoch, path.url)

    def fence(self, window: str, epoch: int) -> None:
        """The Room is closed while it connects, which its SDK does not notice: say goodbye for it
        and end the path.
        """
        path = self._paths.pop((window, epoch), None)
        if path is not None:
            self._start(path.hang_up())

    def drop(self, window: str, path: str) -> None:
        """Cut `signal`, `media` or `both`, beside what is cut already."""
        signal, media = self._cut.get(window, (False, False))
        self._cut[window] = (signal or path != "media", media or path != "signal")
        for way in self._of(window):
            way.cut(*self._cut[window])

    def heal(self, window: str) -> None:
        """Everything works again."""
        self._cut.pop(window, None)
        for way in self._of(window):
            way.heal()

    def break_signal(self, window: str) -> None:
        """Every signalling connection of the window is reset at once; new ones are as they would be
        without it.
        """
        for way in self._of(window):
            way.break_signal()

    async def close(self) -> None:
        """Take everything down."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(
            *[path.close() for path in self._paths.values()], return_exceptions=True
        )
        self._paths.clear()

    def _of(self, window: str) -> list[NetworkPath]:
        return [path for (name, _), path in self._paths.items() if name == window]

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
