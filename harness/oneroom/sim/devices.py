"""Devices, and the prompts and bars that the browser shows in front of them."""

from __future__ import annotations

from oneroom.core.events import DevicesChanged
from oneroom.core.state import Source
from oneroom.driver.faults import Fault, Faults
from oneroom.ports.page import TaskSource
from oneroom.sim.windows import Windows
from oneroom_fakes.devices import Devices

_SOURCES = {"microphone": Source.MICROPHONE, "camera": Source.CAMERA}


class DeviceSteps:
    """See `oneroom.scenario.stage.DeviceSteps`."""

    def __init__(self, devices: Devices, windows: Windows, faults: Faults) -> None:
        self._devices = devices
        self._windows = windows
        self._faults = faults

    def refuse_prompt(self, window: str) -> None:
        """See the stage."""
        if window in self._windows.handles:
            self._devices.refuse(window)

    def stop_sharing(self, window: str) -> None:
        """See the stage."""
        self._devices.stop_sharing(window)

    def unplug(self, device: str) -> None:
        """See the stage."""
        source = _SOURCES[device]
        if source not in self._devices.unplugged:
            self._faults.begin(Fault(f"unplug {device}", undo=self._plug_all_in))
            self._devices.unplug(source)
            self._changed()

    def plug_in(self, device: str) -> None:
        """See the stage."""
        source = _SOURCES[device]
        if source in self._devices.unplugged:
            self._faults.end(f"unplug {device}")
            self._devices.plug_in(source)
            self._changed()

    def _plug_all_in(self) -> None:
        for device in _SOURCES:
            self.plug_in(device)

    def _changed(self) -> None:
        for handle in list(self._windows.handles.values()):
            handle.window.deliver(TaskSource.INPUT, DevicesChanged())
