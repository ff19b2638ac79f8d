"""The checks in the order in which they are reported, and the keys of the ledger.

To add a check: write its file, add its class here and its line to docs/checks.md, what is vacuous
for it to tests/checks/test_vacuous.py, and a bug that trips it to tests/ablation/bugs.py.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom import named_class
from oneroom.checks.chat_complete import ChatComplete
from oneroom.checks.chat_in_order import ChatInOrder
from oneroom.checks.chat_once import ChatOnce
from oneroom.checks.check import Check, LivenessCheck
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
from oneroom.checks.single_publication import SinglePublication
from oneroom.checks.single_room import SingleRoom
from oneroom.checks.snapshot_monotonic import SnapshotMonotonic
from oneroom.checks.user_leave_wins import UserLeaveWins
from oneroom.checks.violation import Violation
from oneroom.named_class import UnknownClass
from oneroom.trace.records import Healed, Record, Settled

CHECKS: tuple[type[Check], ...] = (
    SingleRoom,
    SingleParticipant,
    SinglePublication,
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


class UnknownCheck(ValueError):
    """A name under which there is no check of the user's own that can be used, in words."""


def load(name: str) -> type[Check]:
    """The user's own check called `module:Class`. Raises UnknownCheck."""
    try:
        found = named_class.load(name, Check)
    except UnknownClass as error:
        hint = f"; did you mean {' or '.join(error.suggestions)}?" if error.suggestions else ""
        raise UnknownCheck(f"check {name!r} {error.why}{hint}") from error
    if wrong := _unusable(found):
        raise UnknownCheck(f"check {name!r} cannot be used: {wrong}")
    return found


def _is_kind_of_record(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Record)


def _unusable(check: type[Check]) -> str:
    """The reason why a run could not use `check`, in words; "" if it can."""
    if not check.name or check.name in (*NAMES, *KEYS):
        return "it needs a `name` of its own, which no check and no entry of the ledger has"
    if not check.reads:
        return "its `reads` names no kind of record, so it would see nothing"
    for kind in check.reads:
        if not _is_kind_of_record(kind):
            return f"its `reads` has {kind!r}, which is no kind of record (oneroom.trace.records)"
    if issubclass(check, LivenessCheck):
        if not {Healed, Settled} <= set(check.reads):
            return "its `reads` lacks Healed or Settled, so it would never be judged"
        wants = {"follow": LivenessCheck.follow, "settle": LivenessCheck.settle}
    else:
        wants = {"on": Check.on}
    missing = [method for method, base in wants.items() if getattr(check, method) is base]
    return f"it has no method `{missing[0]}`" if missing else ""


def describe(violation: Violation, names: Sequence[str], extra: Sequence[type[Check]] = ()) -> str:
    """The violation in one clause, worded by the check that found it.

    `extra` are checks of the user's own. Raises KeyError if no check of that name is known.
    """
    for check in (*CHECKS, *extra):
        if check.name == violation.check:
            return check.describe(violation, names)
    raise KeyError(violation.check)
