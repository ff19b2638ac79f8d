"""Who muted is not heard.

Promise: after a mute was applied, no microphone of the user is published unmuted or unmuted at the SFU, in whatever
         window, until an unmute is applied: not by a handoff, a failover, a reconnect or a rejoin.
Exempt:  what was on its way when the mute was applied, because the muting follows it on the same way: the microphone
         that was heard then, until its own muting arrives; and one opening for each listed session that captured then
         but was not yet heard, or whose window had applied an unmute that had not yet arrived.
Vacuous: no mute was ever applied.
"""

from __future__ import annotations

from collections.abc import Sequence

from harness.checks.check import Check
from harness.checks.lives import Lives
from harness.checks.sessions import Sessions
from harness.checks.violation import Violation
from harness.trace.records import (
    CaptureChanged,
    CommandApplied,
    LifeChanged,
    PresenceChanged,
    Record,
    Source,
    TrackChanged,
    TrackState,
    Verb,
)


class MuteIsSticky(Check):
    """`since_us` of a violation is when the mute was applied. `details`: the track's state."""

    name = "mute_is_sticky"
    promise = "a muted user is not heard until an unmute is applied"
    reads: tuple[type[Record], ...] = (CommandApplied, TrackChanged, PresenceChanged, CaptureChanged, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.lives = Lives()
        self.sessions = Sessions()
        self.capturing: dict[int, bool] = {}
        self.muted = False
        self.muted_us = 0
        self.unmuting: dict[int, bool] = {}  # windows that have applied an unmute which the SFU has not shown yet
        self.opening: dict[int, bool] = {}  # sids whose microphone may have been about to open when the mute came

    def on(self, record: Record) -> None:
        match record:
            case CommandApplied(verb=Verb.TOGGLE_MUTE):
                if record.value and not self.muted:
                    self._mute(record)
                elif not record.value and self.muted:
                    self.muted = False
                    self.opening = {}
                    self.unmuting[record.where] = True
            case TrackChanged(source=Source.MICROPHONE):
                self._track(record)
            case PresenceChanged():
                self.sessions.presence(record)
            case CaptureChanged(where=window, source=Source.MICROPHONE):
                if record.on:
                    self.capturing[window] = True
                else:
                    self.capturing.pop(window, None)
            case LifeChanged(where=window):
                if self.lives.on(record):
                    self.capturing.pop(window, None)
                    self.unmuting.pop(window, None)

    def _mute(self, record: CommandApplied) -> None:
        self.seen = True
        self.muted = True
        self.muted_us = record.at_us
        for sid, session in self.sessions.listed.items():
            about_to = session.window in self.unmuting or not session.open
            if about_to and session.window in self.capturing:
                self.opening[sid] = True

    def _track(self, record: TrackChanged) -> None:
        self.sessions.track(record)
        if record.state != TrackState.PUBLISHED and record.state != TrackState.UNMUTED:
            return
        self.unmuting.pop(record.window, None)
        if self.muted and not self.opening.pop(record.sid, False):
            self.violate(record, (record.window,), (record.state,), since_us=self.muted_us)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        window = names[violation.windows[0]]
        if violation.details[0] == TrackState.UNMUTED:
            return f"the microphone of {window} was unmuted although the user is muted"
        return f"{window} published an open microphone although the user is muted"
