"""Server-wide faults of a live run: what happens to the SFU, which is a real one."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Protocol

from oneroom.core.state import Source
from oneroom.driver.busy import Busy
from oneroom.driver.faults import Fault, Faults
from oneroom.driver.moderation import SOURCES, Permissions
from oneroom.driver.recorder import Recorder
from oneroom.driver.script import identity
from oneroom.live.clock import LiveClock
from oneroom.live.tasks import Tasks
from oneroom.live.windows import Windows
from oneroom.scenario.duration import Range
from oneroom.scenario.model import Scenario


class Administrator(Protocol):
    """Actions on the rooms of this run by a holder of the server's keys, and its operator."""

    async def kick(self, identity: str) -> None:
        """RoomService.RemoveParticipant, in whatever room."""

    async def mute(self, identity: str, source: Source, muted: bool) -> None:
        """RoomService.MutePublishedTrack, in whatever room."""

    async def permit(self, identity: str, sources: tuple[Source, ...]) -> None:
        """RoomService.UpdateParticipant: what it may publish, in whatever room."""

    async def delete_rooms(self) -> None:
        """RoomService.DeleteRoom."""

    async def restart(self, down_us: int) -> None:
        """The server is killed, and started again after `down_us` with empty memory."""

    async def stop(self) -> None:
        """The server is killed, and stays away until `start`."""

    async def start(self) -> None:
        """After `stop`; returns when it answers."""

    async def unplug(self, lasts_us: int) -> None:
        """The server is off its network for that long; returns when it is back."""

    async def pause(self, lasts_us: int) -> None:
        """The server stands still for that long; returns when it goes on."""

    async def terminate(self) -> None:
        """SIGTERM: it drains."""

    async def shut_down(self, signals: int, down_us: int, ended: Callable[[], None]) -> None:
        """Send so many SIGTERM, which end it, call `ended`, and start it again after `down_us`."""


class ServerSteps:
    """See `oneroom.scenario.stage.ServerSteps`. `kills_us` are the times at which the server
    ended.
    """

    def __init__(
        self,
        scenario: Scenario,
        clock: LiveClock,
        administrator: Administrator,
        windows: Windows,
        faults: Faults,
        busy: Busy,
        tasks: Tasks,
    ) -> None:
        self.kills_us: list[int] = []
        self._scenario = scenario
        self._clock = clock
        self._recorder = Recorder(clock.trace)
        self._administrator = administrator
        self._windows = windows
        self._faults = faults
        self._busy = busy
        self._tasks = tasks
        self._draining = False
        self._drains = 0  # numbers them
        self._permissions = Permissions()

    def kick(self, window: str, by: str = "moderator") -> None:
        """See the stage."""
        self._recorder.record_removal(window, by_app=by == "app")
        self._tasks.start(self._administrator.kick(identity(self._scenario, window)))

    def mute(self, window: str, source: str, muted: bool) -> None:
        """See the stage."""
        named = identity(self._scenario, window)
        self._tasks.start(self._administrator.mute(named, SOURCES[source], muted))

    def permit(self, window: str, source: str, publish: bool) -> None:
        """See the stage."""
        named = identity(self._scenario, window)
        sources = self._permissions.set(named, source, publish)
        self._tasks.start(self._administrator.permit(named, sources))

    def delete_room(self) -> None:
        """See the stage."""
        self._tasks.start(self._administrator.delete_rooms())

    def restart(self, down: Range) -> None:
        """See the stage."""
        down_us = self._busy.draw(down)
        self._draining = False
        self.kills_us.append(self._clock.now_us)
        self._tasks.start(self._administrator.restart(down_us))

    def stop(self) -> None:
        """See the stage. A start that follows waits until it has ended."""
        self._faults.begin(Fault("stop_server", undo=self.start))
        self._draining = False
        self.kills_us.append(self._clock.now_us)
        self._tasks.start(self._administrator.stop())

    def start(self) -> None:
        """See the stage."""
        self._tasks.start(self._administrator.start())
        self._faults.clear("stop_server")

    def unplug(self, lasts: Range) -> None:
        """See the stage."""
        self._pass("unplug_server", lasts, self._administrator.unplug)

    def pause(self, lasts: Range) -> None:
        """See the stage."""
        self._pass("pause_server", lasts, self._administrator.pause)

    def _pass(
        self, name: str, lasts: Range, begin: Callable[[int], Coroutine[Any, Any, None]]
    ) -> None:
        """A fault of the SFU that ends by itself."""
        lasts_us = self._busy.draw(lasts)
        self._faults.begin(Fault(name))
        self._tasks.start(self._until_over(name, begin(lasts_us), self._clock.trace.cause))

    async def _until_over(self, name: str, passes: Coroutine[Any, Any, None], cause: int) -> None:
        await passes
        self._clock.turn(cause, self._faults.end, name)

    def drain(self) -> None:
        """See the stage."""
        if not self._draining:
            self._draining = True
            self._drains += 1
            self._tasks.start(self._administrator.terminate())

    def replace(self, grace: Range, down: Range) -> None:
        """See the stage. A step that ends the drain before its time leaves nothing to kill."""
        grace_us = self._busy.draw(grace)
        self._faults.begin(Fault("replace_server"))
        self.drain()
        self._clock.after(grace_us, self._kill, (self._drains, down))

    def _kill(self, due: tuple[int, Range]) -> None:
        drain, down = due
        self._faults.end("replace_server")
        if self._draining and drain == self._drains:
            self.restart(down)

    def shut_down(self, down: Range) -> None:
        """See the stage."""
        down_us = self._busy.draw(down)
        signals = 1 if self._draining else 2
        self._draining = False
        self._tasks.start(self._administrator.shut_down(signals, down_us, self._ended))

    def _ended(self) -> None:
        self.kills_us.append(self._clock.read_us())

    def simulate(self, window: str, fault: str) -> None:
        """See the stage. What livekit for Python has no name for is refused."""
        self._windows.say(window, "simulate", fault.upper().replace("-", "_"))

    def may_be_gone(self) -> bool:
        """True if a step has ended the server, or lets it end."""
        return self._draining or self._faults.count("stop_server") > 0
