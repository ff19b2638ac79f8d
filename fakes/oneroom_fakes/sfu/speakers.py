"""The active speakers of one room: looked at on a ticker, and sent to everybody as changes alone.

Source: LiveKit v1.13.5 rtc/room.go, audioUpdateWorker, sendSpeakerChanges, SimulateScenario;
participant.go, SendSpeakerUpdate. A change is sent once: a client without signalling at that moment
misses it, and a resume does not bring it. A client that joins later is told when it subscribes to
somebody who speaks.
"""

from __future__ import annotations

from typing import Protocol

from oneroom.choices.labels import Label
from oneroom_fakes.sfu.context import ServerContext
from oneroom_fakes.sfu.signal_messages import SpeakersChanged


class AudioRoom(Protocol):
    """The room whose speakers are looked at and told."""

    def voices(self) -> dict[str, bool]:
        """Map from the sid of each audible participant to True if the server hears a voice."""

    def send_speakers(self, message: SpeakersChanged) -> None:
        """Send `message` to every active session."""


class Speakers:
    """The active speakers of one room.

    The ticker runs only while somebody speaks or is reported as a speaker; its phase is a draw.
    """

    def __init__(self, context: ServerContext, room: AudioRoom) -> None:
        self._context = context
        self._room: AudioRoom | None = room
        self._active: dict[str, bool] = {}
        self._phase_us = -1
        self._scheduled = False

    def listen(self) -> None:
        """Start the ticker, if it is needed: somebody may have begun to speak."""
        if (
            not self._scheduled
            and self._room is not None
            and (self._active or any(self._room.voices().values()))
        ):
            self._scheduled = True
            interval_us = self._context.timers.speakers_us
            if self._phase_us < 0:
                self._phase_us = self._context.choices.draw(Label.PHASE, interval_us)
            delay_us = (self._phase_us - self._context.scheduler.now_us) % interval_us
            self._context.scheduler.after(delay_us or interval_us, self._update, None)

    def speaks(self, sid: str) -> bool:
        """True if `sid` was last sent as speaking."""
        return sid in self._active

    def now(self) -> SpeakersChanged:
        """The present speakers, as a session that has just subscribed is sent them."""
        return SpeakersChanged(tuple((sid, True) for sid in self._active))

    def simulate(self, sid: str) -> None:
        """LiveKit's simulated scenario `speaker`: `sid` is sent as speaking whatever is heard of
        it, and as silent 3 s later.
        """
        self._send({sid: True})
        self._context.scheduler.after(
            self._context.timers.simulated_speech_us, self._simulated_over, sid
        )

    def end(self) -> None:
        """The room or the run is over."""
        self._room = None

    def _simulated_over(self, sid: str) -> None:
        self._send({sid: False})

    def _update(self, _: None) -> None:
        self._scheduled = False
        if self._room is None:
            return
        heard = {sid: True for sid, voice in self._room.voices().items() if voice}
        changes = {sid: True for sid in heard if sid not in self._active}
        changes |= {sid: False for sid in self._active if sid not in heard}
        self._active = heard
        if changes:
            self._send(changes)
        self.listen()

    def _send(self, changes: dict[str, bool]) -> None:
        if self._room is not None:
            self._room.send_speakers(SpeakersChanged(tuple(changes.items())))
