"""The checks in the order in which they are reported, and the keys of the ledger.

To add a check: write its file, add its class here and its line to docs/checks.md, what is vacuous
for it to tests/checks/test_vacuous.py, and a bug that trips it to tests/ablation/bugs.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.chat_complete import ChatComplete
from oneroom.checks.chat_in_order import ChatInOrder
from oneroom.checks.chat_once import ChatOnce
from oneroom.checks.check import Check
from oneroom.checks.command_effect_once import CommandEffectOnce
from oneroom.checks.commands_resolve import CommandsResolve
from oneroom.checks.fenced_actions import FencedActions
from oneroom.checks.follower_never_connects import FollowerNeverConnects
from oneroom.checks.intent_restored import IntentRestored
from oneroom.checks.ledger import KEYS as LEDGER_KEYS
from oneroom.checks.mirrors_converge import MirrorsConverge
from oneroom.checks.mute_is_sticky import MuteIsSticky
from oneroom.checks.no_eviction_loop import NoEvictionLoop
from oneroom.checks.no_expired_token import NoExpiredToken
from oneroom.checks.no_ghost_capture import NoGhostCapture
from oneroom.checks.no_orphan_participant import NoOrphanParticipant
from oneroom.checks.one_owner_per_term import OneOwnerPerTerm
from oneroom.checks.owner_elected import OwnerElected
from oneroom.checks.removal_is_final import RemovalIsFinal
from oneroom.checks.roster_converges import RosterConverges
from oneroom.checks.share_needs_gesture import ShareNeedsGesture
from oneroom.checks.single_chat_socket import SingleChatSocket
from oneroom.checks.single_participant import SingleParticipant
from oneroom.checks.single_prompt import SinglePrompt
from oneroom.checks.single_room import SingleRoom
from oneroom.checks.snapshot_monotonic import SnapshotMonotonic
from oneroom.checks.user_leave_wins import UserLeaveWins
from oneroom.checks.violation import Violation

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
    NoExpiredToken,
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
    """The violation in one clause, worded by the check that found it.

    `extra` are checks of the user's own. Raises KeyError if no check of that name is known.
    """
    for check in (*CHECKS, *extra):
        if check.name == violation.check:
            return check.describe(violation, names)
    raise KeyError(violation.check)
