"""Server-wide faults, and requests to the SFU."""

from __future__ import annotations

from oneroom.driver.faults import Fault
from oneroom.driver.moderation import SOURCES, Permissions
from oneroom.driver.script import identity
from oneroom.ports.page import TaskSource
from oneroom.scenario.duration import Range
from oneroom.sim.browser import WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.windows import Windows
from oneroom_fakes.sfu.server import Sfu


class ServerSteps:
    """See `oneroom.scenario.stage.ServerSteps`."""

    def __init__(self, environment: Environment, sfu: Sfu, windows: Windows) -> None:
        self._scenario = environment.scenario
        self._kernel = environment.kernel
        self._recorder = environment.recorder
        self._faults = environment.faults
        self._busy = environment.busy
        self._sfu = sfu
        self._windows = windows
        self._draining = False
        self._drains = 0  # numbers them
        self._permissions = Permissions()

    def kick(self, window: str, by: str = "moderator") -> None:
        """See the stage."""
        self._recorder.record_removal(window, by_app=by == "app")
        self._sfu.remove_participant(identity(self._scenario, window))

    def mute(self, window: str, source: str, muted: bool) -> None:
        """See the stage."""
        self._sfu.mute(
            identity(self._scenario, window), SOURCES[source], muted, enable_remote_unmute=True
        )

    def permit(self, window: str, source: str, publish: bool) -> None:
        """See the stage."""
        named = identity(self._scenario, window)
        self._sfu.permit(named, self._permissions.set(named, source, publish))

    def delete_room(self) -> None:
        """See the stage."""
        self._sfu.delete_room()

    def restart(self, down: Range) -> None:
        """See the stage."""
        self._draining = False
        self._sfu.restart(self._busy.draw(down))

    def stop(self) -> None:
        """See the stage."""
        self._faults.begin(Fault("stop_server", undo=self.start))
        self._draining = False
        self._sfu.stop()

    def start(self) -> None:
        """See the stage."""
        self._faults.clear("stop_server")
        self._sfu.start()

    def unplug(self, lasts: Range) -> None:
        """See the stage."""
        lasts_us = self._busy.draw(lasts)
        self._faults.begin(Fault("unplug_server"))
        self._sfu.unplug()
        self._kernel.after(lasts_us, self._plug_in, None)

    def _plug_in(self, _: None) -> None:
        self._faults.end("unplug_server")
        if not self._faults.count("unplug_server"):
            self._sfu.plug_in()

    def pause(self, lasts: Range) -> None:
        """See the stage."""
        lasts_us = self._busy.draw(lasts)
        self._faults.begin(Fault("pause_server"))
        self._sfu.pause()
        self._kernel.after(lasts_us, self._unpause, None)

    def _unpause(self, _: None) -> None:
        self._faults.end("pause_server")
        if not self._faults.count("pause_server"):
            self._sfu.unpause()

    def drain(self) -> None:
        """See the stage."""
        if not self._draining:
            self._draining = True
            self._drains += 1
            self._sfu.terminate()

    def replace(self, grace: Range, down: Range) -> None:
        """See the stage. A step that ends the drain before its time leaves nothing to kill."""
        grace_us = self._busy.draw(grace)
        self._faults.begin(Fault("replace_server"))
        self.drain()
        self._kernel.after(grace_us, self._kill, (self._drains, down))

    def _kill(self, due: tuple[int, Range]) -> None:
        drain, down = due
        self._faults.end("replace_server")
        if self._draining and drain == self._drains:
            self.restart(down)

    def shut_down(self, down: Range) -> None:
        """See the stage."""
        self.drain()
        self._sfu.terminate()
        self._draining = False
        self._sfu.restart(self._busy.draw(down))

    def simulate(self, window: str, fault: str) -> None:
        """See the stage. It is script of the page, so it waits while the page does not run."""
        if handle := self._windows.handles.get(window):
            handle.window.run(TaskSource.INPUT, self._simulate, (handle, fault))

    def _simulate(self, asked: tuple[WindowHandle, str]) -> None:
        handle, fault = asked
        handle.rooms.simulate(handle.window.current_epoch(), fault.upper().replace("-", "_"))
