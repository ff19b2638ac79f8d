"""The actions of the user in a window, told to its process."""

from __future__ import annotations

from oneroom.live.windows import Windows


class UserSteps:
    """See `oneroom.scenario.stage.UserSteps`."""

    def __init__(self, windows: Windows) -> None:
        self._windows = windows

    def act(self, window: str, action: str, channel: str = "") -> None:
        """See the stage."""
        self._windows.say(window, "act", action, channel)
