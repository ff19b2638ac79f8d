"""The network between the windows of a run and the server: one path per Room, cut per window.

Rules: a cut is a state of the window's network, so it also applies to a Room that is opened
meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.live.clock import LiveClock
from oneroom.live.evidence.session_log import PathSession
from oneroom.live.network.network_path import NetworkPath
from oneroom.scenario.duration import Range


class RunNetwork:
    """All paths of one run. `attached` lists the sessions that began or resumed on each window's
    paths.
    """

    def __init__(self, url: str, clock: LiveClock, choices: Choices, delay: Range) -> None:
        self.url = url
        self.attached: list[PathSession] = []
        self._clock = clock
        self._choices = choices
        self._delay = delay
        self._paths: dict[tuple[str, int], NetworkPath] = {}
        self._cut: dict[str, tuple[bool, bool]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def path(self, window: str, epoch: int, cause: int, ready: Callable[[int, str], None]) -> None:
        """Create the path of one Room; `ready(epoch, url)` is called when it listens."""
        self._start(self._make(window, epoch, cause, ready))

    async def _make(
        self, window: str, epoch: int, cause: int, ready: Callable[[int, str], None]
    ) -> None:
        def attached(sid: str) -> None:
            self.attached.append(PathSession(self._clock.read_us(), window, sid, cause))

        path = await NetworkPath.start(self.url, self._choices, attached)
        path.delay(self._delay.low_us, self._delay.high_us)
        path.cut(*self._cut.get(window, (False, False)))
        self._paths[window, epoch] = path
        ready(epoch, path.url)

    def fence(self, window: str, epoch: int) -> None:
        """Send a Leave for a Room that was closed while connecting, and end its path.

        The SDK itself does not stop connecting.
        """
        path = self._paths.pop((window, epoch), None)
        if path is not None:
            self._start(path.hang_up())

    def drop(self, window: str, path: str) -> None:
        """Cut `signal`, `media` or `both`, in addition to what is cut already."""
        signal, media = self._cut.get(window, (False, False))
        self._cut[window] = (signal or path != "media", media or path != "signal")
        for open_path in self._paths_of(window):
            open_path.cut(*self._cut[window])

    def heal(self, window: str) -> None:
        """Heal all cuts of the window."""
        self._cut.pop(window, None)
        for open_path in self._paths_of(window):
            open_path.heal()

    def break_signal(self, window: str) -> None:
        """Reset every signalling connection of the window. New connections are not affected."""
        for open_path in self._paths_of(window):
            open_path.break_signal()

    async def close(self) -> None:
        """Close all paths."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(
            *[path.close() for path in self._paths.values()], return_exceptions=True
        )
        self._paths.clear()

    def _paths_of(self, window: str) -> list[NetworkPath]:
        return [path for (name, _), path in self._paths.items() if name == window]

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
