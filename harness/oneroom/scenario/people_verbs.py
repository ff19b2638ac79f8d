"""Verbs of the other people in a call: those who have windows of their own, and moderators.

`remote` is what LiveKit calls the former: remote participants.
"""

import abc
from typing import ClassVar, Literal, TypeAlias

from oneroom.scenario.fields import Channel, Identity, Range
from oneroom.scenario.stage import SimulatorStage, Stage
from oneroom.scenario.verb import LiveVerb, Mark, Verb, WindowVerb

TrackSource: TypeAlias = Literal["microphone", "camera", "screen_share"]

EXPELLED = (Mark.PRESENT, Mark.MUTED, Mark.CAMERA, Mark.SHARING)
"""What is true of nobody any more when a call is over."""


class RemoteVerb(Verb):
    """Base of verbs of a remote participant, who has to be in a call."""

    about: ClassVar[str] = "identity"
    requires: ClassVar[tuple[Mark, ...]] = (Mark.PRESENT,)

    identity: Identity


class RemoteJoins(RemoteVerb):
    """Another person joins a voice channel, with a microphone or only to listen."""

    requires: ClassVar[tuple[Mark, ...]] = ()
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.PRESENT,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.PRESENT,)

    channel: Channel
    microphone: Literal["open", "none"] = "open"

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.join(self.identity, self.channel, self.microphone)


class RemoteLeaves(RemoteVerb):
    """Another person leaves the call."""

    removes: ClassVar[tuple[Mark, ...]] = EXPELLED

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.leave(self.identity)


class RemoteSpeaks(RemoteVerb):
    """Another person talks for that long, into an open microphone."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.MUTED,)

    lasts: Range

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.speak(self.identity, self.lasts)


class RemoteMutes(RemoteVerb):
    """Another person mutes the microphone."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.MUTED,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.MUTED,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.publish(self.identity, "microphone", True)


class RemoteUnmutes(RemoteVerb):
    """Another person unmutes the microphone."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.PRESENT, Mark.MUTED)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.MUTED,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.publish(self.identity, "microphone", False)


class StopForwarding(WindowVerb):
    """The subscriptions of the window's session are stuck: it hears and sees nobody, and is not
    told; only a new session ends that.
    """

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.stop_forwarding(self.window)


class RemoteStartsCamera(RemoteVerb):
    """Another person switches the camera on."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.CAMERA,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.CAMERA,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.publish(self.identity, "camera", False)


class RemoteStopsCamera(RemoteVerb):
    """Another person switches the camera off."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.PRESENT, Mark.CAMERA)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.CAMERA,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.unpublish(self.identity, "camera")


class RemoteStartsSharing(RemoteVerb):
    """Another person begins to share a screen."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SHARING,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.SHARING,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.publish(self.identity, "screen_share", False)


class RemoteStopsSharing(RemoteVerb):
    """Another person stops sharing."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.PRESENT, Mark.SHARING)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.SHARING,)

    def play(self, stage: SimulatorStage) -> None:
        stage.remote_participants.unpublish(self.identity, "screen_share")


# Moderators, who act on the user's own participant through RoomService.


class ModeratorVerb(LiveVerb, WindowVerb, abc.ABC):
    """Base of verbs of a moderator about the participant of a window."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN,)
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)


class ModeratorMutes(ModeratorVerb):
    """RoomService.MutePublishedTrack: a moderator mutes a track of the user."""

    track: TrackSource = "microphone"

    def play(self, stage: Stage) -> None:
        stage.server.mute(self.window, self.track, True)


class ModeratorUnmutes(WindowVerb):
    """A moderator unmutes a track of the user. LiveKit refuses that unless its config has
    `enable_remote_unmute`; the simulator's server has it for this step.
    """

    requires: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN,)
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)
    searched: ClassVar[bool] = False

    track: TrackSource = "microphone"

    def play(self, stage: SimulatorStage) -> None:
        stage.server.mute(self.window, self.track, False)


class ModeratorRevokes(ModeratorVerb):
    """A moderator withdraws the permission to publish `track`, or anything: the server unpublishes
    it.
    """

    track: Literal["all", "microphone", "camera", "screen_share"] = "all"

    def play(self, stage: Stage) -> None:
        stage.server.permit(self.window, self.track, False)


class ModeratorPermits(ModeratorVerb):
    """A moderator grants the permission to publish `track`, or everything."""

    track: Literal["all", "microphone", "camera", "screen_share"] = "all"

    def play(self, stage: Stage) -> None:
        stage.server.permit(self.window, self.track, True)
