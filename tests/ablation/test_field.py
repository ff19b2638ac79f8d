"""Bugs that people had (`scenarios/field`): each is red on the policy that had it, and gone under
the recommended one.

A limit that a policy of the field is expected to break by (`>=`) is a bug told in milliseconds or
events: the recommended policy must not reach it. Where that cannot be, the file says that no policy
can help, and the recommended one has the bug, too.
"""

from __future__ import annotations

import functools
import re

import pytest

from oneroom.checks.registry import NAMES
from oneroom.policies import registry
from oneroom.policies.registry import RECOMMENDED
from oneroom.scenario import Scenario
from tests.ablation.runs import broken, limits_kept, scenario, without
from tests.project import SCENARIOS

FILES = sorted(path.name for path in (SCENARIOS / "field").glob("*.yaml"))
OURS = {"naive", "main-only", "heartbeat", "web-lock", RECOMMENDED}
NO_POLICY_CAN_HELP = "No policy can help"


@functools.cache
def field(name: str) -> Scenario:
    """A scenario of the field."""
    return scenario(f"field/{name}")


@pytest.mark.parametrize("name", FILES)
def test_it_is_named_after_its_source(name: str) -> None:
    assert re.match(r"((w|s)-\d\d|[a-z]+)-[a-z0-9-]+\.yaml", name)
    assert re.search(r"\w+[#/]\w+|[\w-]+, \w+", field(name).why), "`why:` names the public source"


@pytest.mark.parametrize("name", FILES)
def test_the_policy_that_had_it_still_has_it(name: str) -> None:
    bug = field(name)
    expected = {claim.check for claim in bug.expect.violated}
    assert expected or bug.expect.limits
    assert (
        expected
        <= broken(bug, bug.policies[0])
        <= expected | {claim.check for claim in bug.expect.may_violate}
    )


@pytest.mark.parametrize("name", FILES)
def test_the_recommended_policy_does_not_have_it(name: str) -> None:
    bug = without(field(name))
    helpless = NO_POLICY_CAN_HELP in bug.why
    found = broken(bug, RECOMMENDED) & set(NAMES)
    if bug.expect.violated:
        assert (found != set()) is helpless
    else:
        assert found == set()
        assert limits_kept(bug, RECOMMENDED) is helpless


def test_every_policy_of_the_field_has_a_bug_here() -> None:
    assert {policy for name in FILES for policy in field(name).policies} >= set(
        registry.NAMES
    ) - OURS
