"""What is left of a run, in whichever time it was."""

from __future__ import annotations

from harness.checks.violation import Judgement
from harness.choices.choices import Choices
from harness.scenario.model import Scenario
from harness.trace.trace import Trace


class Run:
    """`choices.tape` replays it, if it was in virtual time."""

    def __init__(self, scenario: Scenario, policy: str, trace: Trace, judgement: Judgement, choices: Choices) -> None:
        self.scenario = scenario
        self.policy = policy
        self.trace = trace
        self.judgement = judgement
        self.choices = choices
