"""Where a scenario comes from: what another process, or a later day, needs in order to have the
same one again.
"""

from __future__ import annotations

import msgspec

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse


class ScenarioText(msgspec.Struct, frozen=True):
    """`path` is what reports call it; `bus` is the bus that all windows were given from outside, if
    any.
    """

    path: str
    text: str
    bus: str = ""

    def scenario(self) -> Scenario:
        """The scenario. Raises oneroom.scenario.ScenarioError if its text is refused now."""
        return parse(self.text, vocabulary(), self.path).on_bus(self.bus)


def scenario_text(scenario: Scenario) -> ScenarioText:
    """How to have `scenario` again."""
    return ScenarioText(scenario.path, scenario.text, scenario.forced_bus)
