"""Tauri events of an app's page on the fake of Tauri's event system."""

from __future__ import annotations

from oneroom.core.events import Received
from oneroom.javascript import protocol
from oneroom.javascript.window import JavaScriptWindow
from oneroom_fakes.tauri_event import TauriEndpoint
from oneroom_fakes.user_buses import UserBuses


class AppTauri:
    """Implements `oneroom.javascript.window_ports.PageTauri`. The faults of a scenario's bus do not
    reach it.
    """

    def __init__(self, window: JavaScriptWindow, buses: UserBuses) -> None:
        self._window = window
        self._buses = buses
        self._endpoint: TauriEndpoint | None = None

    def listen(self) -> None:
        """See the port."""
        self._joined()

    def emit(self, text: str) -> None:
        """See the port."""
        self._joined().emit(text)

    def gone(self) -> None:
        """The document is gone."""
        if self._endpoint is not None:
            self._endpoint.close()
            self._endpoint = None

    def _joined(self) -> TauriEndpoint:
        if self._endpoint is None:
            self._endpoint = self._buses.tauri(self._window, self._hear)
        return self._endpoint

    def _hear(self, received: Received) -> None:
        self._window.turn(protocol.TAURI, str(received.message))
