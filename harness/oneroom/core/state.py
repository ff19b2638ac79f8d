"""The state of a call as its user sees it: the values that snapshots carry and overlays draw.

Rules: values only, frozen, shared freely between windows of one run. An overlay gets state, never
tracks: a participant's `camera_track` and `screen_share_track` say whether such a track is there.
"""

from __future__ import annotations

import enum

import msgspec


class ConnectionState(enum.IntEnum):
    """State of the owner's Room, as an overlay shows it."""

    IDLE = 0
    CONNECTING = 1
    CONNECTED = 2
    RECONNECTING = 3


class Share(enum.IntEnum):
    """The user's own screen share. A share lost with its owner is offered again, never restarted:
    it needs a gesture.
    """

    OFF = 0
    ON = 1
    OFFERED_AGAIN = 2


class Source(enum.IntEnum):
    """Track sources, numbered as LiveKit's `TrackSource`."""

    CAMERA = 1
    MICROPHONE = 2
    SCREEN_SHARE = 3


class Intent(msgspec.Struct, frozen=True, gc=False):
    """The user's wishes, whatever the Room is doing. `channel` is "" for no call."""

    channel: str = ""
    muted: bool = False
    camera: bool = False
    share: bool = False


class Participant(msgspec.Struct, frozen=True, gc=False):
    """One member of the call as the owner's Room lists it."""

    identity: str
    speaking: bool = False
    muted: bool = False
    camera_track: bool = False
    screen_share_track: bool = False


class Applied(msgspec.Struct, frozen=True, gc=False):
    """The highest command number of one sender that has taken effect. Numbers of one sender are
    applied in order.
    """

    instance_id: str
    number: int


class VoiceState(msgspec.Struct, frozen=True, gc=False):
    """The content of a snapshot. `applied` travels with the state so that a new owner applies
    nothing twice.
    """

    intent: Intent = Intent()
    connection: ConnectionState = ConnectionState.IDLE
    participants: tuple[Participant, ...] = ()
    share: Share = Share.OFF
    error: str = ""
    applied: tuple[Applied, ...] = ()


class Lease(msgspec.Struct, frozen=True, gc=False):
    """The row in shared storage that is the second witness of an owner's life, beside the bus.

    `counter` grows while the owner's event loop runs. Nobody compares clocks: a reader measures by
    its own clock how long `counter` has stood still, because `performance.now()` of two windows
    cannot be compared (w3c/hr-time#65). `intent` and `applied` are written ahead of the effect, so
    that a mute or a leave survives a crash in the same instant. `seq` is the number of the owner's
    newest snapshot when the row was written.
    """

    term: int = 0
    holder: str = ""
    counter: int = 0
    seq: int = 0
    intent: Intent = Intent()
    applied: tuple[Applied, ...] = ()
