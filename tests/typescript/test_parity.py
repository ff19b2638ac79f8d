"""Both cores are one machine: digests of runs, and actions of random sequences, are equal."""

from __future__ import annotations

import pytest

from oneroom.javascript.typescript_core import TypeScriptCore
from oneroom.scenario.bundle import Bundle
from tests.project import SCENARIOS
from tests.typescript.fuzzer import chat_differs, coordinator_differs
from tests.typescript.parity import compare, scenarios

SEQUENCES = range(600)


@pytest.mark.parametrize(
    ("policy", "folder", "count"),
    [("web-lock-lease", "", 250), ("web-lock", "", 250), ("main-only", "stage1", 20)],
)
def test_digests_are_equal(policy: str, folder: str, count: int, core_bundle: Bundle) -> None:
    """One seed of each scenario; `make parity` plays twenty."""
    chosen = scenarios(policy, (str(SCENARIOS / folder),))
    assert len(chosen) >= count
    differ = [
        str(compared)
        for scenario in chosen
        if (compared := compare(core_bundle, scenario, policy, 1)).differs
    ]
    assert differ == []


def test_actions_are_equal(core: TypeScriptCore) -> None:
    for seed in SEQUENCES:
        assert coordinator_differs(core, seed) is None


def test_actions_of_the_chat_are_equal(core: TypeScriptCore) -> None:
    for seed in SEQUENCES[:100]:
        assert chat_differs(core, seed) is None
