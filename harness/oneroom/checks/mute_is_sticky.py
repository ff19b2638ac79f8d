"""Safety check: a muted user is not heard until an unmute is applied.

Promise: after a mute was applied, or a window was told that somebody else has muted the user or
         withdrawn the permission to publish the microphone, no microphone of the user is published
         unmuted or unmuted at the SFU, in whatever window, until an unmute is applied: not by a
         handoff, a failover, a reconnect or a rejoin, and not by others. Where media is real, no
         sound of the user reaches the witness in that time either, beyond the 3 s that sound may
         still be on its way.
Exempt:  what was on its way when the mute was applied, because the mute follows it on the same way:
         the microphone that was heard then, until its own mute arrives; and one unmute for each
         listed session that captured then but was not yet heard, or whose window had applied an
         unmute that had not yet arrived. What a window is told after another one has succeeded it:
         a moderator's decision is about one session. The unmuting of a microphone that its window
         no longer captures, because it has closed the Room or died: there is nothing to hear. Sound
         of a window that stands still: nothing can tell it to stop.
Vacuous: no mute was ever applied, by the user or by others.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.sessions import Sessions
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.people_records import PermissionChanged, TrackMuted
from oneroom.trace.records import (
    CaptureChanged,
    CommandApplied,
    CommandIssued,
    CommandVerb,
    LifeChanged,
    PresenceChanged,
    Record,
    RoleChanged,
    RoomChanged,
    Settled,
    Source,
    TrackChanged,
    TrackState,
    WitnessSensed,
)

# Jitter buffers, the way of a mute to the owner and on, and the time that a witness takes to call
# it silence.
SOUND_ON_ITS_WAY_US = 3_000_000
_SOUND = 0  # in `details`, where a track's state would be


class MuteIsSticky(Check):
    """Follows mutes, microphones at the SFU, and sound at the witness.

    `since_us` of a violation is when the mute was applied. `details`: the track's state, 0 for
    sound.
    """

    name = "mute_is_sticky"
    promise = "a muted user is not heard until an unmute is applied"
    reads: tuple[type[Record], ...] = (
        CommandIssued,
        CommandApplied,
        TrackChanged,
        PresenceChanged,
        CaptureChanged,
        TrackMuted,
        PermissionChanged,
        RoleChanged,
        RoomChanged,
        LifeChanged,
        WitnessSensed,
        Settled,
    )
    needs = CommandApplied

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.sessions = Sessions()
        self.capturing: dict[int, bool] = {}
        self.muted = False
        self.muted_us = 0
        # windows that have applied an unmute which the SFU has not shown yet
        self.unmuting: dict[int, bool] = {}
        # sids whose microphone may have been about to open when the mute came
        self.opening: dict[int, bool] = {}

        self.windows: dict[int, int] = {}  # sid -> window, also of sessions that have ended
        self.sounds_us: dict[int, int] = {}  # sids that the witness hears -> since when

    def on(self, record: Record) -> None:
        match record:
            case CommandIssued(verb=CommandVerb.TOGGLE_MUTE, number=number) if number < 0:
                self._judge_silence(record)
                self.muted = False  # it is inferred, and may mean either until it is applied
            case CommandApplied(verb=CommandVerb.TOGGLE_MUTE):
                if record.value and not self.muted:
                    self._mute(record)
                elif not record.value and self.muted:
                    self._judge_silence(record)
                    self.muted = False
                    self.opening = {}
                    self.unmuting[record.where] = True
            case RoleChanged():
                self.sessions.owned(record)
            case RoomChanged():
                self.sessions.opened(record)
            case TrackMuted(source=Source.MICROPHONE, muted=True):
                self._muted_by_others(record)
            case PermissionChanged(microphone=False):
                self._muted_by_others(record)
            case TrackChanged(source=Source.MICROPHONE):
                self._track(record)
            case PresenceChanged():
                self.sessions.presence(record)
                self.windows[record.sid] = record.window
            case WitnessSensed(source=Source.MICROPHONE, sid=sid):
                self._judge_silence(record)
                if record.alive:
                    self.sounds_us[sid] = record.at_us
                else:
                    self.sounds_us.pop(sid, None)
            case Settled():
                self._judge_silence(record)
            case CaptureChanged(where=window, source=Source.MICROPHONE):
                if record.on:
                    self.capturing[window] = True
                else:
                    self.capturing.pop(window, None)
            case LifeChanged(where=window):
                if self.lifecycle.on(record):
                    self.capturing.pop(window, None)
                    self.unmuting.pop(window, None)

    def _mute(self, record: CommandApplied) -> None:
        self._begin(record)
        for sid, session in self.sessions.listed.items():
            may_open = session.window in self.unmuting or not session.open
            if may_open and session.window in self.capturing:
                self.opening[sid] = True

    def _muted_by_others(self, record: Record) -> None:
        """The SFU has muted the microphone already: only an unmute is still on its way."""
        if not self.muted and self.sessions.speaks_for(record.where):
            self._begin(record)
            for sid, session in self.sessions.listed.items():
                if session.window in self.unmuting and session.window in self.capturing:
                    self.opening[sid] = True

    def _begin(self, record: Record) -> None:
        self.seen = True
        self.muted = True
        self.muted_us = record.at_us

    def _track(self, record: TrackChanged) -> None:
        self.sessions.track(record)
        if record.state != TrackState.PUBLISHED and record.state != TrackState.UNMUTED:
            return
        self.unmuting.pop(record.window, None)
        silent = record.state == TrackState.UNMUTED and record.window not in self.capturing
        if self.muted and not silent and not self.opening.pop(record.sid, False):
            self.violate(record, (record.window,), (record.state,), since_us=self.muted_us)

    def _judge_silence(self, record: Record) -> None:
        """Judge the muted time up to `record`: sound must end within 3 s of the mute."""
        if not self.muted:
            return
        for sid, began_us in self.sounds_us.items():
            window = self.windows.get(sid, -1)
            if record.at_us - max(
                began_us, self.muted_us
            ) > SOUND_ON_ITS_WAY_US and self.lifecycle.runs(window):
                self.violate(record, (window,), (_SOUND,), since_us=self.muted_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        window = names[violation.windows[0]]
        if violation.details[0] == _SOUND:
            return f"others heard {window} for more than 3 s although the user is muted"
        if violation.details[0] == TrackState.UNMUTED:
            return f"the microphone of {window} was unmuted although the user is muted"
        return f"{window} published an open microphone although the user is muted"
