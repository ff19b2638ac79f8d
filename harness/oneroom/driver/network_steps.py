"""The steps that break a network: the ways of one window to the SFU and to the application's
server, and the network of the machine.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol

from oneroom.driver.faults import Fault, Faults


class Network(Protocol):
    """The ways of all windows to one server, which outlive the windows' runtimes."""

    def drop(self, window: str, path: str) -> None:
        """Cut `path`, beside what is cut already."""

    def refuse_signal(self, window: str) -> None:
        """Every connection is reset, and new ones are refused until `heal`."""

    def heal(self, window: str) -> None:
        """Everything works again."""

    def break_signal(self, window: str) -> None:
        """Every connection is reset at once; new ones are as they would be without it."""

    def lose_signal(self, window: str) -> None:
        """The server's end of every connection is lost, and the client is not told."""

    def set_online(self, online: bool) -> None:
        """The machine lost its network, or has it back."""

    def change_network(self) -> None:
        """Every connection of the machine dies, and nobody is told; new ones work."""


class NetworkSteps:
    """See `oneroom.scenario.stage.NetworkSteps`."""

    def __init__(
        self, faults: Faults, sfu: Network, app: Network, tell: Callable[[bool], None]
    ) -> None:
        """`tell` fires the event `online` (True) or `offline` in every page."""
        self._faults = faults
        self._sfu = sfu
        self._app = app
        self._tell = tell

    def drop(self, window: str, path: str) -> None:
        """See the stage."""
        if path != "app":
            self._sfu.drop(window, path)
        if path in ("both", "app"):
            self._app.drop(window, "both")
        self._faults.begin(Fault("drop_network", window, partial(self.heal, window), survives=True))

    def refuse_signal(self, window: str) -> None:
        """See the stage."""
        self._sfu.refuse_signal(window)
        undo = partial(self.heal, window)
        self._faults.begin(Fault("refuse_signal", window, undo, survives=True))

    def break_signal(self, window: str) -> None:
        """See the stage."""
        self._sfu.break_signal(window)

    def lose_signal(self, window: str) -> None:
        """See the stage."""
        self._sfu.lose_signal(window)

    def heal(self, window: str) -> None:
        """See the stage."""
        for name in ("drop_network", "refuse_signal"):
            self._faults.clear(name, window)
        self._sfu.heal(window)
        self._app.heal(window)

    def go_offline(self) -> None:
        """See the stage."""
        if not self._faults.count("offline"):
            self._faults.begin(Fault("offline", undo=self.go_online))
            self._set_online(False)

    def go_online(self) -> None:
        """See the stage."""
        if self._faults.count("offline"):
            self._faults.clear("offline")
            self._set_online(True)

    def _set_online(self, online: bool) -> None:
        self._sfu.set_online(online)
        self._app.set_online(online)
        self._tell(online)

    def change_network(self) -> None:
        """See the stage."""
        self._sfu.change_network()
        self._app.change_network()
