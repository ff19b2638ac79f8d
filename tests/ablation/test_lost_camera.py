"""A camera that does not come back is red, whatever the election: after a server that was away
until the SDK has given up.
"""

from __future__ import annotations

import pytest

from oneroom.explore.judged_run import run_judged
from oneroom.policies.registry import NAMES
from oneroom.scenario import Scenario
from tests.ablation.runs import scenario, without

LOST = scenario("field/workadventure-the-camera-is-lost-with-the-old-room.yaml")
SEEDS = range(1, 4)


def told(played: Scenario, policy: str, seed: int) -> list[str]:
    found = run_judged(played, policy, seed).result.violations
    return [one.message for one in found if one.check == "intent_restored"]


# `naive` has two owners by then, and the first of them no Room at all.
@pytest.mark.parametrize("policy", [name for name in NAMES if name != "naive"])
def test_a_camera_that_is_lost_for_good_is_red(policy: str) -> None:
    for seed in SEEDS:
        [message] = told(LOST, policy, seed)
        assert message.startswith("after healing the camera of ")
        assert message.endswith(" is not published although the user has it on")
        assert told(without(LOST), policy, seed) == []
