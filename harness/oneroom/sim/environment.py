"""The base of every part of a simulated world: the scenario, time, chance, and the books."""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.core.policy import Policy
from oneroom.driver.busy import Busy
from oneroom.driver.faults import Faults
from oneroom.driver.recorder import Recorder
from oneroom.scenario.model import Scenario
from oneroom.sim.kernel import Kernel
from oneroom.trace.trace import Trace


class Environment:
    """Of one run of `scenario` under `policy`."""

    def __init__(
        self, scenario: Scenario, policy: type[Policy], choices: Choices, trace: Trace
    ) -> None:
        self.scenario = scenario
        self.policy = policy
        self.choices = choices
        self.trace = trace
        self.kernel = Kernel(trace, choices)
        self.recorder = Recorder(trace)
        self.faults = Faults(trace)
        self.busy = Busy(self.kernel, choices)
        for name in scenario.windows:
            trace.intern(name)
