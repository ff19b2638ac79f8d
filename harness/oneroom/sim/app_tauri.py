"""Tauri events of an app's page on the fake of Tauri's event system."""

from __future__ import annotations

from collections.abc import Iterable

from oneroom.core.events import Received
from oneroom.javascript import protocol
from oneroom.javascript.window import JavaScriptWindow
from oneroom.sim.app_bus import AppBus
from oneroom_fakes.link import BusEndpoint
from oneroom_fakes.tauri_event import TauriEndpoint
from oneroom_fakes.user_buses import UserBuses


class AppTauri(AppBus):
    """Implements `oneroom.javascript.window_ports.PageTauri`."""

    def __init__(self, window: JavaScriptWindow, buses: UserBuses) -> None:
        super().__init__()
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
            self._opened(self._endpoint)
        return self._endpoint

    def close(self) -> None:
        """See `BusEndpoint`."""
        self.gone()

    def _open_ends(self) -> Iterable[BusEndpoint]:
        return () if self._endpoint is None else (self._endpoint,)

    def _hear(self, received: Received) -> None:
        self._window.turn(protocol.TAURI, str(received.message))
