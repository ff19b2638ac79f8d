"""The protocol of a window's runtime: what it is told, and what it wants done.

A runtime is `turn(kind, now_us, a, b, c) -> ops`. A turn tells it one thing; the ops are what its
script has asked for meanwhile, in order, to be done after the turn. `docs/protocol.md` has the
rules; a kind's arguments and an op's fields stand here. Times are microseconds, but for what a
script says itself (milliseconds, as in the browser). Structures among the arguments are JSON.
"""

from __future__ import annotations

from typing import Literal

import msgspec

# The kinds of a turn, with their arguments.
TIMER = "timer"  # number: the timer is due
TASK = "task"  # number: a task that the page has posted to itself
WALL = "wall"  # milliseconds: the wall clock was set, that much further
MESSAGE = "message"  # channel, text: a message for a BroadcastChannel
LOCK = "lock"  # number, "granted" | "refused" | "stolen"
LOCK_SNAPSHOT = "lockSnapshot"  # number, json {held, pending}: the answer of `locks.query()`
STORAGE = "storage"  # key | null, old | null, new | null: a `storage` event
REPLICA = "replica"  # json [[key | null, value | null]]: what has changed in localStorage
ROOM = "room"  # epoch, what, json: a Room reports
LIFECYCLE = "lifecycle"  # event of the page, persisted
ACTION = "action"  # name, json: what the user does
DO = "do"  # name, json: the user calls what the app has registered by that name
RESPONSE = "response"  # number, status (-1: a network error), json {statusText, url, headers, body}
SOCKET = "socket"  # number, "open" | "message" | "error" | "close", json
CAPTURE = "capture"  # number, json {tracks} | {error}
CAPTURE_ENDED = "captureEnded"  # track
DEVICES = "devices"  # number, json: the answer of `enumerateDevices()`
DEVICE_CHANGE = "deviceChange"
PERMISSION = "permission"  # number, state: the answer of `permissions.query()`
PERMISSION_CHANGE = "permissionChange"  # name, state
TRANSACTION = "transaction"  # number, json {version, schema, records}: it may run its requests
TRANSACTION_DONE = "transactionDone"  # number: it is committed
TAURI = "tauri"  # json {event, target, payload}: a Tauri event
WINDOW_MESSAGE = "windowMessage"  # window, text: `postMessage` of a related window; 0, the opener
WINDOW_CLOSED = "windowClosed"  # window

# How many arguments a kind has; which of them, from 0, is JSON.
ARGUMENTS = {
    **dict.fromkeys((DEVICE_CHANGE,), 0),
    **dict.fromkeys(
        (TIMER, TASK, WALL, REPLICA, CAPTURE_ENDED, TRANSACTION_DONE, TAURI, WINDOW_CLOSED), 1
    ),
    **dict.fromkeys((MESSAGE, LOCK, LOCK_SNAPSHOT, LIFECYCLE, ACTION, DO, CAPTURE, DEVICES), 2),
    **dict.fromkeys((PERMISSION, PERMISSION_CHANGE, TRANSACTION, WINDOW_MESSAGE), 2),
    **dict.fromkeys((STORAGE, ROOM, RESPONSE, SOCKET), 3),
}
JSON_ARGUMENT = {
    **dict.fromkeys((REPLICA, TAURI), 0),
    **dict.fromkeys((LOCK_SNAPSHOT, ACTION, DO, CAPTURE, DEVICES, TRANSACTION), 1),
    **dict.fromkeys((ROOM, RESPONSE, SOCKET), 2),
}


def _tag(name: str) -> str:
    return name[0].lower() + name[1:]


class Op(msgspec.Struct, frozen=True, gc=False, array_like=True, tag=_tag):
    """One thing that a script wants done; it crosses as an array that begins with its name."""


class SetTimer(Op, frozen=True, gc=False):
    """`setTimeout`, for after so many milliseconds."""

    number: int
    delay_ms: float


class SetInterval(Op, frozen=True, gc=False):
    """`setInterval`, with the same number each time."""

    number: int
    delay_ms: float


class ClearTimer(Op, frozen=True, gc=False):
    """`clearTimeout`, `clearInterval`."""

    number: int


class PostTask(Op, frozen=True, gc=False):
    """A task to the page itself, behind those before it: a MessagePort's."""

    number: int


class OpenChannel(Op, frozen=True, gc=False):
    """`new BroadcastChannel(name)`."""

    number: int
    name: str


class Post(Op, frozen=True, gc=False):
    """`postMessage` of a channel; the text is a structured clone."""

    number: int
    text: str


class CloseChannel(Op, frozen=True, gc=False):
    """`close()` of a channel."""

    number: int


class RequestLock(Op, frozen=True, gc=False):
    """`locks.request()`."""

    number: int
    name: str
    mode: Literal["exclusive", "shared"]
    if_available: bool
    steal: bool


class ReleaseLock(Op, frozen=True, gc=False):
    """A held lock's callback has settled."""

    number: int


class AbortLock(Op, frozen=True, gc=False):
    """The signal of a request that waits."""

    number: int


class QueryLocks(Op, frozen=True, gc=False):
    """`locks.query()`."""

    number: int


class SetItem(Op, frozen=True, gc=False):
    """`localStorage` was written: no value removes the key, no key clears all."""

    key: str | None
    value: str | None


class SetSessionItem(Op, frozen=True, gc=False):
    """The same of `sessionStorage`."""

    key: str | None
    value: str | None


class Fetch(Op, frozen=True, gc=False):
    """`fetch()`."""

    number: int
    url: str
    method: str
    headers: dict[str, str]
    body: str | None


class AbortFetch(Op, frozen=True, gc=False):
    """The signal of a fetch."""

    number: int


class OpenRoom(Op, frozen=True, gc=False):
    """`room.connect(url, token)`; the epoch names the session of this window from now on."""

    epoch: int
    url: str
    token: str


class CloseRoom(Op, frozen=True, gc=False):
    """`room.disconnect()`."""

    epoch: int


class Publish(Op, frozen=True, gc=False):
    """Publish a track of this source (`oneroom.core.state.Source`); `captured`: by the page, with
    an op `capture`, and not by the SDK.
    """

    epoch: int
    source: int
    muted: bool
    captured: bool = False


class Unpublish(Op, frozen=True, gc=False):
    """Unpublish the track of this source."""

    epoch: int
    source: int


class SetMuted(Op, frozen=True, gc=False):
    """Mute or unmute the microphone track."""

    epoch: int
    muted: bool


class SimulateScenario(Op, frozen=True, gc=False):
    """`room.simulateScenario()`."""

    epoch: int
    name: str


class Beacon(Op, frozen=True, gc=False):
    """`navigator.sendBeacon()`."""

    url: str
    body: str | None


class OpenSocket(Op, frozen=True, gc=False):
    """`new WebSocket()`."""

    number: int
    url: str
    protocols: list[str]


class SendSocket(Op, frozen=True, gc=False):
    """`send()` of a WebSocket."""

    number: int
    text: str


class CloseSocket(Op, frozen=True, gc=False):
    """`close()` of a WebSocket."""

    number: int
    code: int
    reason: str


class Capture(Op, frozen=True, gc=False):
    """`getUserMedia()` or `getDisplayMedia()`: the sources by livekit-client's names."""

    number: int
    sources: list[str]


class StopCapture(Op, frozen=True, gc=False):
    """`stop()` of a captured track."""

    track: int


class ListDevices(Op, frozen=True, gc=False):
    """`enumerateDevices()`."""

    number: int


class QueryPermission(Op, frozen=True, gc=False):
    """`permissions.query()`."""

    number: int
    name: str


class ListenTauri(Op, frozen=True, gc=False):
    """The first `listen` of `@tauri-apps/api/event`."""


class EmitTauri(Op, frozen=True, gc=False):
    """`emit` of `@tauri-apps/api/event`; json {event, target, payload}."""

    text: str


class Busy(Op, frozen=True, gc=False):
    """The task that is running waits for a clock: what follows is done so much later."""

    duration_ms: float


class BeginTransaction(Op, frozen=True, gc=False):
    """`transaction()` of an IndexedDB database; no stores for all, as an upgrade has them."""

    number: int
    database: str
    stores: list[str] | None
    mode: Literal["readonly", "readwrite", "versionchange"]


class CommitTransaction(Op, frozen=True, gc=False):
    """A transaction has no more requests; json {version, schema, changes}."""

    number: int
    commit: str


class AbortTransaction(Op, frozen=True, gc=False):
    """A transaction is given up."""

    number: int


class OpenWindow(Op, frozen=True, gc=False):
    """`window.open()`."""

    number: int
    url: str
    target: str
    features: str


class PostToWindow(Op, frozen=True, gc=False):
    """`postMessage` of a window that was opened; 0 is the opener."""

    number: int
    text: str


class FocusWindow(Op, frozen=True, gc=False):
    """`focus()` of a window that was opened; 0 is the opener, null the window itself."""

    number: int | None


class CloseWindow(Op, frozen=True, gc=False):
    """`close()` of a window that was opened; 0 is the opener, null the window itself."""

    number: int | None


class Navigate(Op, frozen=True, gc=False):
    """The page goes elsewhere: "reload" or an address."""

    to: str


class Annotate(Op, frozen=True, gc=False):
    """The app tells what it means (module `oneroom`): what, and its arguments."""

    what: str
    arguments: list[object]


class Error(Op, frozen=True, gc=False):
    """A listener, timer or action threw, or its promise was rejected."""

    what: str
    text: str
    stack: str


class Console(Op, frozen=True, gc=False):
    """A line of the console."""

    level: str
    text: str


Ops = list[
    SetTimer
    | SetInterval
    | ClearTimer
    | PostTask
    | OpenChannel
    | Post
    | CloseChannel
    | RequestLock
    | ReleaseLock
    | AbortLock
    | QueryLocks
    | SetItem
    | SetSessionItem
    | Fetch
    | AbortFetch
    | OpenRoom
    | CloseRoom
    | Publish
    | Unpublish
    | SetMuted
    | SimulateScenario
    | Beacon
    | OpenSocket
    | SendSocket
    | CloseSocket
    | Capture
    | StopCapture
    | ListDevices
    | QueryPermission
    | ListenTauri
    | EmitTauri
    | Busy
    | BeginTransaction
    | CommitTransaction
    | AbortTransaction
    | OpenWindow
    | PostToWindow
    | FocusWindow
    | CloseWindow
    | Navigate
    | Annotate
    | Error
    | Console
]
