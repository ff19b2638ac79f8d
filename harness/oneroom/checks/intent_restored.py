"""Liveness check: in the end the user is in the wanted call, or in none.

Promise: when the run has settled, after a connect that was applied last: an owner's Room is
         connected, the SFU lists its session, in the channel that was asked for, as active and no
         ghost, and its microphone is published, muted as the user last asked (unmuted if never) or
         as somebody else has muted the user since; its camera is published if the user last
         switched it on, and only then; and so is the screen that the window captures; an open
         microphone is the system's default one.
         After a disconnect that was applied last: no window holds a Room, and no session but ghosts
         is listed. After a connect that the user clicked last and that no window applied: some
         window's Room is connected.
Exempt:  a connect that was clicked and not applied, if its window was closed or crashed since, or
         if it was refused while no main window was open where only one may own. A microphone or
         camera that the user has not granted, or refused at its prompt, or that others do not
         permit to publish; whether it is muted, if a window was told of a mute of somebody else's
         after another one had succeeded it, and whether a camera is on, once somebody else has
         ended the call: both until the user's next click. Where no window is ever owner, the Room
         may be any window's.
Vacuous: the user never asked for a call; somebody other than the app's own server removed the user
         or the room since; no window is open; only a main window may own and none is open.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import LivenessCheck, join_names
from oneroom.checks.removals import Removals
from oneroom.checks.rooms import HeldRooms
from oneroom.checks.sessions import Sessions, TrackedSession
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.checks.wishes import Wishes
from oneroom.trace.people_records import (
    DefaultMicrophoneChanged,
    MicrophoneUsed,
    PermissionChanged,
    RemovalRequested,
    RoomJoined,
    TrackMuted,
)
from oneroom.trace.records import (
    CaptureChanged,
    CommandApplied,
    CommandIssued,
    CommandOutcome,
    CommandResolved,
    CommandVerb,
    Healed,
    LifeChanged,
    PresenceChanged,
    PromptChanged,
    Record,
    Role,
    RoleChanged,
    RoomChanged,
    Settled,
    Source,
    TrackChanged,
    UserActed,
)

(
    _NO_OWNER,
    _NO_ROOM,
    _NO_SESSION,
    _NO_MICROPHONE,
    _MUTED,
    _OPEN,
    _STILL_THERE,
    _NOTHING,
    _NO_CAMERA,
    _CAMERA,
    _NO_SCREEN,
    _OTHER_MICROPHONE,
    _OTHER_CHANNEL,
    _NOWHERE,
    _FINE,
) = range(15)
_TEXTS = (
    "after healing the user wants a call and no window is owner",
    "after healing the user wants a call and {} has no connected Room",
    "after healing the user wants a call and the SFU lists no active session of {}",
    "after healing the microphone of {} is not published",
    "after healing {} is muted although the user is not",
    "after healing {} is not muted although the user is",
    "after healing {} is in the call that the user left",
    "the user asked for a call in {}, and after healing no window has a connected Room",
    "after healing the camera of {} is not published although the user has it on",
    "after healing the camera of {} is published although the user has it off",
    "after healing {} captures the screen and does not publish it",
    "after healing {} captures another microphone than the default one",
    "after healing {} is in another channel than the one that the user asked for",
    "after healing the user wants a call and no window has a connected Room",
)

_OWNER = Role.OWNER  # bound once, see window_lifecycle


class IntentRestored(LivenessCheck):
    """Follows the user's intent, HeldRooms and sessions.

    `windows` of a violation: the window that should have restored the call, or that is still in it.
    `details`: what is wrong.
    """

    name = "intent_restored"
    promise = "after healing the user is in the wanted call, or in none"
    reads: tuple[type[Record], ...] = (
        CommandApplied,
        CommandIssued,
        CommandResolved,
        RoleChanged,
        RoomChanged,
        PresenceChanged,
        TrackChanged,
        LifeChanged,
        PromptChanged,
        CaptureChanged,
        RemovalRequested,
        TrackMuted,
        PermissionChanged,
        MicrophoneUsed,
        DefaultMicrophoneChanged,
        RoomJoined,
        UserActed,
        Healed,
        Settled,
    )
    needs = CommandApplied

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.rooms = HeldRooms()
        self.sessions = Sessions()
        self.removals = Removals()
        self.owners: dict[int, bool] = {}
        self.elects = False
        self.asked = False  # a connect was applied, and nobody has removed the user since
        self.wants = False
        self.click = -1  # the window of a connect that was clicked, and of which nothing came yet
        self.wishes = Wishes()
        # sources whose last prompt was not followed by a capture
        self.refused: dict[int, bool] = {}
        self.sharing: dict[int, bool] = {}  # windows that capture the screen
        # number of the record of a click -> its channel; window and number of a connect -> the same
        self.clicked: dict[int, int] = {}
        self.channels: dict[tuple[int, int], int] = {}
        self.channel = -1  # of the connect that was applied last, if it is known
        self.joined: set[int] = set()  # the rooms in which a session ever was
        self.default = -1  # the default microphone, if it was ever another one
        self.microphones: dict[int, int] = {}  # windows -> the microphone that they captured last

    def follow(self, record: Record) -> None:
        match record:
            case RoleChanged(where=window, role=role):
                self.sessions.owned(record)
                if role == _OWNER:
                    self.elects = True
                    self.owners[window] = True
                else:
                    self.owners.pop(window, None)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.owners.pop(window, None)
                    self.rooms.gone(window)
                    if self.click == window:
                        self.click = -1
            case RoomChanged():
                self.rooms.on(record)
                self.sessions.opened(record)
                self.wishes.room(record)
                self._removed(record)
            case PresenceChanged():
                self.sessions.presence(record)
                self._removed(record)
            case RemovalRequested():
                self.removals.on(record)
            case TrackChanged():
                self.sessions.track(record)
            case TrackMuted() if self.sessions.speaks_for(record.where):
                self.wishes.muted_by_others(record)
            case PermissionChanged() if self.sessions.speaks_for(record.where):
                self.wishes.permitted(record)
            case TrackMuted(source=Source.MICROPHONE, muted=muted):
                self.wishes.told_late(muted)
            case PermissionChanged():
                self.wishes.told_late(not record.microphone)
            case CommandApplied():
                self._applied(record)
            case UserActed(channel=channel):
                self.clicked[record.n] = channel
            case RoomJoined(room=room):
                self.sessions.room(record)
                self.joined.add(room)
            case CommandIssued():
                self._issued(record)
            case CommandResolved(outcome=CommandOutcome.REFUSED):
                if self.setting.may_own == "main" and not self.lifecycle.main_open():
                    self.click = -1  # the user was told to open the main app
            case PromptChanged(where=window, source=source, up=up):
                self.refused[source] = not up and window in self.lifecycle.open
            case CaptureChanged():
                self._captured(record)
            case MicrophoneUsed(where=window, device=device):
                self.microphones[window] = device
            case DefaultMicrophoneChanged(device=device):
                self.default = device

    def _captured(self, record: CaptureChanged) -> None:
        if record.on:
            self.refused[record.source] = False
        if record.source == Source.SCREEN_SHARE:
            self.sharing[record.where] = record.on

    def _removed(self, record: RoomChanged | PresenceChanged) -> None:
        if self.removals.decided(record):
            # a connect that crossed it on the way was for the call that has ended
            self.asked = False
            self.click = -1
            self.wishes.sent_out()

    def _issued(self, record: CommandIssued) -> None:
        self.wishes.issued(record)
        inferred = record.number < 0
        if record.verb == CommandVerb.CONNECT:
            self.click = -1 if inferred else record.where
            self.channels[record.where, record.number] = self.clicked.pop(record.cause, -1)
        elif record.verb == CommandVerb.DISCONNECT:
            self.click = -1
        else:
            return
        if inferred:
            # what it has come to is known when it is applied, and judged by commands_resolve if not
            self.asked = False

    def _applied(self, record: CommandApplied) -> None:
        self.wishes.applied(record)
        if record.verb == CommandVerb.CONNECT:
            self.asked = True
            self.wants = True
            self.click = -1
            # an instance id that is no window's name is that of a later runtime
            self.channel = self.channels.get((record.issuer, record.number), -1)
        elif record.verb == CommandVerb.DISCONNECT:
            self.wants = False
            self.asked = self.asked or record.number < 0

    def settle(self, record: Settled) -> None:
        if not self.lifecycle.open or not (self.asked or self.click >= 0):
            return
        if self.setting.may_own == "main" and not self.lifecycle.main_open():
            return
        self.seen = True
        if self.asked and self.wants:
            self._settle_call(record)
        elif self.click >= 0:
            if not any(self.rooms.connected(window) for window in self.lifecycle.open):
                self.violate(record, (self.click,), (_NOTHING,))
        else:
            self._settle_silence(record)

    def _settle_call(self, record: Settled) -> None:
        candidates = list(self.owners) if self.elects else list(self.lifecycle.open)
        if not candidates:
            self.violate(record, (), (_NO_OWNER,))
            return
        faults = [self._missing(window) for window in candidates]
        if _FINE in faults:
            return
        if self.wishes.inferred and not self.elects:
            # of windows of which any might be it, the one that is in the call
            present = [pair for pair in zip(faults, candidates, strict=True) if pair[0] != _NO_ROOM]
            fault, window = present[0] if present else (_NOWHERE, candidates[0])
            self.violate(record, (window,), (fault,))
        else:
            self.violate(record, (candidates[0],), (faults[0],))

    def _settle_silence(self, record: Settled) -> None:
        there = dict.fromkeys(self.rooms.held)
        for session in self.sessions.listed.values():
            if not session.ghost:
                there[session.window] = None
        if there:
            self.violate(record, tuple(there), (_STILL_THERE,))

    def _missing(self, window: int) -> int:
        """The part of a restored call that `window` lacks."""
        if not self.rooms.connected(window):
            return _NO_ROOM
        for session in self.sessions.listed.values():
            if session.window == window and session.active and not session.ghost:
                return self._unpublished(session)
        return _NO_SESSION

    def _unpublished(self, session: TrackedSession) -> int:
        """The track that a session lacks, or has too many."""
        wishes = self.wishes
        # an app may have names of its own for its rooms
        known = self.channel in self.joined if wishes.inferred else self.channel >= 0
        if known and session.room >= 0 and session.room != self.channel:
            return _OTHER_CHANNEL
        if self.sharing.get(session.window, False) and not session.shares:
            return _NO_SCREEN
        judges_camera = Source.CAMERA not in wishes.disputed | wishes.unknown
        if session.films and not wishes.camera and judges_camera:
            return _CAMERA
        if not self.setting.microphone:  # it is the permission for both
            return _FINE
        if wishes.inferred and (Source.MICROPHONE in wishes.unknown or wishes.muted):
            muted = Source.MICROPHONE in wishes.unknown or not session.open
            return _FINE if muted else _OPEN
        if not session.microphone:
            if wishes.may_speak and not self.refused.get(Source.MICROPHONE, False):
                return _NO_MICROPHONE
        elif session.open == wishes.muted and Source.MICROPHONE not in wishes.disputed:
            return _OPEN if wishes.muted else _MUTED
        elif session.open and self.microphones.get(session.window, self.default) != self.default:
            return _OTHER_MICROPHONE
        may_film = judges_camera and wishes.may_film and not self.refused.get(Source.CAMERA, False)
        if wishes.camera and may_film and not session.films:
            return _NO_CAMERA
        return _FINE

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return _TEXTS[violation.details[0]].format(join_names(violation.windows, names))
