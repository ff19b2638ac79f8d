"""Actions of a window: the outputs of `Coordinator.handle`.

Rules: imperatives for the world (`OpenRoom`), past participles for reports to the application and
the trace (`Became`, `CommandApplied`). A driver performs them in order, in the same turn, and
reports results as events. A request to the lock manager or to the counter of terms carries a
`number`, and its reply carries it back: a reply may be late, and one to an earlier request says
what was true then.
"""

from __future__ import annotations

import enum

import msgspec

from oneroom.core.events import Timer
from oneroom.core.messages import AnyMessage, CommandVerb
from oneroom.core.state import Lease, Source, VoiceState


class Action(msgspec.Struct, frozen=True, gc=False, tag=True, tag_field="type"):
    """Base of all actions. As JSON, `type` is the name of the class."""


class Post(Action, frozen=True, gc=False):
    """Broadcast on the bus. Fire and forget."""

    message: AnyMessage


class Arm(Action, frozen=True, gc=False):
    """(Re)arm a timer for the time `at_us` of this window's clock; a policy's own is a name."""

    timer: Timer | str
    at_us: int


class Disarm(Action, frozen=True, gc=False):
    """A disarmed timer does not fire, even when it is already due."""

    timer: Timer | str


# The name of the lock that the owner holds; policies may have others beside it.
OWNER_LOCK = "owner"


class RequestLock(Action, frozen=True, gc=False):
    """Queue for a lock; with `steal` take it at once and withdraw a request that is still queued.

    With `if_available` take it only if nobody has it or waits for it, else be told `LockBusy`;
    `shared` holds it beside others who share it.
    """

    steal: bool = False
    if_available: bool = False
    name: str = OWNER_LOCK
    shared: bool = False


class ReleaseLock(Action, frozen=True, gc=False):
    """Release a lock, or withdraw the queued request."""

    name: str = OWNER_LOCK


class QueryLock(Action, frozen=True, gc=False):
    """Ask who holds and waits for the owner lock; answered by `LockQueried` with the same
    `number`.
    """

    number: int


class TakeTerm(Action, frozen=True, gc=False):
    """Draw the next term from the counter that all windows share; answered by `TermTaken` with the
    same `number`.

    Lock, bus and storage tell of a change of owner at different speeds; only a counter of its own
    keeps terms unique. With `after` it is drawn only if no other has been drawn since that one;
    else the answer is `TermSeen`.
    """

    number: int
    after: int = -1


class ReadTerm(Action, frozen=True, gc=False):
    """Ask for the highest term that was taken so far; answered by `TermSeen` with the same
    `number`.
    """

    number: int


class WriteLease(Action, frozen=True, gc=False):
    """Write the owner's row to storage; visible to this window at once, to others when it gets
    there.
    """

    lease: Lease


class MintToken(Action, frozen=True, gc=False):
    """Ask the application's server for a token for session `epoch`."""

    epoch: int
    channel: str


class OpenRoom(Action, frozen=True, gc=False):
    """`room.connect()`. `term` is the ownership under which it happens (0 for a policy without
    ownership).
    """

    epoch: int
    term: int
    channel: str
    token: str


class CloseRoom(Action, frozen=True, gc=False):
    """`room.disconnect()`, also while `connect()` is pending. Confirmed by `RoomEnded`."""

    epoch: int
    term: int


class Publish(Action, frozen=True, gc=False):
    """Capture `source` and publish it; confirmed by `CaptureStarted`. A muted track is published
    muted.
    """

    epoch: int
    term: int
    source: Source
    muted: bool = False


class Unpublish(Action, frozen=True, gc=False):
    """Stop the capture of `source` and unpublish it."""

    epoch: int
    term: int
    source: Source


class SetMuted(Action, frozen=True, gc=False):
    """Mute or unmute the published microphone."""

    epoch: int
    term: int
    muted: bool


class Role(enum.IntEnum):
    """A window's part in the election."""

    FOLLOWER = 0
    CANDIDATE = 1
    OWNER = 2
    HANDING_OVER = 3
    RETIRED = 4


class Became(Action, frozen=True, gc=False):
    """The role changed. For OWNER: `base_term`, `base_number` name the snapshot whose state it
    started from.
    """

    role: Role
    term: int
    base_term: int = 0
    base_number: int = 0


class CommandIssued(Action, frozen=True, gc=False):
    """A user's click became command `number` of this window."""

    number: int
    verb: CommandVerb
    value: bool


class CommandApplied(Action, frozen=True, gc=False):
    """This owner gave effect to a command; snapshot `snapshot_number` of `term` is the first that
    contains it.
    """

    instance_id: str
    number: int
    verb: CommandVerb
    value: bool
    term: int
    snapshot_number: int


class CommandOutcome(enum.IntEnum):
    """The end of a command for the window that issued it."""

    APPLIED = 1
    EXPIRED = 2
    REFUSED = 3


class CommandResolved(Action, frozen=True, gc=False):
    """The user who clicked is told how command `number` of this window ended."""

    number: int
    outcome: CommandOutcome


class Rendered(Action, frozen=True, gc=False):
    """This window now draws this state: the owner its own, a follower the snapshot it adopted."""

    term: int
    number: int
    state: VoiceState


class UserNotice(Action, frozen=True, gc=False):
    """The user of this window is told something that is not state: "open the main app", "sharing
    stopped, start again?".
    """

    text: str
