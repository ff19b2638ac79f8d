"""The network between the windows of a run and the server: one path per Room, cut per window.

Rules: a cut is a state of the window's network or of the machine's, so it also applies to a Room
that is opened meanwhile.
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
from oneroom_fakes.network import PATHS

_UNCUT = (False, False, False)


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
        self._cut: dict[str, tuple[bool, bool, bool]] = {}
        self._refused: set[str] = set()
        self._online = True
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
        self._paths[window, epoch] = path
        self._restrict(window, path)
        ready(epoch, path.url)

    def fence(self, window: str, epoch: int) -> None:
        """Send a Leave for a Room that was closed while connecting, and end its path.

        The SDK itself does not stop connecting.
        """
        path = self._paths.pop((window, epoch), None)
        if path is not None:
            self._start(path.hang_up())

    def drop(self, window: str, path: str) -> None:
        """Cut one of `PATHS`, in addition to what is cut already."""
        signal, uplink, downlink = (
            was or now for was, now in zip(self._cut.get(window, _UNCUT), PATHS[path], strict=True)
        )
        self._cut[window] = signal, uplink, downlink
        for open_path in self._paths_of(window):
            self._restrict(window, open_path)

    def refuse_signal(self, window: str) -> None:
        """Reset every signalling connection of the window, and refuse new ones until `heal`."""
        self._refused.add(window)
        for open_path in self._paths_of(window):
            self._restrict(window, open_path)
            open_path.break_signal()

    def heal(self, window: str) -> None:
        """Heal all cuts and refusals of the window."""
        self._cut.pop(window, None)
        self._refused.discard(window)
        for open_path in self._paths_of(window):
            open_path.heal()
            self._restrict(window, open_path)

    def set_online(self, online: bool) -> None:
        """The machine lost its network, or has it back."""
        self._online = online
        for (window, _), open_path in self._paths.items():
            open_path.heal()
            self._restrict(window, open_path)

    def change_network(self) -> None:
        """Every connection of the machine dies, and nobody is told; new ones work."""
        for open_path in self._paths.values():
            open_path.change_network()

    def lose_signal(self, window: str) -> None:
        """Lose the server's end of every connection of the window; the client is not told."""
        for open_path in self._paths_of(window):
            open_path.lose_signal()

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

    def _restrict(self, window: str, path: NetworkPath) -> None:
        """Put on `path` what the window's network and the machine's have now."""
        path.cut(*(self._cut.get(window, _UNCUT) if self._online else PATHS["both"]))
        if window in self._refused or not self._online:
            path.refuse()

    def _paths_of(self, window: str) -> list[NetworkPath]:
        return [path for (name, _), path in self._paths.items() if name == window]

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
