"""The verbs of a step, one class each: name, arguments, reference text and effect in one place.

Rules of this file: to add a verb, add a class, here (user actions, buses) or in `network_verbs`,
`life_verbs`, `device_verbs`, `people_verbs`, `server_verbs`. Its name in YAML is the class name in
snake_case, its docstring is its reference text in editors and `oneroom schema`, its fields are its
arguments, `play` is its effect on the Stage. The base classes are in `verb.py`.
"""

import inspect
from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, JsonValue

from oneroom.scenario import (
    device_verbs,
    life_verbs,
    network_verbs,
    people_verbs,
    server_verbs,
)
from oneroom.scenario.fields import Channel, Range, Ratio, Sentence
from oneroom.scenario.stage import SimulatorStage, Stage
from oneroom.scenario.verb import BusVerb, LiveVerb, Mark, Verb, WindowVerb, verb_name

# What the user does.


class UserVerb(LiveVerb, WindowVerb):
    """Base of verbs about what the user does in a window."""

    # A page is hidden before it is frozen, and nobody clicks in what is not there.
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN,)


class Connect(UserVerb):
    """The user joins a voice channel in this window."""

    channel: Channel

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "connect", self.channel)


class Disconnect(UserVerb):
    """The user leaves the call in this window."""

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "disconnect")


class ToggleMute(UserVerb):
    """The user mutes or unmutes the microphone in this window."""

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "toggleMute")


class ToggleCamera(UserVerb):
    """The user switches the camera on or off in this window."""

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "toggleCamera")


class ShareScreen(UserVerb):
    """The user starts to share the screen in this window, or stops; starting needs a fresh
    gesture.
    """

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "toggleScreenShare")


class Gesture(UserVerb):
    """The user clicks somewhere: fresh user activation, nothing else."""

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "gesture")


class Navigate(UserVerb):
    """The user changes the route inside the app: the page and its Room live on."""

    def play(self, stage: Stage) -> None:
        stage.user.act(self.window, "navigate")


class Do(WindowVerb):
    """The user calls an action of the app in this window, one that it has registered with
    `oneroom.user`: what the other steps of the user do not name.
    """

    forbids: ClassVar[tuple[Mark, ...]] = UserVerb.forbids
    # which actions there are, the app alone knows
    searched: ClassVar[bool] = False

    action: Annotated[Sentence, Field(examples=["raiseHand"])]
    arg: Annotated[
        JsonValue,
        Field(description="What it is called with; default: nothing.", examples=["lobby"]),
    ] = None

    def play(self, stage: SimulatorStage) -> None:
        stage.user.do(self.window, self.action, self.arg)


# Buses.


class DelayBus(BusVerb):
    """Every bus message to and from the window takes this long from now on."""

    delay: Range

    def play(self, stage: Stage) -> None:
        stage.buses.delay(self.window, self.delay, self.bus or "")


class LoseBus(BusVerb):
    """Every bus message to and from the window is lost with this probability from now on."""

    loss: Ratio

    def play(self, stage: Stage) -> None:
        stage.buses.lose(self.window, self.loss, self.bus or "")


class Partition(BusVerb):
    """The window is cut off the bus both ways, and nobody is told."""

    def play(self, stage: Stage) -> None:
        stage.buses.partition(self.window, self.bus or "")


class Deafen(BusVerb):
    """The window hears nothing from the bus, but is heard."""

    def play(self, stage: Stage) -> None:
        stage.buses.deafen(self.window, self.bus or "")


class Heal(LiveVerb):
    """Every fault ends at once: bus and network as in the head of the file, frozen windows
    resume.
    """

    requires: ClassVar[tuple[Mark, ...]] = (Mark.BROKEN,)
    removes: ClassVar[tuple[Mark, ...]] = (
        Mark.FROZEN,
        Mark.CUT,
        Mark.UNPLUGGED,
        Mark.FAILING,
        Mark.SERVERLESS,
        Mark.OFFLINE,
        Mark.BROKEN,
    )

    def play(self, stage: Stage) -> None:
        stage.heal()


def _verbs_of(namespace: Mapping[str, object]) -> list[type[Verb]]:
    """The verbs that a module defines, in its order; a class without `play` is a base class."""
    return [
        found
        for found in namespace.values()
        if isinstance(found, type)
        and issubclass(found, Verb)
        and found.__module__ == namespace["__name__"]
        if not inspect.isabstract(found)
    ]


MODULES = (network_verbs, life_verbs, device_verbs, people_verbs, server_verbs)
"""Where the other verbs stand."""

VERBS: dict[str, type[Verb]] = {
    verb_name(verb): verb
    for namespace in (globals(), *map(vars, MODULES))
    for verb in _verbs_of(namespace)
}
"""Every verb by its name in YAML, in the order of this file and then of `MODULES`; all stand above
this line.
"""
