"""Results of runs that outlive their traces: values for processes, files and reports.

Rules: values only, everything already text or number, so that neither a trace nor a scenario has to
travel with them. `explore` makes them, `report` shows them; they live below both because those two
do not know each other. The fields of `Result` that `oneroom run --json` prints (report.json_lines)
are a published format: add, never rename.
"""

from __future__ import annotations

import msgspec

from oneroom.checks.verdict import Verdict
from oneroom.confidence import upper_bound

# The `check` of a finding that is an exception in the user's own policy or check, or an error for
# which a window of their app does not run at all, or one in the app's own server.
POLICY_RAISED, CHECK_RAISED, APP_RAISED = "policy_raised", "check_raised", "app_raised"
APP_SERVER_RAISED = "app_server_raised"
RAISED = (POLICY_RAISED, CHECK_RAISED, APP_RAISED, APP_SERVER_RAISED)


class Finding(msgspec.Struct, frozen=True):
    """One thing that did not hold in a run.

    `check` is the name of a check, the broken entry of `expect`, or one of RAISED. `record` is the
    place in the trace at which it shows, `windows` are names, `line` is that of the entry of
    `expect`, 0 for a check. `mechanism` is the skeleton of its causes (the core of
    `oneroom.explore.mechanism`), "" for one that was expected or is not the first of its check.
    """

    check: str
    at_us: int
    windows: tuple[str, ...]
    message: str
    record: int
    line: int = 0
    mechanism: str = ""


class Result(msgspec.Struct, frozen=True):
    """One run, judged. `scenario` is the path as given, `line` the line of its steps; `verbs`
    counts the steps.
    """

    scenario: str
    title: str
    line: int
    policy: str
    bus: str
    sfu: str
    seed: int
    verdict: str
    digest: str
    records: int
    sim_ms: int
    wall_ms: float
    violations: tuple[Finding, ...]
    vacuous: tuple[str, ...]
    inconclusive: tuple[str, ...]
    ledger: dict[str, int]
    # True if this run alone is what the scenario expects; `unexpected` names the findings (by
    # check) that are not.
    expected: bool
    unexpected: tuple[str, ...]
    id: str
    repro: str
    # The reason why the run was not played to its end; "" if it was.
    gave_up: str = ""
    verbs: dict[str, int] = {}


class Failure(msgspec.Struct, frozen=True):
    """One distinct failure: a check that a scenario breaks under a policy by one mechanism, shown
    by its first seed.

    `hits` is how many seeds break it; `stored` is true if its tape is to be kept, so that `oneroom
    replay` finds it. Of a limit on the ledger, `worst` is the value that is furthest from it, and
    `worst_seed` the first seed that has it (-1 for no limit).
    """

    result: Result
    finding: Finding
    id: str
    repro: str
    stored: bool
    hits: int
    worst: int = 0
    worst_seed: int = -1


class Bug(msgspec.Struct, frozen=True):
    """One mechanism by which `check` breaks under `policy`, and how many runs it broke first."""

    policy: str
    check: str
    mechanism: str
    runs: int


class RunGroup(msgspec.Struct, frozen=True):
    """All runs of one scenario under one policy.

    `verdicts` counts runs, `excused` those among the violated ones that were expected; `violated`
    counts runs for each check, expected or not; `worst` is the highest value of every ledger entry.
    `shortfalls` are sentences about what was expected of all seeds together and did not come.
    `vacuous` names the checks that had nothing to guard in any of the runs. `gave_up` is why the
    first unfinished run was not played to its end ("" if all were). `verdict` is that of all runs
    together: an expected violation counts as held. `seed_ranges` are the seeds: `1..100`, `1..3,7`.
    `inconclusive` names the checks that could be judged in none of the runs; `required` those that
    have to be violated in some run, `held` those that have to guard something. `bugs` counts the
    failing runs by the mechanism of what they break first.
    """

    scenario: str
    title: str
    line: int
    policy: str
    seeds: int
    verdict: str
    verdicts: dict[str, int]
    excused: int
    violated: dict[str, int]
    worst: dict[str, int]
    failures: tuple[Failure, ...]
    shortfalls: tuple[str, ...]
    sim_ms: int
    wall_ms: float
    gave_up: str = ""
    vacuous: tuple[str, ...] = ()
    seed_ranges: str = ""
    inconclusive: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    bugs: tuple[Bug, ...] = ()


class Skipped(msgspec.Struct, frozen=True):
    """A scenario that is not run for now, and why."""

    scenario: str
    title: str
    line: int
    reason: str


class Summary(msgspec.Struct, frozen=True):
    """The whole invocation.

    Of `scenarios`, `failed` are not as expected; `verdicts` and `excused` count runs as in
    RunGroup. `failures` are ids that can be replayed, `troubles` sentences about what went
    wrong outside the runs (a worker died, a file could not be written). `vacuous` names the checks
    that had nothing to guard in any run at all: of them a green suite says nothing. `skipped`
    counts scenarios that are not run for now. `drawn` counts the steps of a search's runs by their
    verbs. `dependent` runs are those of a search that follow earlier ones: they say nothing of a
    rate. `upper_bound` is that of the share of the others that fail (oneroom.confidence), None if
    some did. `bugs` counts the failing runs by mechanism.
    """

    runs: int
    scenarios: int
    policies: tuple[str, ...]
    seeds: str
    failed: int
    verdicts: dict[str, int]
    excused: int
    failures: tuple[str, ...]
    troubles: tuple[str, ...]
    verdict: str
    exit_code: int
    wall_ms: float
    vacuous: tuple[str, ...] = ()
    skipped: int = 0
    drawn: dict[str, int] = {}
    dependent: int = 0
    bugs: tuple[Bug, ...] = ()

    @property
    def independent(self) -> int:
        """The runs that do not follow earlier ones."""
        return self.runs - self.dependent

    @property
    def upper_bound(self) -> float | None:
        """The highest share of failing runs that fits in with so many that did not fail."""
        clean = self.independent > 0 and self.verdict == Verdict.HELD
        return upper_bound(self.independent) if clean else None
