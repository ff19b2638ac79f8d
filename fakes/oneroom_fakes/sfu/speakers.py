"""Who speaks in one room, as LiveKit tells it: changes alone, to everybody, looked at on a ticker.

Source: LiveKit v1.13.5 rtc/room.go, audioUpdateWorker, sendSpeakerChanges, SimulateScenario;
participant.go, SendSpeakerUpdate. Nothing is told again: whoever has no signalling at that moment
misses it, and a resume does not bring it. Who joins later is told when it subscribes to somebody
who speaks.
"""

from __future__ import annotations

from typing import Protocol

from oneroom.choices.labels import Label
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.signal_messages import SpeakersChanged


class Hearers(Protocol):
    """The room, as its ear sees it."""

    def talking(self) -> dict[str, bool]:
        """The sid of everybody who wants to be heard, and whether the server hears a voice from
        it.
        """

    def tell_speakers(self, message: SpeakersChanged) -> None:
        """Send it to every session that is active."""


class Speakers:
    """The ear of one room. Its ticker runs only while somebody talks or is told to; its phase is a
    draw.
    """

    def __init__(self, context: ServerContext, hearers: Hearers) -> None:
        self._context = context
        self._hearers: Hearers | None = hearers
        self._active: dict[str, bool] = {}
        self._phase_us = -1
        self._scheduled = False

    def listen(self) -> None:
        """Somebody may have begun to talk."""
        if (
            not self._scheduled
            and self._hearers is not None
            and (self._active or any(self._hearers.talking().values()))
        ):
            self._scheduled = True
            interval_us = self._context.timers.speakers_us
            if self._phase_us < 0:
                self._phase_us = self._context.choices.draw(Label.PHASE, interval_us)
            delay_us = (self._phase_us - self._context.scheduler.now_us) % interval_us
            self._context.scheduler.after(delay_us or interval_us, self._look, None)

    def speaks(self, sid: str) -> bool:
        """Whether everybody was told that it speaks."""
        return sid in self._active

    def now(self) -> SpeakersChanged:
        """What somebody who has just subscribed is told."""
        return SpeakersChanged(tuple((sid, True) for sid in self._active))

    def simulate(self, sid: str) -> None:
        """LiveKit's `speaker`: whatever it says or does not, it is told to speak, and later that it
        has stopped.
        """
        self._tell({sid: True})
        self._context.scheduler.after(
            self._context.timers.simulated_speech_us, self._simulated_over, sid
        )

    def end(self) -> None:
        """The room or the run is over."""
        self._hearers = None

    def _simulated_over(self, sid: str) -> None:
        self._tell({sid: False})

    def _look(self, _: None) -> None:
        self._scheduled = False
        if self._hearers is None:
            return
        heard = {sid: True for sid, voice in self._hearers.talking().items() if voice}
        changes = {sid: True for sid in heard if sid not in self._active}
        changes |= {sid: False for sid in self._active if sid not in heard}
        self._active = heard
        if changes:
            self._tell(changes)
        self.listen()

    def _tell(self, changes: dict[str, bool]) -> None:
        if self._hearers is not None:
            self._hearers.tell_speakers(SpeakersChanged(tuple(changes.items())))
