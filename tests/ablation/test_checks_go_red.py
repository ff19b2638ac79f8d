"""Every check goes red in a whole simulated run with a planted bug, and stays quiet when the bug is taken out.

A bug is a safeguard that is off, a policy that is known to be bad, or a class of `tests.ablation.planted`.
"""

from __future__ import annotations

import pytest

import harness.sim.lives
from harness.checks.registry import NAMES
from harness.policies.registry import RECOMMENDED
from harness.scenario import Scenario
from tests.ablation.planted import ForgetfulRooms
from tests.ablation.runs import broken, scenario, without

NOBODY_OWNS = "tests.ablation.planted:NobodyOwns"
JOINS = "stage1/overlay-joins-through-main.yaml"

# check -> scenario, the bad policy
BY_POLICY: dict[str, tuple[str, str]] = {
    "single_participant": ("negative/naive-user-is-in-the-call-twice.yaml", "naive"),
    "one_owner_per_term": ("stage1/windows-open-in-the-same-instant.yaml", "naive"),
    "single_prompt": ("negative/naive-prompts-collide.yaml", "naive"),
    "owner_elected": ("negative/naive-user-is-kicked-by-the-other-window.yaml", "naive"),
    "mirrors_converge": ("negative/naive-two-stores-diverge.yaml", "naive"),
    "no_eviction_loop": ("stage1/partitioned-owner-is-not-deposed.yaml", "heartbeat"),
    "commands_resolve": (JOINS, NOBODY_OWNS),
}
# check -> scenario with its safeguard off (its own `without`, or the one that is named)
BY_SAFEGUARD: dict[str, tuple[str, str]] = {
    "single_room": ("stage1/main-comes-back.yaml", "close_before_handoff"),
    "no_ghost_capture": ("stage1/main-comes-back.yaml", "close_before_handoff"),
    "fenced_actions": ("stage1/stalled-owner-is-deposed.yaml", "fence_on_gap"),
    "follower_never_connects": (JOINS, "follower_sends"),
    "command_effect_once": ("negative/a-command-takes-effect-twice.yaml", "dedupe_commands"),
    "snapshot_monotonic": (JOINS, "snapshot_order"),
    "share_needs_gesture": ("negative/the-picker-opens-by-itself.yaml", "share_waits"),
    "mute_is_sticky": ("stage1/command-to-a-dying-owner.yaml", "publish_muted"),
    "user_leave_wins": ("stage1/disconnect-during-failover.yaml", "leave_cancels"),
    "single_chat_socket": ("negative/chat-has-two-sockets.yaml", "chat_one_socket"),
    "chat_once": ("negative/chat-shows-a-line-twice.yaml", "chat_dedupe"),
    "chat_in_order": ("negative/chat-does-not-wait-for-history.yaml", "chat_order"),
    "chat_complete": ("negative/chat-forgets-what-it-missed.yaml", "chat_catch_up"),
    "intent_restored": ("negative/a-mute-dies-with-its-owner.yaml", "write_ahead"),
}
BY_DRIVER = "no_orphan_participant"


def healthy(planted: Scenario) -> set[str]:
    """The checks that the recommended policy breaks there, with everything on: none."""
    return broken(without(planted), RECOMMENDED) & set(NAMES)


def test_every_check_is_here() -> None:
    assert {*BY_POLICY, *BY_SAFEGUARD, BY_DRIVER} == set(NAMES)


@pytest.mark.parametrize("check", BY_POLICY)
def test_a_bad_policy_trips_it(check: str) -> None:
    path, policy = BY_POLICY[check]
    assert check in broken(scenario(path), policy)


@pytest.mark.parametrize("check", BY_SAFEGUARD)
def test_a_missing_safeguard_trips_it(check: str) -> None:
    path, safeguard = BY_SAFEGUARD[check]
    assert check in broken(without(scenario(path), safeguard), RECOMMENDED)


def test_a_driver_that_closes_nothing_leaves_an_orphan(monkeypatch: pytest.MonkeyPatch) -> None:
    assert BY_DRIVER not in broken(scenario(JOINS), RECOMMENDED)
    monkeypatch.setattr(harness.sim.lives, "Rooms", ForgetfulRooms)
    assert BY_DRIVER in broken(scenario(JOINS), RECOMMENDED)


@pytest.mark.parametrize("path", sorted({path for path, _ in (*BY_POLICY.values(), *BY_SAFEGUARD.values())}))
def test_without_the_bug_nothing_is_broken(path: str) -> None:
    assert healthy(scenario(path)) == set()
