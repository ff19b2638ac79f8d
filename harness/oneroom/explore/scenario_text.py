"""A scenario as text, for another process or a later day."""

from __future__ import annotations

import msgspec

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse


class ScenarioText(msgspec.Struct, frozen=True):
    """The text of a scenario.

    `path` is its name in reports; `bus` is the bus that `--bus` gave to all windows, "" for none.
    """

    path: str
    text: str
    bus: str = ""

    def scenario(self) -> Scenario:
        """The scenario. Raises oneroom.scenario.ScenarioError if its text is refused now."""
        return parse(self.text, vocabulary(), self.path).on_bus(self.bus)


def scenario_text(scenario: Scenario) -> ScenarioText:
    """The text from which `scenario` can be parsed again."""
    return ScenarioText(scenario.path, scenario.text, scenario.forced_bus)
