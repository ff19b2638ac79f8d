"""The checks in the order in which they are told, and the keys of the ledger.

To add a check: write its file, add its class here and its line to docs/checks.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checks.chat_complete import ChatComplete
from harness.checks.chat_in_order import ChatInOrder
from harness.checks.chat_once import ChatOnce
from harness.checks.check import Check
from harness.checks.command_effect_once import CommandEffectOnce
from harness.checks.commands_resolve import CommandsResolve
from harness.checks.fenced_actions import FencedActions
from harness.checks.follower_never_connects import FollowerNeverConnects
from harness.checks.intent_restored import IntentRestored
from harness.checks.ledger import KEYS as LEDGER_KEYS
from harness.checks.mirrors_converge import MirrorsConverge
from harness.checks.mute_is_sticky import MuteIsSticky
from harness.checks.no_eviction_loop import NoEvictionLoop
from harness.checks.no_ghost_capture import NoGhostCapture
from harness.checks.no_orphan_participant import NoOrphanParticipant
from harness.checks.one_owner_per_term import OneOwnerPerTerm
from harness.checks.owner_elected import OwnerElected
from harness.checks.removal_is_final import RemovalIsFinal
from harness.checks.roster_converges import RosterConverges
from harness.checks.share_needs_gesture import ShareNeedsGesture
from harness.checks.single_chat_socket import SingleChatSocket
from harness.checks.single_participant import SingleParticipant
from harness.checks.single_prompt import SinglePrompt
from harness.checks.single_room import SingleRoom
from harness.checks.snapshot_monotonic import SnapshotMonotonic
from harness.checks.user_leave_wins import UserLeaveWins
from harness.checks.violation import Violation

CHECKS: tuple[type[Check], ...] = (
    SingleRoom,
    SingleParticipant,
    OneOwnerPerTerm,
    FencedActions,
    FollowerNeverConnects,
    CommandEffectOnce,
    SnapshotMonotonic,
    MuteIsSticky,
    UserLeaveWins,
    RemovalIsFinal,
    NoEvictionLoop,
    NoGhostCapture,
    ShareNeedsGesture,
    SinglePrompt,
    SingleChatSocket,
    ChatOnce,
    ChatInOrder,
    OwnerElected,
    MirrorsConverge,
    RosterConverges,
    IntentRestored,
    CommandsResolve,
    NoOrphanParticipant,
    ChatComplete,
)
NAMES: tuple[str, ...] = tuple([check.name for check in CHECKS])
KEYS: tuple[str, ...] = LEDGER_KEYS


def describe(violation: Violation, names: Sequence[str], extra: Sequence[type[Check]] = ()) -> str:
    """The violation in one clause, by the check that found it; `extra` are checks of the user's own. Raises KeyError
    if none did.
    """
    for check in (*CHECKS, *extra):
        if check.name == violation.check:
            return check.describe(violation, names)
    raise KeyError(violation.check)
