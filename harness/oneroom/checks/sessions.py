"""Sessions of the user that the SFU lists, and what they publish.

Rules: bookkeeping for checks, no judgement. The SFU's side alone: what a window believes is in
`rooms`.
"""

from __future__ import annotations

from oneroom.trace.people_records import RoomJoined
from oneroom.trace.records import (
    MediaChanged,
    Presence,
    PresenceChanged,
    Role,
    RoleChanged,
    RoomChanged,
    RoomState,
    Source,
    TrackChanged,
    TrackState,
)


class TrackedSession:
    """One listed session; `window` runs its client.

    `microphone` is true if one is published, `open` if it is unmuted; `films` and `shares` if a
    camera and a screen are published and not muted; `uplink` and `downlink` if packets pass to the
    SFU and from it.
    """

    def __init__(self, window: int) -> None:
        self.window = window
        self.active = False
        self.ghost = False
        self.microphone = False
        self.open = False
        self.uplink = True
        self.downlink = True
        self.room = -1  # its interned name; unknown on a real server
        self.films = False
        self.shares = False


class Sessions:
    """`listed` maps each session's interned sid to it, in the order of joining."""

    def __init__(self) -> None:
        self.listed: dict[int, TrackedSession] = {}
        self.owner = -1  # the window that became owner last, for those who follow the ownership
        self.opener = -1  # the window that opened a Room last

    def presence(self, record: PresenceChanged) -> None:
        """Follow a session.

        A resume may hand it to another window's client: the SFU does not compare sids (LiveKit
        v1.13.5).
        """
        if record.presence == Presence.JOINED:
            self.listed[record.sid] = TrackedSession(record.window)
            return
        session = self.listed.get(record.sid)
        if session is None:
            return
        if record.presence == Presence.ACTIVE:
            session.active = True
        elif record.presence == Presence.RESUMED:
            session.window = record.window
            session.ghost = False
        elif record.presence == Presence.GHOST:
            session.ghost = True
        elif record.presence == Presence.LEFT:
            del self.listed[record.sid]

    def owned(self, record: RoleChanged) -> None:
        """Follow the ownership."""
        if record.role == Role.OWNER:
            self.owner = record.where

    def opened(self, record: RoomChanged) -> None:
        """Follow the Rooms: in an app that tells no roles, who opens one succeeds the others."""
        if record.state == RoomState.OPENING:
            self.opener = record.where

    def speaks_for(self, window: int) -> bool:
        """True if what the SDK of `window` tells is no old news: its session is listed, and no
        other window has become owner since it did.
        """
        last = self.opener if self.owner < 0 else self.owner
        return last in (-1, window) and any(
            session.window == window for session in self.listed.values()
        )

    def media(self, record: MediaChanged) -> None:
        """Follow the packets of a session."""
        session = self.listed.get(record.sid)
        if session is not None:
            session.uplink, session.downlink = record.uplink, record.downlink

    def room(self, record: RoomJoined) -> None:
        """Follow a session into its room."""
        session = self.listed.get(record.sid)
        if session is not None:
            session.room = record.room

    def track(self, record: TrackChanged) -> None:
        """Follow a track."""
        session = self.listed.get(record.sid)
        if session is None:
            return
        flows = record.state == TrackState.PUBLISHED or record.state == TrackState.UNMUTED
        if record.source == Source.MICROPHONE:
            session.microphone = record.state != TrackState.UNPUBLISHED
            session.open = flows
        elif record.source == Source.CAMERA:
            session.films = flows
        else:
            session.shares = flows
