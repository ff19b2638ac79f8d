"""The runs that the page may ask for: stored failures by their names, and runs of the scenarios
that the server was started with.

Rules: what a request names is looked up, never opened: a name that is not among the stored
failures, the scenarios or the policies is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import msgspec

from oneroom.explore.judged_run import run_judged
from oneroom.explore.replay import Outdated, scenario_of
from oneroom.explore.store import Store, Unreadable
from oneroom.explore.stored_failure import StoredFailure, draws
from oneroom.explore.what_if import Version, first_version
from oneroom.policies.registry import NAMES, UnknownPolicy
from oneroom.report import figures
from oneroom.scenario import Scenario, ScenarioError
from oneroom.ui.server import Refused

# Loads the scenario of that path, None if the server was not started with it. Raises
# ScenarioError.
Load = Callable[[str], Scenario | None]


class RunName(msgspec.Struct, frozen=True):
    """A run by name: that of a stored failure, or scenario, policy and seed."""

    id: str = ""
    scenario: str = ""
    policy: str = ""
    seed: int = 1


class Runs:
    """All runs that there are. `policies` are those of the user's own that the server was started
    with.
    """

    def __init__(self, load: Load, policies: Collection[str]) -> None:
        self._load = load
        self._policies = policies

    def find(self, name: RunName) -> Version:
        """The run of that name, played. Raises Refused."""
        store = Store()
        try:
            if name.id in store.ids():
                return _replayed(store.load(name.id))
            return self._played(name)
        except (Unreadable, Outdated, UnknownPolicy, OSError) as error:
            raise Refused(str(error)) from error
        except ScenarioError as error:
            raise Refused(error.problems[0].message) from error

    def _played(self, name: RunName) -> Version:
        scenario = self._load(name.scenario) if name.scenario else None
        if scenario is None:
            raise Refused(
                f"{name.id or name.scenario} is neither a stored failure nor one of the scenarios "
                "that `oneroom ui` was started with"
            )
        known = {*NAMES, *self._policies, *scenario.policies}
        if scenario.bundle is None and name.policy not in known:
            raise Refused(f"there is no policy {name.policy!r}")
        if not 0 <= name.seed < 1 << 63:
            raise Refused(f"{name.seed} is no seed")
        run = run_judged(scenario, name.policy, name.seed).run
        return first_version(scenario, name.policy, name.seed, run.tape)


def _replayed(stored: StoredFailure) -> Version:
    return first_version(scenario_of(stored), stored.policy, stored.seed, draws(stored))


def stored_failures(since_s: float = 0) -> list[dict[str, Any]]:
    """The failures stored since then, as the page lists them, the newest first; those that cannot
    be read say why.
    """
    store = Store()
    found: list[dict[str, Any]] = []
    for name in sorted(store.ids(), key=lambda name: (-store.kept_s(name), name)):
        kept_s = store.kept_s(name)
        if kept_s < since_s:
            break
        try:
            found.append(_facts(store.load(name), kept_s))
        except (Unreadable, OSError) as error:
            found.append({"id": name, "error": str(error)})
    return found


def _facts(stored: StoredFailure, kept_s: float) -> dict[str, Any]:
    return {
        "id": stored.id,
        "check": stored.check,
        "message": stored.message,
        "at": figures.timestamp(stored.at_us),
        "title": stored.title,
        "scenario": stored.scenario,
        "line": stored.line,
        "policy": stored.policy,
        "seed": stored.seed,
        "records": stored.records,
        "kept_s": kept_s,
    }
