"""Actions of the user in a window."""

from __future__ import annotations

from oneroom.driver.recorder import Recorder
from oneroom.sim.windows import Windows
from oneroom.trace.records import Life
from oneroom_fakes.devices import Devices


class UserSteps:
    """See `oneroom.scenario.stage.UserSteps`."""

    def __init__(self, windows: Windows, devices: Devices, recorder: Recorder) -> None:
        self._windows = windows
        self._devices = devices
        self._recorder = recorder

    def act(self, window: str, action: str, channel: str = "") -> None:
        """See the stage. Every click is also fresh user activation."""
        handle = self._windows.handles.get(window)
        if handle is None:
            return
        page = handle.window
        self._recorder.record_act(window, action, channel)
        if action == "navigate":
            self._windows.record_life(page, Life.NAVIGATED)
            return
        self._devices.click(window)
        page.act(action, channel)

    def do(self, window: str, action: str, argument: object) -> None:
        """See the stage."""
        handle = self._windows.handles.get(window)
        if handle is None:
            return
        self._recorder.record_act(window, f"do {action}", "")
        self._devices.click(window)
        handle.window.do(action, argument)
