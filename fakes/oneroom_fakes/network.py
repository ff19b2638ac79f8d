"""The network paths between windows and a server: TCP connections for signalling, and a media
path beside them.

Rules: signalling is TCP, so a cut delays messages and never reorders them; a message is lost only
with the connection that carries it. Media is UDP: it flows or does not at any instant, in each
direction, and its users listen for changes. A connection belongs to the network on which it was
opened, and is lost with it. Messages are opaque here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.ports.scheduler import Scheduler

# Close codes of RFC 6455, 7.4.1: an orderly close, and a lost TCP connection as a browser reports
# it.
CLOSED_NORMALLY = 1000
CLOSED_ABNORMALLY = 1006


class Closed(msgspec.Struct, frozen=True):
    """The last message that one end of a connection gets: the other end has closed it."""

    code: int


PATHS: dict[str, tuple[bool, bool, bool]] = {
    "signal": (True, False, False),
    "media": (False, True, True),
    "uplink": (False, True, False),
    "downlink": (False, False, True),
    "both": (True, True, True),
}
"""What a cut of each path stops: signalling, the uplink of media (to the server), its downlink."""


class NetworkPath:
    """The network between one window and a server. Its parts are cut apart and healed together.

    Delays are one way, in integer microseconds, drawn from `delay_low_us`..`delay_high_us` for each
    message.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, delay_low_us: int, delay_high_us: int
    ) -> None:
        self.scheduler = scheduler
        self.server_running = True  # the server's process is not paused
        self.plugged = True  # the server is on its network
        self.online = True  # the machine has a network
        self.network = 0  # the number of the network that the machine is on
        self._cut = (False, False, False)  # signalling, uplink and downlink of media
        self._refuses = False
        self._choices = choices
        self._delay_low_us = delay_low_us
        self._delay_high_us = delay_high_us
        self._held_streams: list[TcpStream] = []
        self._listeners: list[Callable[[], None]] = []
        self._connections: list[TcpConnection] = []

    @property
    def signal_up(self) -> bool:
        """True if the way to the server is not cut for signalling."""
        return self.online and not self._cut[0]

    @property
    def uplink(self) -> bool:
        """True if the way to the server is not cut for media."""
        return self.online and not self._cut[1]

    @property
    def downlink(self) -> bool:
        """True if the way from the server is not cut for media."""
        return self.online and not self._cut[2]

    @property
    def media_up(self) -> bool:
        """True if media passes both ways."""
        return self.uplink and self.downlink

    @property
    def carries_signal(self) -> bool:
        """True if what is written on a connection of the present network arrives."""
        return self.signal_up and self.plugged

    @property
    def refuses(self) -> bool:
        """True if a new connection fails at once, without a packet to the server."""
        return self._refuses or not self.online

    def drop(self, path: str) -> None:
        """Cut one of `PATHS`: packets are lost and neither end is told. Raises ValueError for any
        other `path`.
        """
        if path not in PATHS:
            raise ValueError(f"no such path: {path!r} ({', '.join(PATHS)})")
        signal, uplink, downlink = (
            was or now for was, now in zip(self._cut, PATHS[path], strict=True)
        )
        self._cut = (signal, uplink, downlink)
        self._tell()

    def refuse(self) -> None:
        """Reset every connection, and refuse new ones until `heal`; media is not affected."""
        self._refuses = True
        self.break_signal()

    def heal(self) -> None:
        """End all cuts and refusals; messages that TCP has held back are sent now."""
        self._cut = (False, False, False)
        self._refuses = False
        self._release()

    def set_online(self, online: bool) -> None:
        """The machine lost its network, or has it back. Without one, new connections are refused;
        those that stand carry nothing until it is back, and nobody is told (a kernel keeps a TCP
        connection whose interface is gone).
        """
        self.online = online
        self._release()

    def change_network(self) -> None:
        """The machine is on another network from now on: connections that stand are lost, and
        nobody is told; new ones work. Media works again after an ICE restart.
        """
        self.network += 1
        for connection in self._connections:
            connection.lose()
        self._tell()

    def lose_signal(self) -> None:
        """The server's end of every connection is lost alone: the client is not told."""
        for connection in self._standing():
            connection.lose_client()
        self._tell()

    def set_server_running(self, running: bool) -> None:
        """The server's process was paused or continued; the network is as it was."""
        if self.server_running != running:
            self.server_running = running
            self._tell()

    def unplug(self) -> None:
        """Take the server off its network: clients lose their connections at once, and the server
        is not told. A connection that is opened now is refused, by the server's own code.
        """
        if self.plugged:
            self.plugged = False
            for connection in self._standing():
                connection.lose_server()
            self._tell()

    def plug_in(self) -> None:
        """Put the server back on its network, with the connections that it still holds."""
        if not self.plugged:
            self.plugged = True
            self._tell()

    def break_signal(self) -> None:
        """Reset every connection at both ends; messages under way or held are lost. Later
        connections are not affected.
        """
        for connection in self._standing():
            connection.reset()

    def delay_us(self) -> int:
        """Draw the delay of the next message."""
        return self._choices.between(Label.SIGNAL_DELAY, self._delay_low_us, self._delay_high_us)

    def hold(self, stream: TcpStream) -> None:
        """Release `stream` when the cut is over."""
        if stream not in self._held_streams:
            self._held_streams.append(stream)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change of the path; listeners are called in the order in
        which they were added.
        """
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Stop calling `listener`."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def add(self, connection: TcpConnection) -> None:
        """Keep `connection` until it is over."""
        self._connections = [one for one in self._connections if not one.is_over()]
        self._connections.append(connection)

    def end(self) -> None:
        """The run is over: drop all references, so that none is left to the garbage collector."""
        for connection in self._connections:
            connection.end()
        self._connections.clear()
        self._held_streams.clear()
        self._listeners.clear()

    def _standing(self) -> list[TcpConnection]:
        """The connections that an end still has, and whose network is still there."""
        return [one for one in self._connections if not one.lost and not one.is_over()]

    def _release(self) -> None:
        """Send what was held, if nothing holds it any more, and tell of the change."""
        if self.signal_up:
            held, self._held_streams = self._held_streams, []
            for stream in held:
                stream.release()
        self._tell()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


class Network:
    """The ways of all windows of one machine to one server. A window's path outlives the window's
    runtimes.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, delay_low_us: int, delay_high_us: int
    ) -> None:
        self._scheduler = scheduler
        self._choices = choices
        self._delay_low_us = delay_low_us
        self._delay_high_us = delay_high_us
        self._paths: dict[str, NetworkPath] = {}
        self._online = True

    def path(self, window: str) -> NetworkPath:
        """The way of `window`."""
        path = self._paths.get(window)
        if path is None:
            path = self._paths[window] = NetworkPath(
                self._scheduler, self._choices, self._delay_low_us, self._delay_high_us
            )
            path.online = self._online
        return path

    def drop(self, window: str, path: str) -> None:
        """Cut one of `PATHS` for the window, beside what is cut already."""
        self.path(window).drop(path)

    def refuse_signal(self, window: str) -> None:
        """Every connection of the window is reset, and new ones are refused until `heal`."""
        self.path(window).refuse()

    def heal(self, window: str) -> None:
        """Everything works again for the window."""
        self.path(window).heal()

    def break_signal(self, window: str) -> None:
        """Every connection of the window is reset at once; new ones are as they would be without
        it.
        """
        self.path(window).break_signal()

    def lose_signal(self, window: str) -> None:
        """The server's end of every connection of the window is lost alone."""
        self.path(window).lose_signal()

    def set_online(self, online: bool) -> None:
        """The machine lost its network, or has it back."""
        self._online = online
        for path in self._paths.values():
            path.set_online(online)

    def change_network(self) -> None:
        """The machine is on another network from now on."""
        for path in self._paths.values():
            path.change_network()

    def end(self) -> None:
        """The run is over: let go of everything."""
        for path in self._paths.values():
            path.end()
        self._paths.clear()


class TcpStream:
    """One direction of a connection: first in, first out, whatever delays are drawn.

    A scheduled arrival carries no message of its own; it delivers the head of the queue.
    """

    def __init__(self, path: NetworkPath) -> None:
        self._path = path
        self._waiting: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._held = 0
        self._last_us = -1

    def send(self, run: Callable[[Any], None], argument: Any) -> None:
        """Call `run(argument)` at the far end after a delay, which begins when a cut is over."""
        self._waiting.append((run, argument))
        if self._path.signal_up:
            self._set_out()
        else:
            self._hold()

    def release(self) -> None:
        """The cut is over: send what was held."""
        held = self._held
        self._held = 0
        for _ in range(held):
            self._set_out()

    def is_empty(self) -> bool:
        """True if no message is under way."""
        return not self._waiting

    def end(self) -> None:
        """The run is over: drop all references."""
        self._waiting.clear()

    def discard(self) -> None:
        """Lose what has not arrived."""
        for index in range(len(self._waiting)):
            self._waiting[index] = (_vanish, None)

    def _set_out(self) -> None:
        scheduler = self._path.scheduler
        # At least 1 us after the message before it: TCP delivers in order, and the order of what is
        # due in one instant is a draw.
        self._last_us = max(scheduler.now_us + self._path.delay_us(), self._last_us + 1)
        scheduler.at(self._last_us, self._arrive, None)

    def _hold(self) -> None:
        self._held += 1
        self._path.hold(self)

    def _arrive(self, _: None) -> None:
        if not self._path.signal_up:
            self._hold()
            return
        run, argument = self._waiting.popleft()
        run(argument)


class TcpConnection:
    """One TCP connection between a window and a server, with an inbox at each end.

    An inbox gets each message and finally `Closed`, unless its own end has closed before. What an
    end has written still arrives if it closes while the network is up (the kernel flushes), and is
    lost if it closes during a cut. A connection that is `lost` swallows whatever either end writes,
    its close as well.
    """

    def __init__(self, path: NetworkPath, to_client: Callable[[Any], None]) -> None:
        self.path = path
        self.client_open = True
        self.server_open = True
        self.lost = False
        self._to_client = to_client
        self._to_server: Callable[[Any], None] = _vanish
        self._up = TcpStream(path)
        self._down = TcpStream(path)
        path.add(self)
        if path.refuses:
            self.lost = True
            self.server_open = False
            path.scheduler.after(0, self._hang_up_client, CLOSED_ABNORMALLY)

    @property
    def carries(self) -> bool:
        """True if what is written now arrives."""
        return self.path.carries_signal and not self.lost

    def accept(self, to_server: Callable[[Any], None]) -> None:
        """Attach the server's inbox; nothing to attach to a connection that was refused."""
        if self.server_open:
            self._to_server = to_server

    def send_up(self, message: Any) -> None:
        """Send from the client; does nothing once its end is closed."""
        if self.client_open and not self.lost:
            self._up.send(self._arrive_up, message)

    def send_down(self, message: Any) -> None:
        """Send from the server; does nothing once its end is closed."""
        if self.server_open and not self.lost:
            self._down.send(self._arrive_down, message)

    def close_client(self, closed: Callable[[None], None] | None = None) -> None:
        """Close the client's end, which gets nothing more; `closed` is called when the server has
        answered the close.
        """
        if self.client_open:
            self.client_open = False
            self._to_client = _vanish
            if self.lost:
                return
            if not self.path.signal_up:
                self._up.discard()
            self._up.send(self._answer_close if closed else self._hang_up_server, closed)

    def abort_client(self) -> None:
        """Reset the connection from the client: messages under way are lost, in both
        directions.
        """
        if self.client_open:
            self.client_open = False
            self._to_client = _vanish
            self._up.discard()
            if not self.lost:
                self._up.send(self._hang_up_server, None)

    def close_server(self, code: int) -> None:
        """Close the server's end, which gets nothing more; `code` is the WebSocket close code."""
        if self.server_open:
            self.server_open = False
            self._to_server = _vanish
            if not self.path.signal_up and code == CLOSED_ABNORMALLY:
                self._down.discard()
            if not self.lost:
                self._down.send(self._hang_up_client, code)

    def reset(self) -> None:
        """Reset the connection from between the ends; both are told."""
        self._up.discard()
        self._down.discard()
        self._hang_up_server(None)
        self._hang_up_client(CLOSED_ABNORMALLY)

    def lose_server(self) -> None:
        """Reset the connection at the client's end alone; messages under way are lost."""
        self._up.discard()
        self._down.discard()
        self._hang_up_client(CLOSED_ABNORMALLY)

    def lose_client(self) -> None:
        """Reset the connection at the server's end alone; messages under way are lost."""
        self.lose()
        self._hang_up_server(None)

    def lose(self) -> None:
        """Lose the connection between its ends: messages under way are lost, and neither end is
        told.
        """
        self.lost = True
        self._up.discard()
        self._down.discard()

    def is_over(self) -> bool:
        """True if both ends are closed or lost, and no message is under way."""
        return (
            not self.client_open
            and (self.lost or not self.server_open)
            and self._up.is_empty()
            and self._down.is_empty()
        )

    def end(self) -> None:
        """The run is over: drop all references."""
        self.client_open = self.server_open = False
        self._to_client = self._to_server = _vanish
        self._up.end()
        self._down.end()

    def _arrive_up(self, message: Any) -> None:
        if self.server_open:
            self._to_server(message)

    def _arrive_down(self, message: Any) -> None:
        if self.client_open:
            self._to_client(message)

    def _answer_close(self, closed: Callable[[None], None]) -> None:
        self._hang_up_server(None)
        self._down.send(closed, None)

    def _hang_up_server(self, _: None) -> None:
        if self.server_open:
            self.server_open = False
            to_server, self._to_server = self._to_server, _vanish
            to_server(Closed(CLOSED_NORMALLY))

    def _hang_up_client(self, code: int) -> None:
        if self.client_open:
            self.client_open = False
            to_client, self._to_client = self._to_client, _vanish
            to_client(Closed(code))


def _vanish(_: Any) -> None:
    """The inbox of discarded messages."""
