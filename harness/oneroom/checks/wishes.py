"""Wishes of the user for the own tracks: muted, camera; and what others leave of them.

Rules: bookkeeping for checks, no judgement. What others have muted or unpublished, and the window
was told, counts as if the user had: until the next click. A new Room comes with a new token, which
permits everything.
"""

from __future__ import annotations

from oneroom.trace.people_records import PermissionChanged, TrackMuted
from oneroom.trace.records import (
    CommandApplied,
    CommandIssued,
    CommandVerb,
    RoomChanged,
    RoomState,
    Source,
)


class Wishes:
    """`muted` and `camera` are wanted; `may_speak` and `may_film` are permitted. `disputed` are the
    sources of which nobody can tell whether they are wanted, until the user's next click. `unknown`
    are those of an app that has not told: until a click is known to have had its effect.
    """

    def __init__(self) -> None:
        self.muted = False
        self.disputed: set[Source] = set()
        self.unknown: set[Source] = set()
        self.inferred = False  # the commands are
        self.camera = False
        self.may_speak = True
        self.may_film = True

    def issued(self, record: CommandIssued) -> None:
        """Follow a click, of which commands that are inferred know no more than that."""
        if record.number >= 0:
            return
        if not self.inferred:
            self.inferred = True
            self.unknown = {Source.MICROPHONE, Source.CAMERA}
        elif record.verb == CommandVerb.TOGGLE_MUTE:
            self.unknown.add(Source.MICROPHONE)

    def applied(self, record: CommandApplied) -> None:
        """Follow a click that an owner gave effect to."""
        if record.verb == CommandVerb.TOGGLE_MUTE:
            self.muted = record.value
            self.disputed.discard(Source.MICROPHONE)
            self.unknown.discard(Source.MICROPHONE)
        elif record.verb == CommandVerb.TOGGLE_CAMERA:
            self.camera = record.value
            self.disputed.discard(Source.CAMERA)
        elif record.verb == CommandVerb.DISCONNECT:
            self.camera = False
            self.disputed.discard(Source.CAMERA)

    def muted_by_others(self, record: TrackMuted) -> None:
        """Follow a mute of somebody else; an unmute changes no wish."""
        if record.source == Source.MICROPHONE:
            self.muted = self.muted or record.muted
        elif record.source == Source.CAMERA:
            self.camera = self.camera and not record.muted

    def told_late(self, muted: bool) -> None:
        """Follow a mute that a window is told of after another one has succeeded it: its next Room
        may have begun without it, or have been about to begin.
        """
        if muted:
            self.disputed.add(Source.MICROPHONE)

    def permitted(self, record: PermissionChanged) -> None:
        """Follow a permission."""
        self.may_speak = record.microphone
        self.may_film = record.camera
        self.muted = self.muted or not record.microphone
        self.camera = self.camera and record.camera

    def sent_out(self) -> None:
        """Follow a removal: the next call begins without a camera, as after a leave, unless the
        window was not told.
        """
        self.disputed.add(Source.CAMERA)

    def room(self, record: RoomChanged) -> None:
        """Follow a new Room."""
        if record.state == RoomState.CONNECTED:
            self.may_speak = self.may_film = True
