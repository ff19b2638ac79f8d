"""The planted bugs: which one is in which scenario, and what catches it.

A bug is a safeguard that is missing, a policy that is known to be bad, or a class of
`tests.ablation.planted`. What catches it is a check, or a limit on the ledger: such a scenario
expects the harm in its own `expect` (`elections: ">= 3"`), and the bug is caught in every run that
has it.
"""

from __future__ import annotations

from typing import NamedTuple

from oneroom.checks.registry import KEYS
from oneroom.checks.results import Result
from oneroom.explore.judged_run import run_judged
from oneroom.explore.plan import Play, play
from oneroom.policies.registry import RECOMMENDED
from oneroom.scenario import Scenario
from tests.ablation.planted import play_deaf, play_forgetful, play_republishing
from tests.ablation.runs import scenario

CASES = "../tests/ablation/cases"


class Bug(NamedTuple):
    """`name` is the safeguard, or says what is wrong; `path` is below `scenarios/`; `caught_by` a
    check or a ledger key. `policy` is what it runs under, "" for the scenario's own; `seeds` within
    how many the suite must see it.
    """

    name: str
    path: str
    caught_by: str
    policy: str = ""
    play: Play = play
    seeds: int = 40

    @property
    def scenario(self) -> Scenario:
        """The scenario with the bug in it."""
        return scenario(self.path)

    @property
    def control(self) -> str:
        """The policy of the same scenario without the bug."""
        return RECOMMENDED if self.policy else self.scenario.policies[0]

    def shows_in(self, result: Result) -> bool:
        """Whether a run has what the bug is caught by. A limit of the file is the harm itself: it
        is kept.
        """
        found = {finding.check for finding in result.violations}
        return (self.caught_by in found) is not (self.caught_by in KEYS)


def play_healthy(planted: Scenario, policy: str, seed: int) -> Result:
    """A run with all safeguards."""
    return run_judged(planted.model_copy(update={"without": ()}), policy, seed).result


# One row a safeguard, in the order of `harness/oneroom/ablation/safeguards.py`.
SAFEGUARDS: tuple[Bug, ...] = (
    Bug("fence_on_gap", "negative/zombie-without-a-fence.yaml", "fenced_actions"),
    Bug("read_lease_first", f"{CASES}/the-row-is-read-too-late.yaml", "fenced_actions"),
    Bug("atomic_turns", f"{CASES}/a-turn-in-the-middle-of-a-turn.yaml", "mirrors_converge"),
    Bug("confirm_when_stale", f"{CASES}/a-frozen-owner-answers-at-once.yaml", "fenced_actions"),
    Bug("fresh_answer", f"{CASES}/an-old-answer-counts.yaml", "fenced_actions"),
    Bug("check_lock_on_resume", f"{CASES}/a-thawed-owner-is-sure-of-itself.yaml", "fenced_actions"),
    Bug("confirm_without_room", f"{CASES}/hidden-windows-elect-for-ever.yaml", "elections"),
    Bug("stale_owner_opens_nothing", f"{CASES}/a-doubtful-owner-opens-a-room.yaml", "single_room"),
    Bug("abort_connecting", "negative/a-room-that-opens-is-left-alone.yaml", "single_room"),
    Bug("probe_before_steal", "negative/the-owner-is-not-asked.yaml", "elections"),
    Bug("stay_while_unasked", f"{CASES}/a-busy-owner-leaves-its-call.yaml", "calls_torn_down"),
    Bug("write_claim", f"{CASES}/the-claim-is-not-written.yaml", "single_room", seeds=200),
    Bug("request_on_time", "negative/a-hidden-main-window-asks-again-and-again.yaml", "elections"),
    Bug("claim_after_steal", f"{CASES}/a-stolen-lock-is-used-at-once.yaml", "elections", seeds=200),
    Bug("lease_counts_as_alive", f"{CASES}/a-deaf-window-deposes-the-owner.yaml", "elections"),
    Bug("ignore_stale_replies", f"{CASES}/an-old-answer-makes-an-owner.yaml", "fenced_actions"),
    Bug("rival_steps_down", f"{CASES}/two-owners-of-one-term.yaml", "owner_elected"),
    Bug("persist_term", f"{CASES}/a-reloaded-window-counts-from-one.yaml", "one_owner_per_term"),
    Bug("yield_lock", f"{CASES}/the-successor-is-overtaken.yaml", "elections"),
    Bug("close_before_handoff", "negative/handoff-before-the-room-is-closed.yaml", "single_room"),
    Bug("release_on_pagehide", "negative/closing-without-a-goodbye.yaml", "no_owner_ms"),
    Bug("term_check", "negative/terms-are-not-compared.yaml", "single_room"),
    Bug("snapshot_order", "negative/a-mirror-goes-back.yaml", "snapshot_monotonic"),
    Bug("missed_by_lease", f"{CASES}/the-row-is-not-believed.yaml", "mirrors_converge"),
    Bug("ask_missed", f"{CASES}/a-mirror-does-not-ask.yaml", "mirrors_converge"),
    Bug(
        "owner_ignores_snapshots", f"{CASES}/an-owner-believes-another-one.yaml", "mirrors_converge"
    ),
    Bug("ignore_own", f"{CASES}/a-window-hears-itself.yaml", "snapshot_monotonic"),
    Bug("every_bus", f"{CASES}/one-bus-of-two.yaml", "commands_lost"),
    Bug("dedupe_commands", "negative/a-command-takes-effect-twice.yaml", "command_effect_once"),
    Bug("command_order", f"{CASES}/a-command-overtakes-another.yaml", "commands_resolve"),
    Bug("repeat_commands", f"{CASES}/a-command-is-sent-once.yaml", "commands_resolve"),
    Bug("answer_again", f"{CASES}/a-command-is-answered-once.yaml", "commands_lost"),
    Bug(
        "inherit_applied",
        "negative/the-successor-forgets-what-was-applied.yaml",
        "command_effect_once",
    ),
    Bug("write_ahead", "negative/a-mute-dies-with-its-owner.yaml", "mute_is_sticky"),
    Bug("publish_muted", "negative/heard-for-one-packet.yaml", "mute_is_sticky"),
    Bug(
        "move_room",
        "field/fluxer-the-voice-stays-in-the-old-channel.yaml",
        "intent_restored",
    ),
    Bug(
        "restore_camera",
        "field/workadventure-the-camera-is-lost-with-the-old-room.yaml",
        "intent_restored",
    ),
    Bug(
        "follow_default",
        "field/element-the-headset-is-plugged-in-and-not-used.yaml",
        "intent_restored",
    ),
    Bug("ask_overtaken", f"{CASES}/a-microphone-is-asked-for-once.yaml", "intent_restored"),
    Bug(
        "obey_moderators",
        "field/bigbluebutton-a-moderators-mute-is-lost-with-its-session.yaml",
        "mute_is_sticky",
    ),
    Bug("tell_silence", f"{CASES}/a-silencing-is-not-told.yaml", "mute_is_sticky"),
    Bug("retry_leave", f"{CASES}/a-leave-expires.yaml", "user_leave_wins"),
    Bug("leave_cancels", "negative/a-leave-does-not-cancel.yaml", "user_leave_wins"),
    Bug(
        "share_waits_for_gesture", "negative/the-picker-opens-by-itself.yaml", "share_needs_gesture"
    ),
    Bug("share_needs_local_gesture", f"{CASES}/an-old-click-asks-for-the-picker.yaml", "prompts"),
    Bug("obey_removal", f"{CASES}/a-removed-user-comes-back.yaml", "removal_is_final"),
    Bug("tell_removal", f"{CASES}/a-removal-is-not-told.yaml", "removal_is_final"),
    Bug("reclaim_once", f"{CASES}/two-stubborn-owners.yaml", "no_eviction_loop"),
    Bug(
        "only_owner_connects",
        "negative/the-overlay-connects-by-itself.yaml",
        "follower_never_connects",
    ),
    Bug("cache_token", "negative/no-token-in-hand.yaml", "no_room_ms"),
    Bug("check_expiry", f"{CASES}/an-expired-token-is-tried.yaml", "no_expired_token"),
    Bug("age_by_wall_clock", f"{CASES}/a-token-sleeps.yaml", "no_expired_token"),
    Bug("chat_dedupe", "negative/chat-shows-a-line-twice.yaml", "chat_once"),
    Bug("chat_order", "negative/chat-does-not-wait-for-history.yaml", "chat_in_order"),
    Bug("chat_catch_up", "negative/chat-forgets-what-it-missed.yaml", "chat_complete"),
    Bug("chat_history_first", "negative/chat-sends-before-it-reads.yaml", "chat_once"),
    Bug("chat_same_id", "negative/chat-sends-under-a-new-id.yaml", "chat_once"),
    Bug(
        "chat_looks_after_sleep",
        "field/socketio-a-sleep-delays-the-heartbeat.yaml",
        "chat_late_ms",
    ),
    Bug("chat_one_socket", "negative/chat-has-two-sockets.yaml", "single_chat_socket"),
)

# What catches none of the rows above as its first, and the bug that it is there for.
OTHERS: tuple[Bug, ...] = (
    Bug(
        "policy `naive`",
        "negative/naive-user-is-in-the-call-twice.yaml",
        "single_participant",
        "naive",
    ),
    Bug("policy `naive`", "negative/naive-prompts-collide.yaml", "single_prompt", "naive"),
    Bug(
        "policy `naive`",
        "negative/naive-user-is-kicked-by-the-other-window.yaml",
        "owner_elected",
        "naive",
    ),
    Bug("write_ahead", "negative/a-mute-dies-with-its-owner.yaml", "intent_restored"),
    Bug(
        "a driver that closes no Room",
        "stage1/overlay-joins-through-main.yaml",
        "no_orphan_participant",
        RECOMMENDED,
        play_forgetful,
    ),
    Bug(
        "a driver that closes no Room",
        "stage4/channel-is-changed-on-a-slow-network.yaml",
        "single_participant",
        RECOMMENDED,
        play_forgetful,
    ),
    Bug(
        "a driver that closes no Room",
        "stage4/channel-is-changed-on-a-slow-network.yaml",
        "single_publication",
        RECOMMENDED,
        play_forgetful,
    ),
    Bug(
        "a driver that hears who is there once",
        "stage2/people-come-and-go.yaml",
        "roster_converges",
        RECOMMENDED,
        play_deaf,
    ),
    Bug(
        "close_before_handoff",
        "negative/handoff-before-the-room-is-closed.yaml",
        "no_ghost_capture",
    ),
    Bug(
        "a driver that publishes once more when it is reconnected",
        "stage4/signal-is-reset-again-and-again.yaml",
        "single_publication",
        RECOMMENDED,
        play_republishing,
    ),
)
