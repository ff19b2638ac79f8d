"""Devices, and the prompts and bars that the browser shows in front of them."""

from __future__ import annotations

from oneroom.core.events import DevicesChanged
from oneroom.core.state import Source
from oneroom.ports.page import TaskSource
from oneroom.sim.environment import Environment

_SOURCES = {"microphone": Source.MICROPHONE, "camera": Source.CAMERA}


class DeviceSteps(Environment):
    """The part of the stage on which devices come and go, and the user answers the browser."""

    def refuse_prompt(self, window: str) -> None:
        """See the stage."""
        if window in self.plugs:
            self.devices.refuse(window)

    def stop_sharing(self, window: str) -> None:
        """See the stage."""
        self.devices.stop_sharing(window)

    def unplug(self, device: str) -> None:
        """See the stage."""
        source = _SOURCES[device]
        if source not in self.devices.unplugged:
            self.fault("world", f"unplug {device}", on=True)
            self.devices.unplug(source)
            self._changed()

    def plug_in(self, device: str) -> None:
        """See the stage."""
        source = _SOURCES[device]
        if source in self.devices.unplugged:
            self.fault("world", f"unplug {device}", on=False)
            self.devices.plug_in(source)
            self._changed()

    def plug_all_in(self) -> None:
        """Every device is back."""
        for device in _SOURCES:
            self.plug_in(device)

    def _changed(self) -> None:
        for plugs in list(self.plugs.values()):
            plugs.window.deliver(TaskSource.INPUT, DevicesChanged())
