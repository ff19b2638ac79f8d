"""The SDK's Rooms of an app's page on the fake SDK: a Room is opened with a token of the page's."""

from __future__ import annotations

from oneroom.core.events import RoomEnded
from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.javascript.window import JavaScriptWindow
from oneroom.javascript.window_ports import Claims
from oneroom.ports.page import TaskSource
from oneroom.sim.app_tokens import claims_of
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.tokens import mint


class AppRooms:
    """Implements `oneroom.javascript.window_ports.PageRooms`."""

    def __init__(self, window: JavaScriptWindow, rooms: Rooms) -> None:
        self._window = window
        self._rooms = rooms
        self._claims: dict[int, Claims] = {}

    def open(self, epoch: int, url: str, token: str) -> None:
        """See the port."""
        try:
            claims = claims_of(token)
        except ValueError:
            self._claims[epoch] = Claims("", "")
            self._window.soon(TaskSource.NETWORK, self._refused, epoch)
            return
        self._claims[epoch] = Claims(claims.identity, claims.room)
        self._rooms.open(epoch, claims.room, mint(claims))

    def _refused(self, epoch: int) -> None:
        """livekit-client reports a refused token so (2.23.0, seen)."""
        self._window.deliver(TaskSource.NETWORK, RoomEnded(epoch, Reason.USER_REJECTED))

    def claims(self, epoch: int) -> Claims:
        """See the port."""
        return self._claims[epoch]

    def restarts(self, epoch: int) -> bool:
        """See the port."""
        return self._rooms.restarts(epoch)

    def close(self, epoch: int) -> None:
        """See the port."""
        self._rooms.close(epoch)

    def publish(self, epoch: int, source: Source, muted: bool) -> None:
        """See the port."""
        self._rooms.publish(epoch, source, muted)

    def unpublish(self, epoch: int, source: Source) -> None:
        """See the port."""
        self._rooms.unpublish(epoch, source)

    def set_muted(self, epoch: int, muted: bool) -> None:
        """See the port."""
        self._rooms.set_muted(epoch, muted)

    def simulate(self, epoch: int, scenario: str) -> None:
        """See the port."""
        self._rooms.simulate(epoch, scenario.upper().replace("-", "_"))
