"""The chat's server: it numbers and stores what is said, and hands it to every socket."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from oneroom import Socket, SocketHandler


class Chat(SocketHandler):
    """One room. `?after=3` asks for what came after message 3."""

    def __init__(self) -> None:
        self.messages: list[dict[str, object]] = []
        self.sockets: list[Socket] = []

    def opened(self, socket: Socket) -> None:
        self.sockets.append(socket)
        after = parse_qs(urlsplit(socket.url).query).get("after")
        for message in self.messages[int(after[0]) :] if after else ():
            socket.send(message)

    def received(self, socket: Socket, message: str) -> None:
        self.messages.append({"number": len(self.messages) + 1, "text": message})
        for other in self.sockets:
            other.send(self.messages[-1])

    def closed(self, socket: Socket) -> None:
        self.sockets.remove(socket)
