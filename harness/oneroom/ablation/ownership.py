"""Ownerships without one of their protections."""

from __future__ import annotations

from oneroom.core import devices, session
from oneroom.core.events import TokenFailed, TokenReady
from oneroom.core.messages import CommandVerb
from oneroom.core.ownership import Ownership
from oneroom.core.reasons import Reason
from oneroom.core.state import Source, VoiceState


class OpensRoomInDoubt(Ownership):
    """An owner in doubt opens a Room with the token that arrives."""

    def answered(self, event: TokenReady | TokenFailed, now_us: int, *, sure: bool) -> None:
        super().answered(event, now_us, sure=True)


class LeavesConnectingRoom(Ownership):
    """A Room that is still connecting is left alone when the ownership is lost."""

    def _leave_room(self) -> None:
        if self.session.state is not session.State.OPENING:
            super()._leave_room()


class WritesNoClaim(Ownership):
    """A claim is not written to storage."""

    def claim(self, term: int, number: int, base: VoiceState) -> None:
        pass


class WritesIntentLate(Ownership):
    """Intent reaches storage with the next heartbeat, after its effect."""

    def _write_ahead(self) -> None:
        pass


class PublishesUnmuted(Ownership):
    """The microphone is published open, and muted afterwards."""

    starts_muted = False


class LeaveCancelsNothing(Ownership):
    """A disconnect ends a Room that is connected, and leaves alone what is in flight."""

    def _decided(self, verb: CommandVerb) -> None:
        if verb is CommandVerb.CONNECT:
            super()._decided(verb)
        else:
            self.error = ""
            self.share.move(devices.On.STOP)

    def _cancel(self) -> None:
        if self.session.state is session.State.OPEN:
            super()._cancel()


class IgnoresRemoval(Ownership):
    """A user whom a moderator removed tries again."""

    def _final(self, reason: Reason) -> bool:
        return False


class ReclaimsForever(Ownership):
    """An owner that is evicted takes the Room back each time."""

    def _evicted(self, now_us: int) -> None:
        self.reclaimed = False
        super()._evicted(now_us)


class IgnoresModerators(Ownership):
    """A moderator's decision holds for the present Room alone."""

    def _silence(self, source: Source) -> None:
        pass


class KeepsSilenceToItself(Ownership):
    """A mute by others is told to nobody."""

    def _tell_silence(self, sources: tuple[Source, ...]) -> None:
        pass


class KeepsRemovalToItself(Ownership):
    """The end of a call by others is told to nobody."""

    def _tell_removal(self, reason: Reason) -> None:
        pass


class AsksOnce(Ownership):
    """A capture that fails waits for the next change of the devices."""

    def _overtaken(self, source: Source) -> bool:
        super()._overtaken(source)
        return False


class ForgetsCamera(Ownership):
    """Only the microphone is published in a new Room."""

    def _restore_camera(self) -> None:
        pass


class KeepsMicrophone(Ownership):
    """A capture stays on the microphone on which it began."""

    def _follow_default(self) -> None:
        pass


class StaysInRoom(Ownership):
    """A user who moves to another channel stays in the old Room."""

    def _moved(self) -> bool:
        return super()._moved() and not self.intent.channel


class AnswersOnce(Ownership):
    """A command that comes again gets no second answer."""

    def answer_again(self) -> None:
        pass
