"""Devices, and the prompts and bars that the browser shows in front of them."""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom.driver.faults import Fault, Faults
from oneroom.driver.recorder import Recorder
from oneroom.ports.page_event import PageEvent
from oneroom.sim.windows import Windows
from oneroom_fakes.devices import KINDS, Devices


class DeviceSteps:
    """See `oneroom.scenario.stage.DeviceSteps`."""

    def __init__(
        self, devices: Devices, windows: Windows, faults: Faults, recorder: Recorder
    ) -> None:
        self._recorder = recorder
        self._devices = devices
        self._windows = windows
        self._faults = faults
        self._default = self._first_microphone()  # as the trace has it

    def refuse_prompt(self, window: str) -> None:
        """See the stage."""
        if window in self._windows.handles:
            self._devices.refuse(window)

    def stop_sharing(self, window: str) -> None:
        """See the stage."""
        self._devices.stop_sharing(window)

    def unplug(self, device: str) -> None:
        """See the stage. A headset that is gone is no fault: there is the other microphone."""
        if device in self._devices.plugged[KINDS[device]]:
            if device != "headset":
                self._faults.begin(Fault(f"unplug {device}", undo=self._plug_all_in))
            self._devices.unplug(device)
            self._changed()

    def plug_in(self, device: str) -> None:
        """See the stage."""
        if device not in self._devices.plugged[KINDS[device]]:
            if device != "headset":
                self._faults.end(f"unplug {device}")
            self._devices.plug_in(device)
            self._changed()

    def make_default(self, device: str) -> None:
        """See the stage."""
        if device in self._devices.plugged[KINDS[device]] and device != self._first_microphone():
            self._devices.make_default(device)
            self._changed()

    def _first_microphone(self) -> str:
        """The default microphone, "" while there is none."""
        return next(iter(self._devices.plugged[Source.MICROPHONE]), "")

    def _plug_all_in(self) -> None:
        for device in ("microphone", "camera"):
            self.plug_in(device)

    def _changed(self) -> None:
        default = self._first_microphone()
        if default and default != self._default:
            self._default = default
            self._recorder.record_default_microphone(default)
        for handle in list(self._windows.handles.values()):
            handle.window.fire(PageEvent.DEVICECHANGE)
