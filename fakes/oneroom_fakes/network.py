"""One window's way to the SFU: TCP connections for signalling, and a media path beside them.

Rules: signalling is TCP, so a cut delays it and never reorders it; a message is lost only with the
connection that carries it. Media is UDP: whether it flows is a fact of the instant, and whoever
cares listens for changes. Nothing here knows what the messages mean.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.ports.scheduler import Scheduler

# Close codes of RFC 6455, 7.4.1: an orderly close, and "the TCP connection is gone" as a browser
# reports it.
CLOSED_NORMALLY = 1000
CLOSED_ABNORMALLY = 1006


class Closed(msgspec.Struct, frozen=True):
    """The last thing that one end of a connection hears: the other end has closed it."""

    code: int


class NetworkPath:
    """The network between one window and the SFU: signalling and media are cut and healed apart.

    Delays are one way, in integer microseconds, drawn from `delay_low_us`..`delay_high_us` for each
    message.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, delay_low_us: int, delay_high_us: int
    ) -> None:
        self.scheduler = scheduler
        self.signal_up = True
        self.media_up = True
        self.answers = True  # the process at the far end runs
        self.plugged = True  # the far end is on its network
        self._choices = choices
        self._delay_low_us = delay_low_us
        self._delay_high_us = delay_high_us
        self._holding: list[TcpStream] = []
        self._listeners: list[Callable[[], None]] = []
        self._connections: list[TcpConnection] = []

    @property
    def carries_signal(self) -> bool:
        """What is written on a connection arrives."""
        return self.signal_up and self.plugged

    def drop(self, path: str) -> None:
        """Cut `signal`, `media` or `both`. Packets vanish; nobody is told."""
        if path not in ("signal", "media", "both"):
            raise ValueError(f"no such path: {path!r} (signal, media, both)")
        self.signal_up = self.signal_up and path == "media"
        self.media_up = self.media_up and path == "signal"
        self._tell()

    def heal(self) -> None:
        """Both paths work again; what TCP has held back sets out now."""
        self.signal_up = True
        self.media_up = True
        holding = self._holding
        self._holding = []
        for stream in holding:
            stream.release()
        self._tell()

    def stand_still(self, still: bool) -> None:
        """The process at the far end stands still, or goes on. The network is as it was."""
        if self.answers == still:
            self.answers = not still
            self._tell()

    def unplug(self) -> None:
        """The far end is taken off its network: who speaks with it is told at once that the
        connection is gone, and it is told nothing. Whoever connects now is refused, by whoever is
        at the far end.
        """
        if self.plugged:
            self.plugged = False
            for connection in tuple(self._connections):
                connection.lose_server()
            self._tell()

    def plug_in(self) -> None:
        """It is back, with the connections that it believes to have."""
        if not self.plugged:
            self.plugged = True
            self._tell()

    def break_signal(self) -> None:
        """Every connection is reset at once, at both ends; what was on its way or held is lost. New
        ones are as they would be without it.
        """
        for connection in tuple(self._connections):
            connection.reset()

    def delay_us(self) -> int:
        """How long the next message takes."""
        return self._choices.between(Label.SIGNAL_DELAY, self._delay_low_us, self._delay_high_us)

    def hold(self, stream: TcpStream) -> None:
        """Remember that `lane` has messages for the time after the cut."""
        if stream not in self._holding:
            self._holding.append(stream)

    def listen(self, listener: Callable[[], None]) -> None:
        """Call `listener` after every change of `signal_up` or `media_up`, in the order of
        listening.
        """
        self._listeners.append(listener)

    def unlisten(self, listener: Callable[[], None]) -> None:
        """Stop calling `listener`."""
        if listener in self._listeners:
            self._listeners.remove(listener)

    def add(self, connection: TcpConnection) -> None:
        """Remember `connection` while anything may still happen on it."""
        self._connections = [one for one in self._connections if not one.is_over()]
        self._connections.append(connection)

    def end(self) -> None:
        """The run is over: let go of everything, so that nothing is left to the garbage
        collector.
        """
        for connection in self._connections:
            connection.end()
        self._connections.clear()
        self._holding.clear()
        self._listeners.clear()

    def _tell(self) -> None:
        for listener in tuple(self._listeners):
            listener()


class TcpStream:
    """One direction of a connection: first in, first out, whatever delays are drawn.

    An event of the scheduler says only that *something* arrives; what arrives is the head of the
    queue.
    """

    def __init__(self, path: NetworkPath) -> None:
        self._path = path
        self._waiting: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._held = 0
        self._last_us = -1

    def send(self, run: Callable[[Any], None], argument: Any) -> None:
        """Call `run(argument)` at the far end after the delay; during a cut, after the cut and the
        delay.
        """
        self._waiting.append((run, argument))
        if self._path.signal_up:
            self._set_out()
        else:
            self._hold()

    def release(self) -> None:
        """The cut is over."""
        held = self._held
        self._held = 0
        for _ in range(held):
            self._set_out()

    def is_empty(self) -> bool:
        """Nothing is on its way."""
        return not self._waiting

    def end(self) -> None:
        """Let go of everything: the run is over."""
        self._waiting.clear()

    def discard(self) -> None:
        """What has not arrived never will."""
        for index in range(len(self._waiting)):
            self._waiting[index] = (_vanish, None)

    def _set_out(self) -> None:
        scheduler = self._path.scheduler
        # After the one in front of it: TCP hands over in order, and what is due in one instant
        # comes in any.
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
    """One TCP connection between a window and the SFU, with an inbox at each end.

    An inbox gets each message, and at last `Closed`, unless its own end has closed before. An end
    that closes while the network is up still gets across what it has written (the kernel flushes);
    one that closes during a cut takes its buffers along.
    """

    def __init__(self, path: NetworkPath, to_client: Callable[[Any], None]) -> None:
        self.path = path
        self.client_open = True
        self.server_open = True
        self._to_client = to_client
        self._to_server: Callable[[Any], None] = _vanish
        self._up = TcpStream(path)
        self._down = TcpStream(path)
        path.add(self)

    def accept(self, to_server: Callable[[Any], None]) -> None:
        """Attach the server's inbox."""
        self._to_server = to_server

    def send_up(self, message: Any) -> None:
        """From the client; nothing happens once its end is closed."""
        if self.client_open:
            self._up.send(self._arrive_up, message)

    def send_down(self, message: Any) -> None:
        """From the server; nothing happens once its end is closed."""
        if self.server_open:
            self._down.send(self._arrive_down, message)

    def close_client(self, closed: Callable[[None], None] | None = None) -> None:
        """The client closes its end and hears nothing more, but for `closed` when the far end has
        answered that.
        """
        if self.client_open:
            self.client_open = False
            self._to_client = _vanish
            if not self.path.signal_up:
                self._up.discard()
            self._up.send(self._answer_close if closed else self._hang_up_server, closed)

    def abort_client(self) -> None:
        """The client resets the connection: what it has written and what has not arrived is
        gone.
        """
        if self.client_open:
            self.client_open = False
            self._to_client = _vanish
            self._up.discard()
            self._up.send(self._hang_up_server, None)

    def close_server(self, code: int) -> None:
        """The server closes its end and hears nothing more; `code` is the WebSocket close code."""
        if self.server_open:
            self.server_open = False
            self._to_server = _vanish
            if not self.path.signal_up and code == CLOSED_ABNORMALLY:
                self._down.discard()
            self._down.send(self._hang_up_client, code)

    def reset(self) -> None:
        """Somebody between the ends resets it, and both hear of it."""
        self._up.discard()
        self._down.discard()
        self._hang_up_server(None)
        self._hang_up_client(CLOSED_ABNORMALLY)

    def lose_server(self) -> None:
        """What stands between the ends goes away and hangs up on the client alone; what was on its
        way is lost.
        """
        self._up.discard()
        self._down.discard()
        self._hang_up_client(CLOSED_ABNORMALLY)

    def is_over(self) -> bool:
        """Both ends are closed and nothing is on its way."""
        return (
            not self.client_open
            and not self.server_open
            and self._up.is_empty()
            and self._down.is_empty()
        )

    def end(self) -> None:
        """The run is over."""
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
    """Where discarded messages go."""
