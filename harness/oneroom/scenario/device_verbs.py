"""Verbs of devices, and of the browser's prompts and bars in front of them."""

from typing import ClassVar, Literal

from oneroom.scenario.stage import SimulatorStage
from oneroom.scenario.verb import Mark, Verb, WindowVerb


class RefusePrompt(WindowVerb):
    """The user refuses the permission prompts that this window shows; without one nothing
    happens.
    """

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.refuse_prompt(self.window)


class StopSharing(WindowVerb):
    """The user stops the share of this window from the browser's own bar; without one nothing
    happens.
    """

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.stop_sharing(self.window)


class Unplug(Verb):
    """The device is unplugged: its captures end, and no window can open it."""

    about: ClassVar[str] = "device"
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.UNPLUGGED,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.UNPLUGGED,)
    breaks: ClassVar[bool] = True

    device: Literal["microphone", "camera"]

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.unplug(self.device)


class PlugIn(Verb):
    """The device is back, and every window is notified."""

    about: ClassVar[str] = "device"
    requires: ClassVar[tuple[Mark, ...]] = (Mark.UNPLUGGED,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.UNPLUGGED,)

    device: Literal["microphone", "camera"]

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.plug_in(self.device)


class PlugInHeadset(Verb):
    """A headset, a second microphone, is plugged in, and the system makes it the default one."""

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.HEADSET,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.HEADSET,)

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.plug_in("headset")


class UnplugHeadset(Verb):
    """The headset is unplugged: its captures end, and the other microphone is the default one."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.HEADSET,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.HEADSET,)

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.unplug("headset")


class ChangeDefaultMicrophone(Verb):
    """The user makes another microphone the default one in the system's settings."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.HEADSET,)

    to: Literal["microphone", "headset"]

    def play(self, stage: SimulatorStage) -> None:
        stage.devices.make_default(self.to)
