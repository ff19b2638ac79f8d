"""The observer: fakes report here what no window can know, so that checks can judge by it.

Names are plain strings here (window names, identities, sids); the recorder makes trace records of
them.
"""

from __future__ import annotations

import enum
from typing import Protocol

from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source


class Presence(enum.IntEnum):
    """States of one session of one participant at the SFU."""

    JOINED = 1  # listed from now on
    ACTIVE = 2  # media connected
    RESUMED = 3  # signalling re-attached to this session
    GHOST = 4  # its client is gone and the SFU has not noticed: still listed
    LEFT = 5  # no longer listed


class TrackState(enum.IntEnum):
    """States of a published track."""

    PUBLISHED = 1
    PUBLISHED_MUTED = 2
    MUTED = 3
    UNMUTED = 4
    UNPUBLISHED = 5


class LockChange(enum.IntEnum):
    """States of a window's request for the owner lock."""

    REQUESTED = 1
    GRANTED = 2
    RELEASED = 3
    STOLEN = 4  # taken from this window


class Loss(enum.IntEnum):
    """Reasons why a message did not arrive."""

    LOST = 1
    PARTITIONED = 2
    DEAF = 3
    GONE = 4  # the receiver was gone when it arrived
    UNHEARD = 5  # its listener was not registered yet


class Observer(Protocol):
    """Receives every report in the instant in which it happens. `window` runs the client."""

    def message_lost(self, receiver: str, why: Loss) -> None:
        """A copy of a broadcast did not reach `receiver`."""

    def lock_changed(self, window: str, change: LockChange, name: str) -> None:
        """The browser's lock manager changed the request of `window`."""

    def lease_written(self, window: str, term: int, counter: int) -> None:
        """`window` wrote the owner's lease record."""

    def token_minted(self, window: str, epoch: int) -> None:
        """A token was handed to `window`. The token itself is not reported."""

    def expired_token_tried(self, window: str, epoch: int) -> None:
        """`window` opens a Room with a token that has expired."""

    def presence(
        self, window: str, identity: str, sid: str, presence: Presence, reason: Reason
    ) -> None:
        """A session changed at the SFU. `reason` is UNKNOWN except for LEFT."""

    def room_joined(self, sid: str, room: str) -> None:
        """The session that has just joined is in `room`."""

    def track(
        self, window: str, identity: str, sid: str, source: Source, state: TrackState
    ) -> None:
        """A track of a session changed at the SFU."""

    def media(self, window: str, identity: str, sid: str, uplink: bool, downlink: bool) -> None:
        """Packets of an active session's client begin or cease to arrive at the SFU (`uplink`), or
        the SFU's at the client (`downlink`). Both arrive to begin with.
        """

    def remote(self, channel: str, participant: Participant, there: bool) -> None:
        """Another participant in `channel` changed, or (`there` false) left."""

    def witness_saw(self, identity: str, sid: str, presence: Presence) -> None:
        """The witness, another participant, was told: JOINED, ACTIVE or LEFT.

        Updates of non-publishers come up to 3 s late.
        """

    def witness_saw_track(self, identity: str, sid: str, source: Source, state: TrackState) -> None:
        """The witness was told about a track."""

    def prompt(self, window: str, source: Source, up: bool) -> None:
        """A permission prompt opened or closed in `window`."""

    def capture(self, window: str, source: Source, on: bool) -> None:
        """A capture of `window` started or stopped."""

    def microphone(self, window: str, device: str) -> None:
        """A capture of `window` uses that microphone. Told only if there is more than one."""
