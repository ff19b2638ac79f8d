"""A scenario as text, for another process or a later day."""

from __future__ import annotations

import msgspec

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse
from oneroom.scenario.bundle import Bundle


class ScenarioText(msgspec.Struct, frozen=True):
    """The text of a scenario.

    `path` is its name in reports; `bus` is the bus that `--bus` gave to all windows, "" for none,
    `timings_us` are the time-outs that `--timing` gave them;
    `checks` are those that `--check` added, `bundle` is the app that its windows run,
    `core` the owner machine that they run in the place of Python's.
    """

    path: str
    text: str
    bus: str = ""
    checks: tuple[str, ...] = ()
    bundle: Bundle | None = None
    core: Bundle | None = None
    timings_us: dict[str, int] = {}

    def scenario(self) -> Scenario:
        """The scenario. Raises oneroom.scenario.ScenarioError if its text is refused now."""
        scenario = parse(self.text, vocabulary(), self.path)
        scenario = scenario.on_bus(self.bus).with_timings(self.timings_us).with_checks(self.checks)
        return scenario.with_bundle(self.bundle).with_core(self.core)


def scenario_text(scenario: Scenario) -> ScenarioText:
    """The text from which `scenario` can be parsed again."""
    return ScenarioText(
        scenario.path,
        scenario.text,
        scenario.forced_bus,
        scenario.added_checks,
        scenario.bundle,
        scenario.core,
        dict(scenario.forced_timings_us),
    )
