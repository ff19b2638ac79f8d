"""The steps that break a window's network: its way to the SFU, and to the application's server."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from oneroom.driver.faults import Fault, Faults


class Network(Protocol):
    """The ways of all windows to one server, which outlive the windows' runtimes."""

    def drop(self, window: str, path: str) -> None:
        """Cut `signal`, `media` or `both`, beside what is cut already."""

    def heal(self, window: str) -> None:
        """Everything works again."""

    def break_signal(self, window: str) -> None:
        """Every connection is reset at once; new ones are as they would be without it."""


class NetworkSteps:
    """See `oneroom.scenario.stage.NetworkSteps`."""

    def __init__(self, faults: Faults, sfu: Network, app: Network) -> None:
        self._faults = faults
        self._sfu = sfu
        self._app = app

    def drop(self, window: str, path: str) -> None:
        """See the stage."""
        if path != "app":
            self._sfu.drop(window, path)
        if path in ("both", "app"):
            self._app.drop(window, "both")
        self._faults.begin(Fault("drop_network", window, partial(self.heal, window), survives=True))

    def break_signal(self, window: str) -> None:
        """See the stage."""
        self._sfu.break_signal(window)

    def heal(self, window: str) -> None:
        """See the stage."""
        if self._faults.count("drop_network", window):
            self._faults.clear("drop_network", window)
            self._sfu.heal(window)
            self._app.heal(window)
