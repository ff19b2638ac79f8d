"""Verbs of the servers: the SFU, the application's own, the chat's."""

import abc
from typing import Annotated, ClassVar

from pydantic import Field

from oneroom.scenario.duration import Range as RangeValue
from oneroom.scenario.fields import ChatChannel, Range, Ratio, Sentence
from oneroom.scenario.people_verbs import EXPELLED
from oneroom.scenario.stage import SimulatorStage, Stage
from oneroom.scenario.verb import LiveVerb, Mark, Verb, WindowVerb

# The SFU.


class ServerVerb(LiveVerb, abc.ABC):
    """Base of verbs that need a running SFU."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)


class ProcessVerb(ServerVerb, abc.ABC):
    """Base of server-wide faults of the SFU; they need a server that oneroom has started."""


class Kick(LiveVerb, WindowVerb):
    """RoomService.RemoveParticipant by a moderator: the participant of the window is removed, a
    ghost as well.
    """

    # A crashed window leaves a ghost behind, and removing that is what an operator does.
    requires: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN,)
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)

    def play(self, stage: Stage) -> None:
        stage.server.kick(self.window)


class AppKicks(Kick):
    """RoomService.RemoveParticipant by the app's own server: for the user a lost call like any
    other, for nobody has decided it.
    """

    searched: ClassVar[bool] = False

    def play(self, stage: Stage) -> None:
        stage.server.kick(self.window, "app")


class DeleteRoom(ServerVerb):
    """RoomService.DeleteRoom: everybody is removed."""

    removes: ClassVar[tuple[Mark, ...]] = EXPELLED

    def play(self, stage: Stage) -> None:
        stage.server.delete_room()


class RestartServer(ProcessVerb):
    """The SFU process is killed, and comes back after `down` with empty memory."""

    removes: ClassVar[tuple[Mark, ...]] = (Mark.DRAINING,)

    down: Range = RangeValue(0, 0)

    def play(self, stage: Stage) -> None:
        stage.server.restart(self.down)


class StopServer(ProcessVerb):
    """The SFU process is killed and stays away until `start_server`: the SDK gives up after some
    tries.
    """

    adds: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.DRAINING,)
    breaks: ClassVar[bool] = True

    def play(self, stage: Stage) -> None:
        stage.server.stop()


class StartServer(LiveVerb):
    """A stopped SFU is back, with empty memory."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS,)

    def play(self, stage: Stage) -> None:
        stage.server.start()


class UnplugServer(ProcessVerb):
    """The SFU is off its network for that long: connections break, new ones are refused, and it
    notices nothing.
    """

    lasts: Range

    def play(self, stage: Stage) -> None:
        stage.server.unplug(self.lasts)


class PauseServer(ProcessVerb):
    """The SFU process stands still for that long: it answers nothing, refuses nothing, and no media
    flows.
    """

    lasts: Range

    def play(self, stage: Stage) -> None:
        stage.server.pause(self.lasts)


class Drain(ProcessVerb):
    """SIGTERM for the SFU: it waits until everybody has left, and still accepts who comes."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS, Mark.DRAINING)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.DRAINING,)

    def play(self, stage: Stage) -> None:
        stage.server.drain()


class ReplaceServer(ProcessVerb):
    """The SFU is replaced as an orchestrator does it: SIGTERM, and SIGKILL when `grace` is over;
    a new one comes after `down`. Nobody is told.
    """

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.SERVERLESS, Mark.DRAINING)

    grace: Range
    down: Range = RangeValue(0, 0)

    def play(self, stage: Stage) -> None:
        stage.server.replace(self.grace, self.down)


class ShutDownServer(ProcessVerb):
    """SIGTERM twice for the SFU: everybody is told SERVER_SHUTDOWN; a new one comes after
    `down`.
    """

    removes: ClassVar[tuple[Mark, ...]] = (Mark.DRAINING, *EXPELLED)

    down: Range = RangeValue(0, 0)

    def play(self, stage: Stage) -> None:
        stage.server.shut_down(self.down)


# LiveKit's own faults, under its own names: `room.simulateScenario()`.


class Speaker(WindowVerb):
    """LiveKit's speaker: for three seconds everybody is told that the user speaks."""

    def play(self, stage: SimulatorStage) -> None:
        stage.server.simulate(self.window, "speaker")


class SignalReconnect(LiveVerb, WindowVerb):
    """LiveKit's signal-reconnect: the SDK loses its WebSocket and resumes."""

    def play(self, stage: Stage) -> None:
        stage.server.simulate(self.window, "signal-reconnect")


class FullReconnect(LiveVerb, WindowVerb):
    """LiveKit's full-reconnect: the SDK leaves the session and joins anew."""

    def play(self, stage: Stage) -> None:
        stage.server.simulate(self.window, "full-reconnect")


class ResumeReconnect(WindowVerb):
    """LiveKit's resume-reconnect: the SDK resumes, fails at it, and joins anew."""

    def play(self, stage: SimulatorStage) -> None:
        stage.server.simulate(self.window, "resume-reconnect")


class DisconnectSignalOnResume(LiveVerb, WindowVerb):
    """LiveKit's disconnect-signal-on-resume: the SDK resumes, and the server breaks the new
    WebSocket as well.
    """

    def play(self, stage: Stage) -> None:
        stage.server.simulate(self.window, "disconnect-signal-on-resume")


class DisconnectSignalOnResumeNoMessages(WindowVerb):
    """LiveKit's disconnect-signal-on-resume-no-messages: the SDK's first resume breaks before it is
    answered.
    """

    def play(self, stage: SimulatorStage) -> None:
        stage.server.simulate(self.window, "disconnect-signal-on-resume-no-messages")


class NodeFailure(LiveVerb, WindowVerb):
    """LiveKit's node-failure: the server drops the session without a Leave, as if its node had
    died.
    """

    def play(self, stage: Stage) -> None:
        stage.server.simulate(self.window, "node-failure")


class Migration(LiveVerb, WindowVerb):
    """LiveKit's migration: the server drops the session as if it moved to another node, and does
    not know it there.
    """

    def play(self, stage: Stage) -> None:
        stage.server.simulate(self.window, "migration")


class ServerLeave(LiveVerb, WindowVerb):
    """LiveKit's server-leave: the server sends the participant out as it does when it shuts
    down.
    """

    def play(self, stage: Stage) -> None:
        stage.server.simulate(self.window, "server-leave")


# The application's own server.


class FailTokens(LiveVerb):
    """The application's server mints no token from now on."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.FAILING,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.FAILING,)
    breaks: ClassVar[bool] = True

    def play(self, stage: Stage) -> None:
        stage.tokens.fail()


class SlowTokens(LiveVerb):
    """Minting a token takes that long from now on."""

    breaks: ClassVar[bool] = True

    takes: Range

    def play(self, stage: Stage) -> None:
        stage.tokens.slow(self.takes)


# The chat.


class SendChat(WindowVerb):
    """The user writes a chat message in this window."""

    chats: ClassVar[bool] = True

    channel: ChatChannel = "general"
    text: Sentence = "hello"

    def play(self, stage: SimulatorStage) -> None:
        stage.chat.send(self.window, self.channel, self.text)


class ChatArrives(Verb):
    """Another person writes in the chat, once or `count` times in one instant."""

    chats: ClassVar[bool] = True

    channel: ChatChannel = "general"
    text: Sentence = "hello"
    count: Annotated[int, Field(ge=1, le=10_000)] = 1

    def play(self, stage: SimulatorStage) -> None:
        stage.chat.arrive(self.channel, self.text, self.count)


class LoseChat(Verb):
    """The chat server loses what it pushes with this probability from now on; what it has stored
    stays stored.
    """

    breaks: ClassVar[bool] = True
    chats: ClassVar[bool] = True

    loss: Ratio

    def play(self, stage: SimulatorStage) -> None:
        stage.chat.lose(self.loss)


class SlowChat(Verb):
    """The chat server takes that long from now on to store what the user writes; a socket may break
    meanwhile.
    """

    breaks: ClassVar[bool] = True
    chats: ClassVar[bool] = True

    takes: Range

    def play(self, stage: SimulatorStage) -> None:
        stage.chat.slow(self.takes)


class RestartChat(Verb):
    """The chat server ends, and is back after `down` with all that it has stored."""

    chats: ClassVar[bool] = True

    down: Range = RangeValue(0, 0)

    def play(self, stage: SimulatorStage) -> None:
        stage.chat.restart(self.down)
