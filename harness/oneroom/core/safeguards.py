"""The protections of core and policies, each with a name and a switch.

They are all on in production. Switching one off is a planted bug: `tests/ablation/bugs.py` says in
which scenario, and what catches it (docs/ablation.md, in how many seeds). Rules: a safeguard
without a bug that is caught does not belong here; the comment above a switch says what it protects,
and is its text on that page; a switch is read where the protection acts.
"""

from __future__ import annotations

import msgspec

# What an election without terms does not have. Its ownerships are numbered all the same, in good
# faith.
TERMLESS = ("fence_on_gap", "term_check")


class Safeguards(msgspec.Struct, frozen=True, gc=False):
    """One flag a protection."""

    # An owner that did not run for a lease closes its Room in its first turn, before it believes
    # anything.
    fence_on_gap: bool = True
    # The row in storage is read before every turn, so that what a turn believes is not older than
    # the row.
    read_lease_first: bool = True
    # What the SDK reports while the actions of a turn are performed waits for its end: a turn is
    # whole.
    atomic_turns: bool = True
    # An owner in a frozen page that gave no sign of life for a lease answers a question with a
    # question (`doubt`).
    confirm_when_stale: bool = True
    # Only an answer to its newest question clears its doubt: an older one may be from before it was
    # deposed.
    fresh_answer: bool = True
    # Frozen no more, an owner in doubt asks the lock manager before it believes in itself again.
    check_lock_on_resume: bool = True
    # An owner in doubt opens no Room with a token that arrives meanwhile.
    stale_owner_opens_nothing: bool = True
    # What a Room reports to a window that no longer owns closes the session and does nothing else.
    former_owner_ignores_room: bool = True
    # Losing ownership ends the session also while it is still connecting.
    abort_connecting: bool = True
    # Ask a silent owner over the bus, and look at its row in storage, before deposing it.
    probe_before_steal: bool = True
    # Whoever has stolen the lock writes its claim to storage before it waits: a frozen owner that
    # wakes from a stall reads it in its first turn, however slow the bus is, and lets go.
    write_claim: bool = True
    # A main window asks for the ownership only while its timers run on time: shown, and not frozen.
    request_on_time: bool = True
    # A stolen lock is not used at once: two windows that suspect the same holder may steal it from
    # one another.
    claim_after_steal: bool = True
    # The row in storage counts as a sign of life: a window whose bus is broken does not depose a
    # healthy owner.
    lease_counts_as_alive: bool = True
    # An answer that belongs to an earlier candidacy, or that an owner asked for before it handed
    # over, makes no owner.
    ignore_stale_replies: bool = True
    # Of two owners of one term the worse one steps down (`heartbeat`: no lock decides there).
    rival_steps_down: bool = True
    # The last term outlives a reload in localStorage (`heartbeat`: it has no counter).
    persist_term: bool = True
    # In a planned handoff whoever is granted the lock lets the successor pass.
    yield_lock: bool = True
    # The old owner's Room is closed before the new one is told to go ahead.
    close_before_handoff: bool = True
    # `pagehide` says goodbye, and releases lock and Room: without it others wait for a time-out,
    # and a cached page would keep both.
    release_on_pagehide: bool = True
    # Messages of a lower term have no effect, a higher term makes an owner step down.
    term_check: bool = True
    # A mirror takes only newer snapshots.
    snapshot_order: bool = True
    # A mirror learns from the owner's row in storage, too, that it missed a snapshot: the bus may
    # not carry heartbeats.
    missed_by_lease: bool = True
    # A mirror that has missed a snapshot asks for it.
    ask_missed: bool = True
    # An owner takes no snapshots: what the call looks like is what it says itself.
    owner_ignores_snapshots: bool = True
    # A window does not listen to itself: Tauri's events come back to their sender.
    ignore_own: bool = True
    # A question or a command that is repeated goes out on every bus: the first one may have died
    # without a word.
    every_bus: bool = True
    # A command number that was applied is not applied again.
    dedupe_commands: bool = True
    # A sender's commands are applied in order: one that comes too early waits until the lost one is
    # repeated.
    command_order: bool = True
    # A command without an answer is sent again.
    repeat_commands: bool = True
    # A command that was applied before is answered once more: its sender has missed the answer.
    answer_again: bool = True
    # The numbers of applied commands travel with the state to the next owner.
    inherit_applied: bool = True
    # Intent reaches storage before its effect, so that it survives a crash in the same instant.
    write_ahead: bool = True
    # The microphone is published as the user left it: a muted user is never heard, not for one
    # packet.
    publish_muted: bool = True
    # A disconnect is repeated until it is answered, however long that takes.
    retry_leave: bool = True
    # A user's disconnect cancels whatever reconnect or retry is in flight.
    leave_cancels: bool = True
    # The screen picker opens only after a fresh gesture in the owner window.
    share_waits_for_gesture: bool = True
    # A share that was asked for in another window waits for a new click: an earlier one had another
    # meaning.
    share_needs_local_gesture: bool = True
    # Whom a moderator sent out, or whose room was deleted, does not come back without the user.
    obey_removal: bool = True
    # Who is evicted while it owns takes the Room back once and no more: the other one may be as
    # stubborn.
    reclaim_once: bool = True
    # A window that may not own never opens a Room for a command of its own.
    only_owner_connects: bool = True
    # A token is kept, and renewed ahead of its expiry: the next Room does not wait for the
    # application's server.
    cache_token: bool = True
    # An expired token is not tried.
    check_expiry: bool = True
    # The chat shows a message once, however often it comes: live, from history, in answer to a
    # resend.
    chat_dedupe: bool = True
    # A chat message behind a gap waits until history has filled the gap.
    chat_order: bool = True
    # What was said while there was no chat socket is asked of history.
    chat_catch_up: bool = True
    # A message that may be stored already is sent again only after history was looked at: servers
    # forget ids.
    chat_history_first: bool = True
    # A message that is sent again keeps its id, so that the server stores it once.
    chat_same_id: bool = True
    # What an older chat socket says moves nothing: its `close` event may come a minute late.
    chat_one_socket: bool = True
