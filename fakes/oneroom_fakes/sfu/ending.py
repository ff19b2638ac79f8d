"""How one SDK client ends: closed by its page, told by the server, given up, or gone with its
process (client-sdk-js, Room.ts disconnect and handleDisconnect).

Rules: it hangs up first, and from then on does nothing by itself. The page hears of the end, and
captures stop, at once, but for `disconnect()`, which waits for its WebSocket. What a client does
before that is in `engine`.
"""

from __future__ import annotations

from oneroom.core.events import Event, RoomEnded
from oneroom.core.reasons import Reason
from oneroom.ports.page import TaskSource
from oneroom_fakes.sfu.context import ClientContext
from oneroom_fakes.sfu.local_tracks import LocalTracks
from oneroom_fakes.sfu.pc_transport import PCTransport
from oneroom_fakes.sfu.peer_connection import PeerConnection
from oneroom_fakes.sfu.signal_client import SignalClient
from oneroom_fakes.sfu.states import On, State, following


class Ending:
    """What a client holds, and how it lets go of it."""

    def __init__(self, context: ClientContext, epoch: int, tracks: LocalTracks) -> None:
        self._context = context
        self._epoch = epoch
        self._state = State.CONNECTING
        self._signal: SignalClient | None = None
        self._transport: PCTransport | None = None
        # the older ones too, while their sessions may still be listed
        self._peer_connections: list[PeerConnection] = []
        self._tracks = tracks
        self._over = False  # it has hung up, and the page has been told

    def has_ended(self) -> bool:
        """It will never act again."""
        return self._over

    def disconnect(self) -> None:
        """`room.disconnect()`, in any state: a goodbye and no media at once, the rest when its
        WebSocket is closed, or 250 ms later (client-sdk-js, Room.ts disconnect, SignalClient.ts
        teardownTransport).
        """
        if self._hung_up():
            return
        waits = self._signal is not None and self._signal.is_open()
        self._hang_up(Reason.CLIENT_INITIATED)
        if waits:
            self._context.page.after(
                self._context.timers.close_us, self._say_ended, Reason.CLIENT_INITIATED
            )
        else:
            self._say_ended(Reason.CLIENT_INITIATED)

    def died(self) -> None:
        """No script runs any more. The kernel closes sockets and devices."""
        if not self._hung_up():
            self._state = State.ENDED
            if self._signal is not None:
                self._signal.killed()
            self._drop_links(leave_under_way=False)
        self._cease()

    def let_go(self) -> None:
        """It will never act again: drop what it holds, and what holds it."""
        if self._transport is not None:
            self._transport.peer_connection.detach_client()
        self._signal = None
        self._transport = None
        self._peer_connections = []
        self._tracks.let_go()

    def run_media(self, running: bool) -> None:
        """The process is stopped or continued."""
        for peer_connection in self._peer_connections:
            peer_connection.run_client(running)

    def _end(self, reason: Reason) -> None:
        self._hang_up(reason)
        self._say_ended(reason)

    def _hung_up(self) -> bool:
        return self._state is State.ENDED

    def _hang_up(self, reason: Reason) -> None:
        self._state = following(self._state, On.OVER)
        leave_under_way = False
        if self._signal is not None:
            if reason is Reason.CLIENT_INITIATED:
                leave_under_way = self._signal.leave(self._say_ended)
            else:
                self._signal.close()
        if self._transport is not None and not self._transport.peer_connection.connected:
            # The server ends a session that never had media with its connection: hanging up is as
            # good as a Leave.
            leave_under_way = self._context.path.carries_signal
        self._drop_links(leave_under_way)

    def _say_ended(self, reason: Reason) -> None:
        if not self._over:
            self._cease()
            self._emit(RoomEnded(self._epoch, reason))

    def _cease(self) -> None:
        self._over = True
        self._tracks.release_all()
        self.let_go()

    def _drop_links(self, leave_under_way: bool) -> None:
        current = None if self._transport is None else self._transport.peer_connection
        for peer_connection in self._peer_connections:
            peer_connection.close_client()
            peer_connection.client_gone(leave_under_way and peer_connection is current)

    def _emit(self, event: Event, source: TaskSource = TaskSource.NETWORK) -> None:
        self._context.page.deliver(source, event)
