"""Every safeguard earns its place: with it off a check fails in a whole simulated run, with it on it holds.

Four protections cost time and not safety, so the run without them breaks a limit of the ledger: a frozen owner that
is not asked loses its call, a window that closes without a goodbye leaves the user without an owner for a lease, an
owner without a token in hand waits for the application's server, and a hidden window that asks for the ownership gets
it, loses it and asks again.
"""

from __future__ import annotations

import pytest

from harness.core.safeguards import Safeguards
from tests.ablation.runs import SEEDS, broken, limits_kept, scenario, without

# safeguard -> scenario in which it is off, check that fails there
BY_CHECK: dict[str, tuple[str, str]] = {
    "fence_on_gap": ("negative/zombie-without-a-fence.yaml", "fenced_actions"),
    "abort_connecting": ("negative/a-room-that-opens-is-left-alone.yaml", "single_room"),
    "close_before_handoff": ("negative/handoff-before-the-room-is-closed.yaml", "single_room"),
    "term_check": ("negative/terms-are-not-compared.yaml", "single_room"),
    "snapshot_order": ("negative/a-mirror-goes-back.yaml", "snapshot_monotonic"),
    "missed_by_row": ("../tests/ablation/cases/the-row-is-not-believed.yaml", "mirrors_converge"),
    "dedupe_commands": ("negative/a-command-takes-effect-twice.yaml", "command_effect_once"),
    "inherit_applied": ("negative/the-heir-forgets-what-was-applied.yaml", "command_effect_once"),
    "write_ahead": ("negative/a-mute-dies-with-its-owner.yaml", "mute_is_sticky"),
    "publish_muted": ("negative/heard-for-one-packet.yaml", "mute_is_sticky"),
    "leave_cancels": ("negative/a-leave-does-not-cancel.yaml", "user_leave_wins"),
    "share_waits": ("negative/the-picker-opens-by-itself.yaml", "share_needs_gesture"),
    "chat_dedupe": ("negative/chat-shows-a-line-twice.yaml", "chat_once"),
    "chat_order": ("negative/chat-does-not-wait-for-history.yaml", "chat_in_order"),
    "chat_catch_up": ("negative/chat-forgets-what-it-missed.yaml", "chat_complete"),
    "chat_history_first": ("negative/chat-sends-before-it-reads.yaml", "chat_once"),
    "chat_same_id": ("negative/chat-sends-under-a-new-id.yaml", "chat_once"),
    "chat_one_socket": ("negative/chat-has-two-sockets.yaml", "single_chat_socket"),
    "write_claim": ("../tests/ablation/cases/the-claim-is-not-written.yaml", "single_room"),
    "follower_sends": ("negative/the-overlay-connects-by-itself.yaml", "follower_never_connects"),
}
# Where two milliseconds decide: of so many seeds a few break it.
SEEDS_NEEDED = {"write_claim": 400}
# safeguard -> scenario in which it is off, and whose limits only hold then
BY_LEDGER: dict[str, str] = {
    "probe_before_steal": "negative/the-owner-is-not-asked.yaml",
    "release_on_pagehide": "negative/closing-without-a-goodbye.yaml",
    "keep_token": "negative/no-token-in-hand.yaml",
    "ask_on_time": "negative/a-hidden-main-window-asks-again-and-again.yaml",
}


def test_every_safeguard_is_here() -> None:
    assert {*BY_CHECK, *BY_LEDGER} == set(Safeguards.__struct_fields__)


@pytest.mark.parametrize("safeguard", BY_CHECK)
def test_without_it_a_check_fails(safeguard: str) -> None:
    path, check = BY_CHECK[safeguard]
    planted = scenario(path)
    assert planted.without == (safeguard,)
    assert check in broken(planted, planted.policies[0], SEEDS_NEEDED.get(safeguard, SEEDS))


@pytest.mark.parametrize("safeguard", BY_CHECK)
def test_with_it_every_check_holds(safeguard: str) -> None:
    planted = scenario(BY_CHECK[safeguard][0])
    assert broken(without(planted), planted.policies[0]) <= set(planted.expect.limits)


@pytest.mark.parametrize("safeguard", BY_LEDGER)
def test_what_it_costs_not_to_have_it(safeguard: str) -> None:
    planted = scenario(BY_LEDGER[safeguard])
    assert planted.without == (safeguard,)
    assert planted.expect.limits
    assert limits_kept(planted, planted.policies[0])
    assert not limits_kept(without(planted), planted.policies[0])
