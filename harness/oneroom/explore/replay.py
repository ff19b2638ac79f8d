"""Replay of a stored failure from its tape.

Rules: the scenario's text is replayed as it was stored, not the file as it is now. A run that asks
for other draws than the tape holds, as after a change of the policy, is made once more with the
entries of each label in their order. FIXED is reported only if every entry that is not the ordinary
value was asked for, so that the schedule still applies, and no fresh seed breaks the check.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from oneroom.checks.registry import KEYS, NAMES, UnknownCheck, load
from oneroom.checks.results import RAISED, Finding
from oneroom.choices.replay import Replay
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.explore.expectation import ENTRIES
from oneroom.explore.judged_run import SFU, JudgedRun, run_judged
from oneroom.explore.scenario_text import ScenarioText
from oneroom.explore.stored_failure import StoredFailure, draws, text_of
from oneroom.scenario import Scenario, ScenarioError
from oneroom.scenario.source import read_source

_FRESH = 20
# Names of checks and of entries of the scenario's `expect` (oneroom.explore.expectation).
_CHECKS = frozenset((*NAMES, *KEYS, *ENTRIES, *RAISED))


class Outdated(Exception):
    """A stored failure of a check that does not exist any more; `args` are one clause."""


class Outcome(enum.StrEnum):
    """Result of replaying a stored failure."""

    FAILED = "FAILED"  # it still breaks
    FIXED = "FIXED"  # the schedule still applies, and it holds
    # a draw of the tape is not asked for any more, or the run cannot be made
    STALE = "STALE"


@dataclass(frozen=True)
class Replayed:
    """A replay.

    `finding` is the stored failure found again; `stale_at` the number of the first draw that
    differed, -1 for none; `unused` is the position of the first entry of the tape that the run has
    no use for, -1 for none. `fresh` seeds were tried because the tape was stale, `fresh_broken` of
    them broke the same check. `file_changed` is true if the scenario file is not what was stored
    (or is gone).
    """

    stored: StoredFailure
    judged: JudgedRun
    outcome: Outcome
    finding: Finding | None
    stale_at: int
    fresh: int
    fresh_broken: int
    file_changed: bool
    unused: int = -1

    @property
    def same_digest(self) -> bool:
        """True if it is the same run, record by record."""
        return self.judged.result.digest == self.stored.digest


def replay(stored: StoredFailure) -> Replayed:
    """Run a stored failure again.

    Raises oneroom.scenario.ScenarioError if its text is refused now, UnknownPolicy if its policy is
    gone, Outdated if its check is.
    """
    scenario = checked_scenario_of(stored)
    tape = Replay(draws(stored))
    again = run_judged(scenario, stored.policy, stored.seed, tape)
    finding = _found(again, stored.check)
    # A run that ends before the tape does differs from it as well.
    stale_at = (
        tape.stale_at if tape.stale_at >= 0 or tape.position == len(stored.tape) else tape.position
    )
    if stored.sfu != SFU and finding is None:
        stale_at = max(stale_at, 0)  # no tape holds what a real server did
    unused = -1
    if finding is None and stale_at >= 0:
        by_label = ReplayByLabel(draws(stored))
        again = run_judged(scenario, stored.policy, stored.seed, by_label)
        finding = _found(again, stored.check)
        unused = min(by_label.unused(), default=-1)
    fresh = _FRESH if finding is None and stale_at >= 0 else 0
    fresh_runs = (
        run_judged(scenario, stored.policy, seed)
        for seed in range(stored.seed, stored.seed + fresh)
    )
    broken = [one for one in fresh_runs if _found(one, stored.check) is not None]
    if broken:
        again, finding = broken[0], _found(broken[0], stored.check)
    applies = stale_at < 0 or (unused < 0 and stored.sfu == SFU)
    outcome = Outcome.FAILED if finding is not None else Outcome.FIXED if applies else Outcome.STALE
    changed = _changed(stored)
    return Replayed(stored, again, outcome, finding, stale_at, fresh, len(broken), changed, unused)


def checked_scenario_of(stored: StoredFailure) -> Scenario:
    """The scenario of a stored failure, whose check and handlers are still there.

    Raises oneroom.scenario.ScenarioError, Outdated.
    """
    scenario = scenario_of(stored)
    if stored.check not in _CHECKS and stored.check not in _own(scenario):
        raise Outdated(f"there is no check `{stored.check}` any more")
    _find_handlers(scenario)
    return scenario


def scenario_of(stored: StoredFailure) -> Scenario:
    """The scenario of a stored failure as it was run. Raises oneroom.scenario.ScenarioError."""
    return ScenarioText(
        stored.scenario,
        text_of(stored),
        stored.bus,
        stored.checks,
        stored.bundle,
        stored.core,
        stored.timings_us,
    ).scenario()


def _own(scenario: Scenario) -> tuple[str, ...]:
    """The names of the user's own checks. Raises Outdated if one is gone."""
    try:
        return tuple(load(name).name for name in scenario.own_checks)
    except UnknownCheck as error:
        raise Outdated(str(error)) from error


def _find_handlers(scenario: Scenario) -> None:
    """Raise Outdated if a handler of the app's own server is gone."""
    if scenario.bundle is None or not scenario.app_server.handlers:
        return
    from oneroom.sim.socket_handlers import UnknownHandler
    from oneroom.sim.socket_handlers import load as load_handler

    try:
        for name in scenario.app_server.handlers:
            load_handler(name)
    except UnknownHandler as error:
        raise Outdated(str(error)) from error


def _found(again: JudgedRun, check: str) -> Finding | None:
    return next((finding for finding in again.result.violations if finding.check == check), None)


def _changed(stored: StoredFailure) -> bool:
    try:
        return read_source(stored.scenario).text != text_of(stored)
    except ScenarioError:
        return True
