"""The outbox of a policy that is its user's own: it refuses what no policy may do.

Rules: a move is refused where it is made, so that the error is at the user's line.
"""

from __future__ import annotations

import msgspec

from oneroom.core.actions import (
    Action,
    Arm,
    Disarm,
    Post,
    QueryLock,
    ReadTerm,
    ReleaseLock,
    RequestLock,
    TakeTerm,
    UserNotice,
)
from oneroom.core.events import Event, LockBusy, LockLost, Timer
from oneroom.core.illegal_move import Forbid
from oneroom.core.messages import Claim, Gossip, HandoffRequest, PolicyMessage, Probe, Resign
from oneroom.core.outbox import Outbox

# The timers that policies may arm; the others are the coordinator's.
POLICY_TIMERS = (Timer.WATCH, Timer.PROBE, Timer.CLAIM, Timer.HANDOFF)

_ACTIONS = (
    *(Arm, Disarm, Post, QueryLock, ReadTerm),
    *(ReleaseLock, RequestLock, TakeTerm, UserNotice),
)
_MESSAGES = (Claim, Gossip, HandoffRequest, PolicyMessage, Probe, Resign)


class PolicyOutbox(Outbox):
    """Passes the actions of a policy on to the outbox of its window, which numbers them.

    `add` calls `forbid` for what no policy may do, and raises msgspec.ValidationError for a field
    of the wrong type.
    """

    def __init__(self, window: Outbox, forbid: Forbid) -> None:
        super().__init__()
        self._window = window
        self._forbid = forbid
        self._asked: set[str] = set()  # locks that were requested, and neither released nor lost

    def add(self, action: Action) -> None:
        """See Outbox."""
        if type(action) not in _ACTIONS:
            self._forbid(f"{_name(action)} is no action of policies")
        if type(action) is Post:
            if type(action.message) not in _MESSAGES:
                self._forbid(f"{_name(action.message)} is no message of policies")
            _check_fields(action.message)
        else:
            _check_fields(action)
        if isinstance(action, Arm | Disarm):
            if isinstance(action.timer, Timer) and action.timer not in POLICY_TIMERS:
                self._forbid(f"{action.timer!r} is not a timer of policies")
        elif isinstance(action, RequestLock):
            self._asked.add(action.name)
        elif isinstance(action, ReleaseLock):
            if action.name not in self._asked:
                self._forbid(f"lock {action.name!r} is released that was not requested")
            self._asked.discard(action.name)
        self._window.add(action)

    def next_seq(self) -> int:
        """See Outbox."""
        return self._window.next_seq()

    def next_request(self) -> int:
        """See Outbox."""
        return self._window.next_request()

    def hear(self, event: Event) -> None:
        """A lock was lost, or was not to be had."""
        if isinstance(event, LockLost | LockBusy):
            self._asked.discard(event.name)


def _check_fields(struct: msgspec.Struct) -> None:
    msgspec.convert(msgspec.structs.asdict(struct), type(struct))


def _name(value: object) -> str:
    return type(value).__name__
