"""Records of the other people in a call, as the SFU has them and as windows draw them, and of what
others do to the user.

Rules: those of `records`; their tags are in docs/trace.md.
"""

from __future__ import annotations

import enum

from oneroom.trace.records import Name, Record, Source


class Looks(enum.IntFlag):
    """Flags of a participant's appearance: `ParticipantDrawn.looks`, `RemoteChanged.looks`."""

    SPEAKING = 1
    MUTED = 2
    CAMERA = 4
    SCREEN_SHARE = 8


class ParticipantDrawn(Record, frozen=True, gc=False, array_like=True, tag=71):
    """`where` draws a participant in a new way, or (`there` false) no longer.

    `looks` is a sum of `Looks`.
    """

    identity: Name
    there: bool
    looks: int


class RemoteChanged(Record, frozen=True, gc=False, array_like=True, tag=87):
    """The SFU's state of another participant in `channel` changed, or (`there` false) ended.

    `looks` is a sum of `Looks`.
    """

    channel: Name
    identity: Name
    there: bool
    looks: int


class RemovalRequested(Record, frozen=True, gc=False, array_like=True, tag=88):
    """RoomService.RemoveParticipant was called for the participant of `window`: by the app's own
    server (`by_app`), or by a moderator.
    """

    window: Name
    by_app: bool


class TrackMuted(Record, frozen=True, gc=False, array_like=True, tag=66):
    """The SDK tells `where` that somebody else has muted or unmuted its own track of `source`."""

    source: Source
    muted: bool


class PermissionChanged(Record, frozen=True, gc=False, array_like=True, tag=67):
    """The SDK tells `where` what it may publish from now on."""

    camera: bool
    microphone: bool
    screen_share: bool


class MicrophoneUsed(Record, frozen=True, gc=False, array_like=True, tag=68):
    """A capture of `where` uses that microphone; only in runs with more than one."""

    device: Name


class DefaultMicrophoneChanged(Record, frozen=True, gc=False, array_like=True, tag=69):
    """Another microphone is the system's default one."""

    device: Name


class RoomJoined(Record, frozen=True, gc=False, array_like=True, tag=95):
    """The session `sid`, which has just joined, is in `room`. The fake SFU alone tells."""

    sid: Name
    room: Name
