"""A stored failure, run again from its tape.

Rules: what is replayed is the scenario's text as it was stored, not the file as it is now. FIXED is
only said of a run that drew exactly what the tape holds; a run that asked for other draws is
another run, and its innocence proves nothing.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from oneroom.checks.registry import KEYS, NAMES
from oneroom.checks.results import Finding
from oneroom.choices.replay import Replay
from oneroom.explore.judged_run import SFU, JudgedRun, run_judged
from oneroom.explore.scenario_text import ScenarioText
from oneroom.explore.store import StoredFailure, draws, text_of
from oneroom.scenario import ScenarioError
from oneroom.scenario.source import read_source

_FRESH = 20
# What a failure may be one of: a check, or a promise of the scenario's `expect`
# (oneroom.explore.expectation).
_CHECKS = frozenset((*NAMES, *KEYS, "share"))


class Outdated(Exception):
    """A stored failure of a check that is no more, so that no run can break or keep it; `args` are
    one clause.
    """


class Outcome(enum.StrEnum):
    """What became of a stored failure."""

    FAILED = "FAILED"  # it still breaks
    FIXED = "FIXED"  # the very same draws, and it holds
    # the run draws otherwise now, or cannot be made; whether it is fixed cannot be said
    STALE = "STALE"


@dataclass(frozen=True)
class Replayed:
    """A replay. `finding` is the stored failure found again; `stale_at` the number of the first
    draw that differed, -1 for none.

    `fresh` seeds were tried because the tape was stale, `fresh_broken` of them broke the same
    check. `file_changed` says that the scenario file is not what was stored (or is gone).
    """

    stored: StoredFailure
    judged: JudgedRun
    outcome: Outcome
    finding: Finding | None
    stale_at: int
    fresh: int
    fresh_broken: int
    file_changed: bool

    @property
    def same_digest(self) -> bool:
        """Whether it is the same run, record by record."""
        return self.judged.result.digest == self.stored.digest


def replay(stored: StoredFailure) -> Replayed:
    """Run it again. Raises oneroom.scenario.ScenarioError if its text is refused now, UnknownPolicy
    if its policy is gone, Outdated if its check is.
    """
    if stored.check not in _CHECKS:
        raise Outdated(f"there is no check `{stored.check}` any more")
    scenario = ScenarioText(stored.scenario, text_of(stored), stored.bus).scenario()
    tape = Replay(draws(stored))
    again = run_judged(scenario, stored.policy, stored.seed, tape)
    finding = _found(again, stored.check)
    # A run that ends before the tape does has parted from it as well.
    stale_at = (
        tape.stale_at if tape.stale_at >= 0 or tape.position == len(stored.tape) else tape.position
    )
    if stored.sfu != SFU and finding is None:
        stale_at = max(stale_at, 0)  # what a real server did, no tape holds
    fresh = _FRESH if finding is None and stale_at >= 0 else 0
    fresh_runs = (
        run_judged(scenario, stored.policy, seed)
        for seed in range(stored.seed, stored.seed + fresh)
    )
    broken = [one for one in fresh_runs if _found(one, stored.check) is not None]
    if broken:
        again, finding = broken[0], _found(broken[0], stored.check)
    outcome = (
        Outcome.FAILED if finding is not None else Outcome.FIXED if stale_at < 0 else Outcome.STALE
    )
    return Replayed(stored, again, outcome, finding, stale_at, fresh, len(broken), _changed(stored))


def _found(again: JudgedRun, check: str) -> Finding | None:
    return next((finding for finding in again.result.violations if finding.check == check), None)


def _changed(stored: StoredFailure) -> bool:
    try:
        return read_source(stored.scenario).text != text_of(stored)
    except ScenarioError:
        return True
