"""The protections of core, policies and driver, by name, and the bug that each of them prevents.

They are all there in production. A name in a scenario's `without` plants the bug:
`tests/ablation/bugs.py` says in which scenario, and what catches it (docs/ablation.md, in how many
seeds). Rules: a safeguard without a bug that is caught does not belong here; its text says what it
protects, and is its text on that page; a bug spoils one thing and calls `super()` for the rest.
"""

from __future__ import annotations

from typing import Any

from oneroom.ablation import (
    bus_choice,
    chat,
    commands,
    coordinator,
    coordinator_window,
    devices,
    heartbeat,
    mirror,
    ownership,
    self_check,
    token,
    web_lock,
)


class Safeguard:
    """One protection: what it `protects`, in a sentence, and the classes that lack it, each a
    subclass of the one that has it.
    """

    def __init__(self, protects: str, *bugs: type[Any]) -> None:
        self.protects = protects
        self.bugs = bugs


SAFEGUARDS: dict[str, Safeguard] = {
    "fence_on_gap": Safeguard(
        "An owner that did not run for a lease closes its Room in its first turn, before it "
        "believes anything.",
        coordinator.NoFenceAfterGap,
    ),
    "read_lease_first": Safeguard(
        "The row in storage is read before every turn, so that what a turn believes is not "
        "older than the row.",
        coordinator_window.HearsOfLeaseLate,
    ),
    "atomic_turns": Safeguard(
        "A report of the SDK while the actions of a turn are performed waits for the end of the "
        "turn.",
        coordinator_window.NestsTurns,
    ),
    "confirm_when_stale": Safeguard(
        "An owner in a frozen page that gave no sign of life for a lease answers a question "
        "with a question (`SelfCheck`).",
        self_check.NeverDoubts,
    ),
    "fresh_answer": Safeguard(
        "Only an answer to its newest question clears its doubt: an older one may be from "
        "before it was deposed.",
        self_check.TakesOldAnswers,
    ),
    "check_lock_on_resume": Safeguard(
        "Frozen no more, an owner in doubt asks the lock manager before it believes in itself "
        "again.",
        coordinator.NoLockQueryOnResume,
    ),
    "confirm_without_room": Safeguard(
        "An owner without a Room that gave no sign of life for a lease asks the lock manager while "
        "it owns: hidden windows outside a call do not elect again and again.",
        coordinator.LeavesAtEveryGap,
    ),
    "stale_owner_opens_nothing": Safeguard(
        "An owner in doubt opens no Room with a token that arrives meanwhile.",
        ownership.OpensRoomInDoubt,
    ),
    "abort_connecting": Safeguard(
        "Losing ownership ends the session also while it is still connecting.",
        ownership.LeavesConnectingRoom,
    ),
    "probe_before_steal": Safeguard(
        "Ask a silent owner over the bus, and look at its row in storage, before deposing it.",
        web_lock.DeposesUnasked,
    ),
    "stay_while_unasked": Safeguard(
        "An owner that stood still for less than a lease and the time for its answer goes on with "
        "its call: until then nobody takes its lock.",
        web_lock.LeavesWhenLate,
    ),
    "write_claim": Safeguard(
        "A window that has stolen the lock writes its claim to storage before it waits: a "
        "frozen owner that wakes from a stall reads it in its first turn, however slow the bus "
        "is, and lets go.",
        ownership.WritesNoClaim,
    ),
    "request_on_time": Safeguard(
        "A main window asks for the ownership only while its timers run on time: shown, and not "
        "frozen.",
        web_lock.AsksWhileHidden,
    ),
    "claim_after_steal": Safeguard(
        "A stolen lock is not used at once: two windows that suspect the same holder may steal "
        "it from one another.",
        web_lock.UsesStolenLockAtOnce,
    ),
    "lease_counts_as_alive": Safeguard(
        "The row in storage counts as a sign of life: a window whose bus is broken does not "
        "depose a healthy owner.",
        coordinator.IgnoresLeaseOfOwner,
    ),
    "ignore_stale_replies": Safeguard(
        "An answer that belongs to an earlier candidacy, or that an owner asked for before it "
        "handed over, makes no owner.",
        web_lock.TakesAnyReply,
    ),
    "rival_steps_down": Safeguard(
        "Of two owners of one term the worse one steps down (`heartbeat`: no lock decides there).",
        heartbeat.BothRivalsStay,
    ),
    "persist_term": Safeguard(
        "The last term outlives a reload in localStorage (`heartbeat`: it has no counter).",
        heartbeat.ForgetsTerm,
    ),
    "yield_lock": Safeguard(
        "In a planned handoff whoever is granted the lock lets the successor pass.",
        web_lock.LetsNobodyPass,
    ),
    "close_before_handoff": Safeguard(
        "The old owner's Room is closed before the new one is told to go ahead.",
        coordinator.OverlappingHandoff,
    ),
    "release_on_pagehide": Safeguard(
        "`pagehide` says goodbye, and releases lock and Room: without it others wait for a "
        "time-out, and a cached page would keep both.",
        coordinator.NoGoodbye,
    ),
    "term_check": Safeguard(
        "Messages of a lower term have no effect, a higher term makes an owner step down.",
        coordinator.ObeysAnyTerm,
        mirror.TakesAnyTerm,
    ),
    "snapshot_order": Safeguard(
        "A mirror takes only newer snapshots.",
        mirror.TakesAnySnapshot,
    ),
    "missed_by_lease": Safeguard(
        "A mirror learns from the owner's row in storage, too, that it missed a snapshot: the "
        "bus may not carry heartbeats.",
        coordinator.IgnoresSnapshotNumberInLease,
    ),
    "ask_missed": Safeguard(
        "A mirror that has missed a snapshot asks for it.",
        mirror.NeverAsks,
    ),
    "owner_ignores_snapshots": Safeguard(
        "An owner takes no snapshots: what the call looks like is what it says itself.",
        coordinator.OwnerTakesSnapshots,
    ),
    "ignore_own": Safeguard(
        "A window does not listen to itself: Tauri's events come back to their sender.",
        coordinator.HearsItself,
    ),
    "every_bus": Safeguard(
        "A question or a command that is repeated goes out on every bus: the first one may have "
        "died without a word.",
        bus_choice.RepeatsOnSameBus,
    ),
    "dedupe_commands": Safeguard(
        "A command number that was applied is not applied again.",
        commands.AppliesAgain,
    ),
    "command_order": Safeguard(
        "A sender's commands are applied in order: one that comes too early waits until the "
        "lost one is repeated.",
        commands.AppliesOutOfOrder,
    ),
    "repeat_commands": Safeguard(
        "A command without an answer is sent again.",
        commands.SendsOnce,
    ),
    "answer_again": Safeguard(
        "A command that was applied before is answered once more: its sender has missed the "
        "answer.",
        ownership.AnswersOnce,
    ),
    "inherit_applied": Safeguard(
        "The numbers of applied commands travel with the state to the next owner.",
        commands.InheritsNothing,
    ),
    "write_ahead": Safeguard(
        "Intent reaches storage before its effect, so that it survives a crash in the same "
        "instant.",
        ownership.WritesIntentLate,
    ),
    "publish_muted": Safeguard(
        "The microphone is published as the user left it: a muted user is never heard, not for "
        "one packet.",
        ownership.PublishesUnmuted,
    ),
    "move_room": Safeguard(
        "A user who moves to another channel leaves the Room of the old one.",
        ownership.StaysInRoom,
    ),
    "restore_camera": Safeguard(
        "A camera that was on is published again in the next Room, whichever window opens it.",
        ownership.ForgetsCamera,
    ),
    "follow_default": Safeguard(
        "The user is heard through the microphone that is the system's default now: a headset that "
        "was plugged in during the call.",
        ownership.KeepsMicrophone,
    ),
    "ask_overtaken": Safeguard(
        "A microphone that was refused is asked for again if the devices have changed meanwhile: "
        "no other event says that it is back.",
        ownership.AsksOnce,
    ),
    "obey_moderators": Safeguard(
        "What a moderator has muted or switched off stays so in the user's next Room, until the "
        "user's own click.",
        ownership.IgnoresModerators,
    ),
    "tell_silence": Safeguard(
        "A window that learns of a moderator's mute as it gives its ownership up tells the window "
        "that takes the call over.",
        ownership.KeepsSilenceToItself,
    ),
    "retry_leave": Safeguard(
        "A disconnect is repeated until it is answered, however long that takes.",
        commands.GivesUpLeave,
    ),
    "leave_cancels": Safeguard(
        "A user's disconnect cancels whatever reconnect or retry is in flight.",
        ownership.LeaveCancelsNothing,
    ),
    "share_waits_for_gesture": Safeguard(
        "The screen picker opens only after a fresh gesture in the owner window.",
        devices.OpensPickerUnasked,
    ),
    "share_needs_local_gesture": Safeguard(
        "A share that was asked for in another window waits for a new click: an earlier one had "
        "another meaning.",
        devices.TakesOldGesture,
    ),
    "obey_removal": Safeguard(
        "A user whom a moderator sent out, or whose room was deleted, is not connected again "
        "until the user asks.",
        ownership.IgnoresRemoval,
    ),
    "tell_removal": Safeguard(
        "A window that learns as it gives its ownership up that somebody has ended the call tells "
        "the window that takes the call over.",
        ownership.KeepsRemovalToItself,
    ),
    "reclaim_once": Safeguard(
        "An owner that is evicted takes the Room back once and no more: the other one may be as "
        "stubborn.",
        ownership.ReclaimsForever,
    ),
    "only_owner_connects": Safeguard(
        "A window that may not own never opens a Room for a command of its own.",
        coordinator.EveryWindowConnects,
    ),
    "cache_token": Safeguard(
        "A token is kept, and renewed ahead of its expiry: the next Room does not wait for the "
        "application's server.",
        token.UsesTokenOnce,
    ),
    "check_expiry": Safeguard(
        "An expired token is not tried.",
        token.TriesExpiredToken,
    ),
    "age_by_wall_clock": Safeguard(
        "A token ages by the wall clock as well: the monotonic one may stand still in a sleep.",
        token.AgesByOneClock,
    ),
    "chat_dedupe": Safeguard(
        "The chat shows a message once, however often it comes: live, from history, in answer "
        "to a resend.",
        chat.ShowsTwice,
    ),
    "chat_order": Safeguard(
        "A chat message behind a gap waits until history has filled the gap.",
        chat.ShowsAtOnce,
    ),
    "chat_catch_up": Safeguard(
        "Messages from the time without a chat socket are asked of history.",
        chat.SkipsGaps,
    ),
    "chat_history_first": Safeguard(
        "A message that may be stored already is sent again only after history was looked at: "
        "servers forget ids.",
        chat.SendsBeforeHistory,
    ),
    "chat_same_id": Safeguard(
        "A message that is sent again keeps its id, so that the server stores it once.",
        chat.SendsUnderNewNumber,
    ),
    "chat_looks_after_sleep": Safeguard(
        "After a sleep a silent chat socket is given up at once: the monotonic clock stood still, "
        "and the socket may have died.",
        chat.SleepsOn,
    ),
    "chat_one_socket": Safeguard(
        "Events of an older chat socket have no effect: its `close` event may come a minute late.",
        chat.ObeysOldSocket,
    ),
}
