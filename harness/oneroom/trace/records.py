"""Kinds of records, one struct of fixed fields each.

Rules: the first four fields are the same everywhere: `n` (place in the trace), `at_us`, `where`
(interned name of the window, or of `world`, `sfu`, `witness`, `bus`), `cause` (the `n` of the
record that led to this one, -1 for none). All other fields are integers, booleans, or interned
names (`trace.names`). Text is made only when somebody looks at a run. The order of fields and the
tags are the digest's layout (docs/trace.md): never change a tag, add kinds with new ones.
"""

from __future__ import annotations

import enum
from typing import Annotated, TypeAlias

import msgspec

# The numbers in records are named where they are made. Checks know these names from here alone.
from oneroom.core.actions import CommandOutcome as CommandOutcome
from oneroom.core.actions import Role as Role
from oneroom.core.messages import CommandVerb as CommandVerb
from oneroom.core.reasons import Reason as Reason
from oneroom.core.state import ConnectionState as ConnectionState
from oneroom.core.state import Share as Share
from oneroom.core.state import Source as Source
from oneroom.ports.observer import LockChange as LockChange
from oneroom.ports.observer import Loss as Loss
from oneroom.ports.observer import Presence as Presence
from oneroom.ports.observer import TrackState as TrackState

# The place of a text in `trace.names`. Marked, so that records of several traces can be brought
# together in one.
INTERNED = "interned"
Name: TypeAlias = Annotated[int, INTERNED]


class Life(enum.IntEnum):
    """Events in the lifecycle of a window."""

    OPENED = 1
    FOCUSED = 2
    HIDDEN = 3
    SHOWN = 4
    FROZEN = 5
    RESUMED = 6
    STALLED = 7
    UNSTALLED = 8
    STOPPED = 9
    CONTINUED = 10
    CLOSED = 11
    CRASHED = 12
    NAVIGATED = 13
    CACHED = 14  # into the back/forward cache: it may come back
    RESTORED = 15  # out of it, as it was
    EVICTED = 16  # thrown out of it
    REPLACED = 17  # its document makes room for another one
    DISCARDED = 18
    SLEPT = 19  # with the whole machine
    WOKE = 20


# The window shows a document: a new one, or the cached one as it was.
BEGUN = (Life.OPENED, Life.RESTORED)
# The runtime of the document that the window shows has ended: nothing that it held is left.
RUNTIME_ENDED = (Life.CLOSED, Life.CRASHED, Life.REPLACED, Life.DISCARDED)
# The document is gone for everybody else. A cached one keeps what it holds and may come back.
# EVICTED is neither here nor above: it is about a cached document, which was gone already, and the
# window may show another one by then.
GONE = (*RUNTIME_ENDED, Life.CACHED)
# The window does not run, and runs again.
PAUSED = (Life.FROZEN, Life.STALLED, Life.STOPPED, Life.SLEPT)
UNPAUSED = (Life.RESUMED, Life.UNSTALLED, Life.CONTINUED, Life.WOKE)

# The characters of a localStorage value that a record keeps.
STORED_CHARACTERS = 80

# The window is the owner, also while it hands over.
OWNING = (Role.OWNER, Role.HANDING_OVER)


class RoomState(enum.IntEnum):
    """States of a window's Room, as its own SDK has it. OPENING to HEALED hold a Room."""

    OPENING = 1
    CONNECTED = 2
    RECONNECTING = 3
    HEALED = 4
    CLOSING = 5  # disconnect() was called: the SDK will do nothing more with it
    ENDED = 6


class MessageKind(enum.IntEnum):
    """Kinds of bus messages: the plan's own, those of a handoff, and those of other elections."""

    HEARTBEAT = 1
    COMMAND = 2
    SNAPSHOT = 3
    PROBE = 4
    YIELD = 5
    RESIGN = 6
    CLAIM = 7
    GOSSIP = 8
    POLICY = 9  # a message of the policy's own
    REMOVED = 10
    SILENCED = 11
    APP = 12  # a message of an app's own script


class Record(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """Head of every record."""

    n: int
    at_us: int
    where: Name
    cause: int


class LifeChanged(Record, frozen=True, gc=False, array_like=True, tag=10):
    """An event in a window's lifecycle. `main` is true for the main window."""

    life: Life
    main: bool


class TurnRan(Record, frozen=True, gc=False, array_like=True, tag=11):
    """A window that was frozen, or is just back from a stall or stop, runs a turn."""


class InstanceShared(Record, frozen=True, gc=False, array_like=True, tag=12):
    """`where` opened under the instance id `instance`, which the open window `window` has, too."""

    instance: Name
    window: Name


class MessagePosted(Record, frozen=True, gc=False, array_like=True, tag=20):
    """`where` posted a message on the bus.

    `number` is that of the command or snapshot, else 0.
    """

    kind: MessageKind
    term: int
    seq: int
    number: int


class PolicyMessagePosted(Record, frozen=True, gc=False, array_like=True, tag=23):
    """`where` posted a message of its policy's own, called `name`."""

    name: Name
    term: int
    seq: int


class MessageDelivered(Record, frozen=True, gc=False, array_like=True, tag=21):
    """`where` handles a message; its `cause` is the MessagePosted."""

    kind: MessageKind


class MessageLost(Record, frozen=True, gc=False, array_like=True, tag=22):
    """The copy of a message for `where` did not arrive."""

    why: Loss


class TimerRan(Record, frozen=True, gc=False, array_like=True, tag=30):
    """A timer of the owner machine ran; `timer` is a `oneroom.core.events.Timer`."""

    timer: int


class PolicyTimerRan(Record, frozen=True, gc=False, array_like=True, tag=31):
    """A timer that the policy has under a name of its own ran."""

    name: Name


class DrawMade(Record, frozen=True, gc=False, array_like=True, tag=32):
    """The policy drew 0 <= `value` < `bound`; `name` says what for."""

    name: Name
    bound: int
    value: int


class UserActed(Record, frozen=True, gc=False, array_like=True, tag=40):
    """The user did something in window `where`. `action` and `channel` are interned."""

    action: Name
    channel: Name


class CommandIssued(Record, frozen=True, gc=False, array_like=True, tag=41):
    """The click became command `number` of `where`.

    A number below 0 is that of a command which the app has not told of, and which is inferred.
    """

    number: int
    verb: CommandVerb
    value: bool


class CommandApplied(Record, frozen=True, gc=False, array_like=True, tag=42):
    """Owner `where` of `term` gave effect to command (`issuer`, `number`).

    The effect is first contained in snapshot `snapshot`.
    """

    issuer: Name
    number: int
    verb: CommandVerb
    value: bool
    term: int
    snapshot: int


class CommandResolved(Record, frozen=True, gc=False, array_like=True, tag=43):
    """The user was told how command `number` of `where` ended."""

    number: int
    outcome: CommandOutcome


class UserNotified(Record, frozen=True, gc=False, array_like=True, tag=44):
    """The user of `where` was told something; `text` is interned."""

    text: Name


class Noted(Record, frozen=True, gc=False, array_like=True, tag=45):
    """The policy of `where` left a note for whoever reads the run; `text` is interned."""

    text: Name


class RoleChanged(Record, frozen=True, gc=False, array_like=True, tag=50):
    """The window's part in the election changed.

    An owner's state starts from snapshot (`base_term`, `base_number`).
    """

    role: Role
    term: int
    base_term: int
    base_number: int


class LeaseWritten(Record, frozen=True, gc=False, array_like=True, tag=51):
    """`where` wrote the owner's lease record to storage."""

    term: int
    counter: int


class LockChanged(Record, frozen=True, gc=False, array_like=True, tag=52):
    """The request of `where` for the lock `name` changed its state."""

    change: LockChange
    name: Name


class StorageRead(Record, frozen=True, gc=False, array_like=True, tag=53):
    """The policy of `where` read the localStorage item `key`; `value` is "" for none.

    Both are interned, the value cut to `STORED_CHARACTERS`.
    """

    key: Name
    value: Name


class StorageWritten(Record, frozen=True, gc=False, array_like=True, tag=54):
    """The policy of `where` wrote the item `key`, or removed it (`value` "")."""

    key: Name
    value: Name


class StorageHeard(Record, frozen=True, gc=False, array_like=True, tag=55):
    """`where` handles the `storage` event of a write; its `cause` is the StorageWritten."""

    key: Name
    value: Name


class TokenMinted(Record, frozen=True, gc=False, array_like=True, tag=60):
    """A token for session `epoch` of `where`."""

    epoch: int


class RoomChanged(Record, frozen=True, gc=False, array_like=True, tag=61):
    """The Room of session `epoch` in window `where`, opened under `term`, changed its state.

    `reason` is set for ENDED alone.
    """

    epoch: int
    term: int
    state: RoomState
    reason: Reason


class ExpiredTokenTried(Record, frozen=True, gc=False, array_like=True, tag=65):
    """`where` opens the Room of session `epoch` with a token that has expired.

    Only in runs on the fake SFU.
    """

    epoch: int


class CaptureChanged(Record, frozen=True, gc=False, array_like=True, tag=62):
    """`where` captures `source`, or no longer."""

    source: Source
    on: bool


class PromptChanged(Record, frozen=True, gc=False, array_like=True, tag=63):
    """A permission prompt for `source` opened or closed in `where`."""

    source: Source
    up: bool


class DevicesHeard(Record, frozen=True, gc=False, array_like=True, tag=64):
    """`where` handles the event `devicechange`."""


class Rendered(Record, frozen=True, gc=False, array_like=True, tag=70):
    """`where` draws a new state: its own (owner) or the snapshot (`term`, `number`) it adopted.

    `channel` and `error` are interned; the people in the call are in ParticipantDrawn.
    """

    term: int
    number: int
    channel: Name
    connection: ConnectionState
    muted: bool
    share: Share
    participants: int
    error: Name


class PresenceChanged(Record, frozen=True, gc=False, array_like=True, tag=80):
    """A session at the SFU changed. `window` runs its client.

    `identity` and `sid` are interned; `reason` is set for LEFT alone.
    """

    window: Name
    identity: Name
    sid: Name
    presence: Presence
    reason: Reason


class TrackChanged(Record, frozen=True, gc=False, array_like=True, tag=81):
    """A track of a session at the SFU changed."""

    window: Name
    identity: Name
    sid: Name
    source: Source
    state: TrackState


class MediaChanged(Record, frozen=True, gc=False, array_like=True, tag=89):
    """Packets of an active session begin or cease to pass: its client's to the SFU (`uplink`), the
    SFU's to its client (`downlink`).

    Only in runs on the fake SFU.
    """

    window: Name
    identity: Name
    sid: Name
    uplink: bool
    downlink: bool


class WitnessSaw(Record, frozen=True, gc=False, array_like=True, tag=82):
    """The witness was told about a participant."""

    identity: Name
    sid: Name
    presence: Presence


class WitnessSawTrack(Record, frozen=True, gc=False, array_like=True, tag=83):
    """The witness was told about a track."""

    identity: Name
    sid: Name
    source: Source
    state: TrackState


class WitnessSensed(Record, frozen=True, gc=False, array_like=True, tag=84):
    """The witness starts or stops receiving sound or moving pictures of a track.

    Only in runs on a real SFU.
    """

    identity: Name
    sid: Name
    source: Source
    alive: bool


class ServiceListed(Record, frozen=True, gc=False, array_like=True, tag=85):
    """RoomService starts or stops listing a session: the server's store, polled.

    Only in runs on a real server.
    """

    identity: Name
    sid: Name
    listed: bool


class WebhookHeard(Record, frozen=True, gc=False, array_like=True, tag=86):
    """The application's server was told `event`, by LiveKit's name.

    `identity` and `sid` are empty for events of the room, `reason` is set only for who has left.
    Only in runs on a real server.
    """

    event: Name
    identity: Name
    sid: Name
    reason: Reason


class StepTaken(Record, frozen=True, gc=False, array_like=True, tag=90):
    """A step of the scenario: `verb` interned, `line` in the file."""

    verb: Name
    line: int


class FaultChanged(Record, frozen=True, gc=False, array_like=True, tag=91):
    """A fault on `where` began or ended.

    `fault` is interned (`freeze`, `stall`, `partition`, `drop_network` ...).
    """

    fault: Name
    on: bool


class Healed(Record, frozen=True, gc=False, array_like=True, tag=92):
    """All steps are taken. `faults` counts those still on; liveness is judged only when it is 0."""

    faults: int


class Settled(Record, frozen=True, gc=False, array_like=True, tag=93):
    """Everything has settled, or must have, `waited_us` after `Healed`; the run ends here."""

    waited_us: int


class ClockStepped(Record, frozen=True, gc=False, array_like=True, tag=94):
    """The clock that the policy of `where` reads moved by `by_us` against the time of the run."""

    by_us: int
