"""Events of a window: the inputs of `Coordinator.handle`.

Rules: past participles, values only. An event of a Room carries the `epoch` of the session that
opened that Room, because an SDK reports late and a closed Room still talks.
"""

from __future__ import annotations

import enum

import msgspec

from oneroom.core.messages import CommandVerb, Message
from oneroom.core.reasons import Reason
from oneroom.core.state import Lease, Participant, Source


class Timer(enum.IntEnum):
    """The timers of a window. Arming one again moves it."""

    HEARTBEAT = 0
    WATCH = 1
    PROBE = 2
    CLAIM = 3
    RESEND = 4
    HANDOFF = 5
    RETRY = 6
    RECLAIM = 7
    TOKEN = 8


class Event(msgspec.Struct, frozen=True, gc=False, tag=True, tag_field="type"):
    """Base of all events. As JSON, `type` is the name of the class."""


class Started(Event, frozen=True, gc=False):
    """The window's script runs for the first time, or comes back out of the back/forward cache."""


class Received(Event, frozen=True, gc=False):
    """A message arrived on the bus. One object is shared by all receivers of a broadcast."""

    message: Message


class TimerFired(Event, frozen=True, gc=False):
    """An armed timer is due, or overdue; a policy's own is a name."""

    timer: Timer | str


class UserCommand(Event, frozen=True, gc=False):
    """The user clicked in this window. `channel` is read by CONNECT alone."""

    verb: CommandVerb
    channel: str = ""


class UserGesture(Event, frozen=True, gc=False):
    """Transient user activation in this window: what getDisplayMedia asks for (HTML standard,
    "transient activation").
    """


class PageHide(Event, frozen=True, gc=False):
    """`pagehide`: the page goes away for good or into the back/forward cache. The last turn that is
    sure to run.
    """


class Froze(Event, frozen=True, gc=False):
    """The `freeze` event of Page Lifecycle. In Chromium bus handlers still run afterwards, timers
    do not.
    """


class Resumed(Event, frozen=True, gc=False):
    """The `resume` event of Page Lifecycle."""


class AttentionChanged(Event, frozen=True, gc=False):
    """`visibilitychange`, `focus` or `blur`: whether the user can see this window, and whether it
    has the focus.

    A hint and no proof of anything: WebView2 and WKWebView windows that are covered may never say
    so.
    """

    visible: bool
    focused: bool


class LockGranted(Event, frozen=True, gc=False):
    """This window holds the lock `name`."""

    name: str = "owner"


class LockBusy(Event, frozen=True, gc=False):
    """Answer to a `RequestLock` with `if_available`: somebody holds the lock or waits for it."""

    name: str = "owner"


class LockLost(Event, frozen=True, gc=False):
    """The lock was stolen: the released promise rejected with AbortError (w3c/web-locks, steal)."""

    name: str = "owner"


class LockQueried(Event, frozen=True, gc=False):
    """Answer to the `QueryLock` of the same `number`. `rank` is this window's place among the
    waiting ones, 0 the next successor, -1 not waiting.
    """

    number: int
    mine: bool
    rank: int


class TermTaken(Event, frozen=True, gc=False):
    """Answer to the `TakeTerm` of the same `number`: higher than every term that was taken before,
    and nobody else's.
    """

    number: int
    term: int


class TermSeen(Event, frozen=True, gc=False):
    """The highest term that was taken so far: answer to the `ReadTerm` of the same `number`, and to
    a `TakeTerm` that came too late.
    """

    number: int
    term: int


class LeaseSeen(Event, frozen=True, gc=False):
    """The owner's row in storage differs from the one last seen.

    A driver compares the row before every turn and delivers this ahead of the turn's own event: the
    row is the only witness that can be read synchronously.
    """

    lease: Lease


class ItemChanged(Event, frozen=True, gc=False):
    """The `storage` event: another window wrote this. What is there now may be newer than
    `value`.
    """

    key: str
    value: str


class TokenReady(Event, frozen=True, gc=False):
    """The token for session `epoch` was minted. `token` must never reach a log, a message or a
    trace.

    `valid_us` is how long it is good for from the moment it was asked for; 0 if that is not known.
    """

    epoch: int
    token: str
    valid_us: int = 0


class TokenFailed(Event, frozen=True, gc=False):
    """No token for session `epoch`; the session may ask again."""

    epoch: int


class RoomEvent(Event, frozen=True, gc=False):
    """Base of what the SDK reports about the Room of session `epoch`."""

    epoch: int


class RoomConnected(RoomEvent, frozen=True, gc=False):
    """`connect()` resolved. `sid` is this session's participant sid."""

    sid: str


class RoomLost(RoomEvent, frozen=True, gc=False):
    """The SDK says `reconnecting`: it heals by itself, before and without this machine."""


class RoomHealed(RoomEvent, frozen=True, gc=False):
    """The SDK says `reconnected`. `sid` changed if it was a full reconnect."""

    sid: str


class RoomEnded(RoomEvent, frozen=True, gc=False):
    """Terminal for the SDK: left, kicked, removed, or given up."""

    reason: Reason


class RosterChanged(RoomEvent, frozen=True, gc=False):
    """The list of participants, oneself included, as the SDK has it now."""

    participants: tuple[Participant, ...]


class TrackMuted(RoomEvent, frozen=True, gc=False):
    """The SDK's `TrackMuted` or `TrackUnmuted` of an own track, which this window did not ask for:
    somebody with the rights of an admin did it.
    """

    source: Source
    muted: bool


class PermissionChanged(RoomEvent, frozen=True, gc=False):
    """The SDK's `ParticipantPermissionsChanged` of the own participant: it may publish `sources`.

    The server has unpublished what it may not.
    """

    sources: tuple[Source, ...]


class CaptureStarted(RoomEvent, frozen=True, gc=False):
    """A device or screen is captured and published."""

    source: Source


class CaptureFailed(RoomEvent, frozen=True, gc=False):
    """The user or the browser refused the capture, or a prompt was already up."""

    source: Source
    error: str


class WallClockJumped(Event, frozen=True, gc=False):
    """The wall clock went `by_us` further than this window's clock since the last turn: it was set
    (back, if negative), or the machine slept while the window's clock stood still.

    No browser tells it: a driver compares `Date.now()` with `performance.now()`.
    """

    by_us: int


class DevicesChanged(Event, frozen=True, gc=False):
    """`devicechange`: a microphone or a camera was plugged in, or is gone (W3C
    mediacapture-main).
    """


class Online(Event, frozen=True, gc=False):
    """`online`: the machine has a network again (HTML, 8.1.8.3 Browser state)."""


class Offline(Event, frozen=True, gc=False):
    """`offline`: the machine has no network."""


class CaptureEnded(RoomEvent, frozen=True, gc=False):
    """The capture ended from outside: "stop sharing", device unplugged."""

    source: Source
