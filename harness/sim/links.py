"""The links of a window: its bus to the other windows, its network to the SFU."""

from __future__ import annotations

from fakes.broadcast_channel import Link
from harness.scenario.duration import Range
from harness.sim.ground import Ground, Plugs


class Links(Ground):
    """The part of the stage on which links break."""

    def delay_bus(self, window: str, delay: Range) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            rule = plugs.port.rule or self.channel.link
            self._rule(plugs, "delay_bus", Link(delay.low_us, delay.high_us, rule.loss_ratio, rule.duplicate_ratio))

    def lose_bus(self, window: str, loss_ratio: float) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            rule = plugs.port.rule or self.channel.link
            changed = Link(rule.delay_low_us, rule.delay_high_us, loss_ratio, rule.duplicate_ratio)
            self._rule(plugs, "lose_bus", changed)

    def _rule(self, plugs: Plugs, fault: str, rule: Link) -> None:
        plugs.port.disturb(rule=rule)
        self.fault(plugs.window.name, fault, on=True)

    def partition(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.port.disturb(partitioned=True)
            self.fault(window, "partition", on=True)

    def deafen(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            plugs.port.disturb(deaf=True)
            self.fault(window, "deafen", on=True)

    def drop_network(self, window: str, path: str) -> None:
        """See the stage."""
        if path != "chat":
            self.paths[window].drop(path)
        if self.chat is not None and path in ("both", "chat"):
            self.chat.path(window).drop("both")
        self.fault(window, "drop_network", on=True)

    def heal_network(self, window: str) -> None:
        """See the stage."""
        if (window, "drop_network") in self.faults:
            self.over(window, "drop_network")
            self.paths[window].heal()
            if self.chat is not None:
                self.chat.path(window).heal()

    def heal_bus(self, window: str, fault: str) -> None:
        """The bus of the window is what the head of the scenario says."""
        if plugs := self.plugs.get(window):
            plugs.port.heal()
        self.over(window, fault)
