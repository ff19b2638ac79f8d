"""The links of a window: its bus to the other windows, its network to the SFU and to the
application's own server.
"""

from __future__ import annotations

from oneroom.scenario.duration import Range
from oneroom.sim.environment import Environment
from oneroom_fakes.link import BusEndpoint, Link


class Links(Environment):
    """The part of the stage on which links break."""

    def delay_bus(self, window: str, delay: Range, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "delay_bus", bus):
            rule = end.rule or self.link
            end.disturb(
                rule=Link(delay.low_us, delay.high_us, rule.loss_ratio, rule.duplicate_ratio)
            )

    def lose_bus(self, window: str, loss_ratio: float, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "lose_bus", bus):
            rule = end.rule or self.link
            end.disturb(
                rule=Link(rule.delay_low_us, rule.delay_high_us, loss_ratio, rule.duplicate_ratio)
            )

    def partition(self, window: str, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "partition", bus):
            end.disturb(partitioned=True)

    def deafen(self, window: str, bus: str = "") -> None:
        """See the stage."""
        for end in self._disturbed(window, "deafen", bus):
            end.disturb(deaf=True)

    def _disturbed(self, window: str, fault: str, bus: str) -> list[BusEndpoint]:
        """The ends of the window that are meant: all, or that of one bus."""
        plugs = self.plugs.get(window)
        if plugs is None:
            return []
        self.fault(window, fault, on=True)
        return [end for kind, end in plugs.ends.items() if not bus or kind == bus]

    def drop_network(self, window: str, path: str) -> None:
        """See the stage."""
        if path != "app":
            self.paths[window].drop(path)
        if path in ("both", "app"):
            self.app_paths[window].drop("both")
        self.fault(window, "drop_network", on=True)

    def break_signal(self, window: str) -> None:
        """See the stage."""
        self.paths[window].break_signal()

    def heal_network(self, window: str) -> None:
        """See the stage."""
        if (window, "drop_network") in self.faults:
            self.over(window, "drop_network")
            self.paths[window].heal()
            self.app_paths[window].heal()

    def heal_bus(self, window: str, fault: str) -> None:
        """The bus of the window is what the head of the scenario says."""
        if plugs := self.plugs.get(window):
            for end in plugs.ends.values():
                if end.rule is not None:  # what is on its way comes as late as it was sent
                    late_us = self.kernel.now_us + end.rule.delay_high_us
                    self.busy_until_us = max(self.busy_until_us, late_us)
                end.heal()
        self.over(window, fault)
