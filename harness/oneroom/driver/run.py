"""The result of a run, in virtual or real time."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.violation import Judgement
from oneroom.choices.draw import Draw
from oneroom.scenario.model import Scenario
from oneroom.trace.trace import Trace


class Run:
    """One run with its trace and judgement.

    `tape` replays it if it was in virtual time. `gave_up` is the reason why it was not played to
    its end, "" if it was. `raised` is the error in the user's own code that ended it, with file
    and line, "" if there was none; `raised_in` is one of `oneroom.checks.results.RAISED` then.
    """

    def __init__(
        self,
        scenario: Scenario,
        policy: str,
        trace: Trace,
        judgement: Judgement,
        tape: Sequence[Draw],
        gave_up: str = "",
        raised: str = "",
        raised_in: str = "",
    ) -> None:
        self.scenario = scenario
        self.policy = policy
        self.trace = trace
        self.judgement = judgement
        self.tape = tape
        self.gave_up = gave_up
        self.raised = raised
        self.raised_in = raised_in
