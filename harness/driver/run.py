"""What is left of a run, in whichever time it was."""

from __future__ import annotations

from harness.checks.violation import Judgement
from harness.choices.choices import Choices
from harness.scenario.model import Scenario
from harness.trace.trace import Trace


class Run:
    """`choices.tape` replays it, if it was in virtual time. `gave_up` says why it was not played to its end, "" if it
    was.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: str,
        trace: Trace,
        judgement: Judgement,
        choices: Choices,
        gave_up: str = "",
    ) -> None:
        self.scenario = scenario
        self.policy = policy
        self.trace = trace
        self.judgement = judgement
        self.choices = choices
        self.gave_up = gave_up
