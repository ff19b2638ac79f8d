"""The fixture `oneroom_run`: scenarios that a test runs itself."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from oneroom import named_class, testing
from oneroom.checks.check import Check
from oneroom.checks.registry import UnknownCheck
from oneroom.core.policy import Policy
from oneroom.policies.registry import UnknownPolicy
from oneroom.pytest_plugin.defaults import as_seeds, defaults
from oneroom.scenario import Scenario, ScenarioError
from oneroom.testing import Outcome

Seeds = int | range | str


class ScenarioRuns:
    """Runs scenarios for the test `node`; calling it is one run of `oneroom.run`."""

    def __init__(self, node: pytest.Item) -> None:
        self._node = node
        self._defaults = defaults(node.config)
        self._seeds, self._policy = _marked(node)

    def __call__(
        self,
        scenario: Scenario | Path | str,
        policy: type[Policy] | str | None = None,
        seeds: Seeds | None = None,
        checks: Sequence[type[Check] | str] = (),
        *,
        must_hold: bool = True,
    ) -> Outcome:
        """The outcome; with `must_hold`, the test fails if it is not as the scenario expects."""
        __tracebackhide__ = True
        chosen = self._defaults
        wanted = seeds if seeds is not None else self._seeds
        under = policy or self._policy or (chosen.policies or (None,))[0]
        try:
            named_class.search_here()
            plan = testing.plan_of(
                scenario,
                under,
                chosen.asked or (chosen.seeds if wanted is None else as_seeds(wanted)),
                (*chosen.checks, *checks),
            )
        except _users_errors() as error:
            pytest.fail(str(error), pytrace=False)
        outcome = testing.run_plan(plan, testing.brief)
        tell(self._node, outcome)
        if must_hold and not outcome.held:
            pytest.fail(outcome.text, pytrace=False)
        return outcome


def tell(node: pytest.Item, outcome: Outcome) -> None:
    """Add what was run to the properties of a test: they are in JUnit files, and reach the
    controller of a distributed session.
    """
    for group, result in zip(outcome.groups, outcome.shown, strict=True):
        node.user_properties += [
            ("scenario", group.scenario),
            ("policy", group.policy),
            ("runs", str(group.seeds)),
            ("seed", str(result.seed)),
            ("digest", result.digest),
        ]
        if group.verdict != "held":
            node.user_properties.append(("repro", result.repro))


def _users_errors() -> tuple[type[Exception], ...]:
    """The errors of what a user names: files, policies, checks, seeds, and an app that cannot be
    bundled or run. Those of an app are imported when something was raised.
    """
    from oneroom.javascript.bundler import NotBundled
    from oneroom.javascript.engine import EngineMissing
    from oneroom.javascript.node import NodeMissing

    wrong_app = (NotBundled, EngineMissing, NodeMissing)
    return (ScenarioError, UnknownPolicy, UnknownCheck, ValueError, *wrong_app)


def _marked(node: pytest.Item) -> tuple[Seeds | None, type[Policy] | str | None]:
    """Seeds and policy of the closest marker."""
    marker = node.get_closest_marker("oneroom")
    if marker is None:
        return None, None
    unknown = sorted(set(marker.kwargs) - {"seeds", "policy"})
    if marker.args or unknown:
        what = f"{unknown[0]}=…" if unknown else f"{marker.args[0]!r}"
        pytest.fail(f"@pytest.mark.oneroom takes seeds=… and policy=…, not {what}", pytrace=False)
    return marker.kwargs.get("seeds"), marker.kwargs.get("policy")
