"""Faults of the servers: the SFU, and the application's own that mints the tokens."""

from __future__ import annotations

from oneroom.driver.script import identity
from oneroom.ports.page import TaskSource
from oneroom.scenario.duration import Range
from oneroom.sim.environment import Environment, WindowHandle


class Servers(Environment):
    """The part of the stage on which servers act and fail."""

    def kick(self, window: str) -> None:
        """See the stage."""
        self.sfu.remove_participant(identity(self.scenario, window))

    def delete_room(self) -> None:
        """See the stage."""
        self.sfu.delete_room()

    def restart_server(self, down: Range) -> None:
        """See the stage."""
        self.sfu.restart(self.busy_for(down))

    def stop_server(self) -> None:
        """See the stage."""
        self.fault("world", "stop_server", on=True)
        self.draining = False
        self.sfu.stop()

    def start_server(self) -> None:
        """See the stage."""
        self.over("world", "stop_server")
        self.sfu.start()

    def unplug_server(self, lasts: Range) -> None:
        """See the stage."""
        lasts_us = self.busy_for(lasts)
        self.fault("world", "unplug_server", on=True)
        self.sfu.unplug()
        self.kernel.after(lasts_us, self._plug_in_server, None)

    def _plug_in_server(self, _: None) -> None:
        self.fault("world", "unplug_server", on=False)
        if ("world", "unplug_server") not in self.faults:
            self.sfu.plug_in()

    def pause_server(self, lasts: Range) -> None:
        """See the stage."""
        lasts_us = self.busy_for(lasts)
        self.fault("world", "pause_server", on=True)
        self.sfu.pause()
        self.kernel.after(lasts_us, self._unpause_server, None)

    def _unpause_server(self, _: None) -> None:
        self.fault("world", "pause_server", on=False)
        if ("world", "pause_server") not in self.faults:
            self.sfu.unpause()

    def drain(self) -> None:
        """See the stage."""
        if not self.draining:
            self.draining = True
            self.sfu.terminate()

    def shut_down_server(self, down: Range) -> None:
        """See the stage."""
        self.drain()
        self.sfu.terminate()
        self.draining = False
        self.sfu.restart(self.busy_for(down))

    def simulate(self, window: str, fault: str) -> None:
        """See the stage. It is script of the page, so it waits while the page does not run."""
        if plugs := self.plugs.get(window):
            plugs.window.run(TaskSource.INPUT, self._simulate, (plugs, fault))

    def _simulate(self, asked: tuple[WindowHandle, str]) -> None:
        plugs, fault = asked
        epoch = plugs.window.coordinator.ownership.session.epoch
        plugs.rooms.simulate(epoch, fault.upper().replace("-", "_"))

    def fail_tokens(self) -> None:
        """See the stage."""
        self.minting.failing = True
        self.over("world", "fail_tokens")
        self.fault("world", "fail_tokens", on=True)

    def slow_tokens(self, takes: Range) -> None:
        """See the stage."""
        self.minting.low_us, self.minting.high_us = takes.low_us, takes.high_us
        self.over("world", "slow_tokens")
        self.fault("world", "slow_tokens", on=True)

    def heal_tokens(self) -> None:
        """The application's server is what the head of the scenario says."""
        mint = self.scenario.tokens.mint
        self.minting.failing = False
        self.minting.low_us, self.minting.high_us = mint.low_us, mint.high_us
        self.over("world", "fail_tokens")
        self.over("world", "slow_tokens")
