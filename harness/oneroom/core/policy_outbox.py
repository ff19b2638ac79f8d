"""The outbox of a policy that is its user's own: it refuses what no policy may do.

Rules: a move is refused where it is made, so that the error is at the user's line; the policies of
this project do without, and make none (every scenario was run with these rules).
"""

from __future__ import annotations

import msgspec

from oneroom.core.actions import (
    Action,
    Arm,
    Disarm,
    Note,
    Post,
    QueryLock,
    ReadTerm,
    ReleaseLock,
    RequestLock,
    TakeTerm,
    UserNotice,
)
from oneroom.core.election import IllegalMove
from oneroom.core.events import Event, LockBusy, LockLost, Timer
from oneroom.core.messages import Claim, Gossip, HandoffRequest, PolicyMessage, Probe, Resign
from oneroom.core.outbox import Outbox

# The timers that policies may arm; the others are the coordinator's.
POLICY_TIMERS = (Timer.WATCH, Timer.PROBE, Timer.CLAIM, Timer.HANDOFF)

_ACTIONS = (
    *(Arm, Disarm, Note, Post, QueryLock, ReadTerm),
    *(ReleaseLock, RequestLock, TakeTerm, UserNotice),
)
_MESSAGES = (Claim, Gossip, HandoffRequest, PolicyMessage, Probe, Resign)


class PolicyOutbox(Outbox):
    """Passes the actions of a policy on to the outbox of its window, which numbers them.

    Every method raises IllegalMove for what no policy may do, and msgspec.ValidationError for a
    field of the wrong type.
    """

    def __init__(self, window: Outbox) -> None:
        super().__init__()
        self._window = window
        self._asked: set[str] = set()  # locks that were requested, and neither released nor lost

    def add(self, action: Action) -> None:
        """See Outbox."""
        if type(action) not in _ACTIONS:
            raise IllegalMove(f"{_name(action)} is no action of policies")
        if type(action) is Post:
            if type(action.message) not in _MESSAGES:
                raise IllegalMove(f"{_name(action.message)} is no message of policies")
            _check_fields(action.message)
        else:
            _check_fields(action)
        if isinstance(action, Arm | Disarm):
            check_timer(action.timer)
        elif isinstance(action, RequestLock):
            self._asked.add(action.name)
        elif isinstance(action, ReleaseLock):
            if action.name not in self._asked:
                raise IllegalMove(f"lock {action.name!r} is released that was not requested")
            self._asked.remove(action.name)
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


def check_timer(timer: Timer | str) -> None:
    """Raise IllegalMove for a timer of the coordinator's."""
    if isinstance(timer, Timer) and timer not in POLICY_TIMERS:
        raise IllegalMove(f"{timer!r} is not a timer of policies")


def _check_fields(struct: msgspec.Struct) -> None:
    msgspec.convert(msgspec.structs.asdict(struct), type(struct))


def _name(value: object) -> str:
    return type(value).__name__
