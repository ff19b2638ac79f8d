"""The verbs of a step, one class each: name, arguments, reference text and effect in one place.

Rules of this file: to add a verb, add a class. Its name in YAML is the class name in snake_case, its docstring is its
reference text in editors and `oneroom schema`, its fields are its arguments, `play` is its effect on the Stage.
`needs`, `refuses`, `begins` and `ends` tell the linter what the verb asks of a window and makes of it.
"""

from __future__ import annotations

import abc
import enum
import inspect
import re
from collections.abc import Sequence
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from harness.scenario.duration import Range as RangeValue
from harness.scenario.fields import BusKind, Channel, ChatChannel, Frozen, Range, Ratio, Sentence, WindowName
from harness.scenario.stage import Stage


class Mark(enum.Enum):
    """What may be true of a window at a step."""

    KNOWN = "known"  # it has been open at least once, so the SFU may know it
    OPEN = "open"  # its page exists, running or not
    FROZEN = "frozen"
    CUT = "cut"  # it does not reach the SFU on at least one path


class Verb(Frozen, abc.ABC):
    """What a step does. `begins` and `ends` of a verb without a window hold for all windows."""

    needs: ClassVar[tuple[Mark, ...]] = ()
    refuses: ClassVar[tuple[Mark, ...]] = ()
    begins: ClassVar[tuple[Mark, ...]] = ()
    ends: ClassVar[tuple[Mark, ...]] = ()
    chats: ClassVar[bool] = False
    """Whether a scenario with this step has a chat."""

    @abc.abstractmethod
    def play(self, stage: Stage) -> None:
        """Make it happen, now."""


class WindowVerb(Verb):
    """What happens to one window, which has to be open."""

    needs: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)

    window: WindowName


# What the user does.


class Connect(WindowVerb):
    """The user joins a voice channel in this window."""

    channel: Channel

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "connect", self.channel)


class Disconnect(WindowVerb):
    """The user leaves the call in this window."""

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "disconnect")


class ToggleMute(WindowVerb):
    """The user mutes or unmutes the microphone in this window."""

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "toggleMute")


class ToggleCamera(WindowVerb):
    """The user switches the camera on or off in this window."""

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "toggleCamera")


class ShareScreen(WindowVerb):
    """The user starts to share the screen in this window, or stops; starting needs a fresh gesture."""

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "toggleScreenShare")


class Gesture(WindowVerb):
    """The user clicks somewhere: fresh user activation, nothing else."""

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "gesture")


class Navigate(WindowVerb):
    """The user changes the route inside the app: the page and its Room live on."""

    def play(self, stage: Stage) -> None:
        stage.act(self.window, "navigate")


# The lives of windows.


class Open(WindowVerb):
    """The user opens the window (`opens: later`), or opens it again after it was gone."""

    needs: ClassVar[tuple[Mark, ...]] = ()
    refuses: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)
    begins: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN, Mark.OPEN)

    def play(self, stage: Stage) -> None:
        stage.open(self.window)


class Focus(WindowVerb):
    """The window gets the focus; the one that had it loses it."""

    def play(self, stage: Stage) -> None:
        stage.focus(self.window)


class Hide(WindowVerb):
    """The page becomes hidden (minimised, another tab in front): its timers are aligned to a second and more."""

    def play(self, stage: Stage) -> None:
        stage.hide(self.window)


class Show(WindowVerb):
    """The page becomes visible again."""

    def play(self, stage: Stage) -> None:
        stage.show(self.window)


class Close(WindowVerb):
    """The user closes the window: pagehide runs, then it is gone."""

    ends: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN)

    def play(self, stage: Stage) -> None:
        stage.close(self.window)


class Crash(WindowVerb):
    """The renderer dies without a word: no pagehide, locks freed, no Leave."""

    ends: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN)

    def play(self, stage: Stage) -> None:
        stage.crash(self.window)


class Freeze(WindowVerb):
    """The engine freezes the page: timers stand still; in Chromium bus messages and media still run."""

    refuses: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN,)
    begins: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN,)

    def play(self, stage: Stage) -> None:
        stage.freeze(self.window)


class Resume(WindowVerb):
    """A frozen page runs again, and finds its backlog."""

    needs: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN)
    ends: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN,)

    def play(self, stage: Stage) -> None:
        stage.resume(self.window)


class Stall(WindowVerb):
    """The main thread is busy: nothing of the page runs, media goes on."""

    lasts: Range

    def play(self, stage: Stage) -> None:
        stage.stall(self.window, self.lasts)


class Stop(WindowVerb):
    """The process is stopped: nothing of the page runs, and its media stands still too."""

    lasts: Range

    def play(self, stage: Stage) -> None:
        stage.stop(self.window, self.lasts)


# Links.


class BusVerb(WindowVerb):
    """What happens to the buses of one window: to all that it has, or to the one that is named."""

    bus: BusKind | None = None


class DelayBus(BusVerb):
    """Every bus message to and from the window takes this long from now on."""

    delay: Range

    def play(self, stage: Stage) -> None:
        stage.delay_bus(self.window, self.delay, self.bus or "")


class LoseBus(BusVerb):
    """Every bus message to and from the window is lost with this probability from now on."""

    loss: Ratio

    def play(self, stage: Stage) -> None:
        stage.lose_bus(self.window, self.loss, self.bus or "")


class Partition(BusVerb):
    """The window is cut off the bus both ways, and nobody is told."""

    def play(self, stage: Stage) -> None:
        stage.partition(self.window, self.bus or "")


class Deafen(BusVerb):
    """The window hears nothing from the bus, but is heard."""

    def play(self, stage: Stage) -> None:
        stage.deafen(self.window, self.bus or "")


class DropNetwork(WindowVerb):
    """The window is cut off: its signal path to the SFU, its media path, its chat, or (both) all that it has."""

    begins: ClassVar[tuple[Mark, ...]] = (Mark.CUT,)

    path: Literal["both", "signal", "media", "chat"] = "both"

    def play(self, stage: Stage) -> None:
        stage.drop_network(self.window, self.path)


class HealNetwork(WindowVerb):
    """The window reaches everything again, on all paths."""

    needs: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.CUT)
    ends: ClassVar[tuple[Mark, ...]] = (Mark.CUT,)

    def play(self, stage: Stage) -> None:
        stage.heal_network(self.window)


class Heal(Verb):
    """Every fault ends at once: bus and network as in the head of the file, frozen windows resume."""

    ends: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN, Mark.CUT)

    def play(self, stage: Stage) -> None:
        stage.heal()


# The SFU.


class Kick(WindowVerb):
    """RoomService.RemoveParticipant: the participant of the window is removed, a ghost as well."""

    # A crashed window leaves a ghost behind, and removing that is what an operator does.
    needs: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN,)

    def play(self, stage: Stage) -> None:
        stage.kick(self.window)


class DeleteRoom(Verb):
    """RoomService.DeleteRoom: everybody is sent out."""

    def play(self, stage: Stage) -> None:
        stage.delete_room()


class RestartServer(Verb):
    """The SFU process ends and comes back with empty memory."""

    def play(self, stage: Stage) -> None:
        stage.restart_server()


# The chat.


class SendChat(WindowVerb):
    """The user writes a chat message in this window."""

    chats: ClassVar[bool] = True

    channel: ChatChannel = "general"
    text: Sentence = "hello"

    def play(self, stage: Stage) -> None:
        stage.send_chat(self.window, self.channel, self.text)


class ChatArrives(Verb):
    """Somebody else writes in the chat, once or `count` times in one instant."""

    chats: ClassVar[bool] = True

    channel: ChatChannel = "general"
    text: Sentence = "hello"
    count: Annotated[int, Field(ge=1, le=10_000)] = 1

    def play(self, stage: Stage) -> None:
        stage.chat_arrives(self.channel, self.text, self.count)


class LoseChat(Verb):
    """The chat server loses what it pushes with this probability from now on; what it has stored stays stored."""

    chats: ClassVar[bool] = True

    loss: Ratio

    def play(self, stage: Stage) -> None:
        stage.lose_chat(self.loss)


class SlowChat(Verb):
    """The chat server takes that long from now on to store what the user writes; a socket may break meanwhile."""

    chats: ClassVar[bool] = True

    takes: Range

    def play(self, stage: Stage) -> None:
        stage.slow_chat(self.takes)


class RestartChat(Verb):
    """The chat server ends, and is back after `down` with all that it has stored."""

    chats: ClassVar[bool] = True

    down: Range = RangeValue(0, 0)

    def play(self, stage: Stage) -> None:
        stage.restart_chat(self.down)


def verb_name(verb: type[Verb]) -> str:
    """The name of a verb in YAML: `ShareScreen` is `share_screen`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", verb.__name__).lower()


def _played(families: Sequence[type[Verb]]) -> list[type[Verb]]:
    """The verbs among `families` and below, in the order of this file; a class without `play` is a family."""
    found: list[type[Verb]] = []
    for verb in families:
        found += _played(verb.__subclasses__()) if inspect.isabstract(verb) else [verb]
    return found


VERBS: dict[str, type[Verb]] = {
    verb_name(verb): verb for verb in (*_played(WindowVerb.__subclasses__()), *_played(Verb.__subclasses__()))
}
"""Every verb by its name in YAML, those of a window first. All of them stand above this line."""
