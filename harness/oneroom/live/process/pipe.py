"""Messages between the processes of one run: frames over a pair of sockets.

Rules: MessagePack with its length in front. Values of core travel as (name of the type, content).
Tokens and keys go this way and no other: never a command line, never a file. The end of the pipe is
the end of the other process.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from oneroom.core.events import Event
from oneroom.core.messages import Message

_LENGTH_BYTES = 4


class Frame(msgspec.Struct, frozen=True, array_like=True):
    """`verb` with its arguments, said at `at_us` because of record `cause`."""

    at_us: int
    cause: int
    verb: str
    arguments: tuple[Any, ...] = ()


class Pipe:
    """One end. Sending never waits: what is said is little, and who does not listen any more is
    about to be ended.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def over(cls, end: socket.socket) -> Pipe:
        """The pipe of which `end` is our socket."""
        return cls(*await asyncio.open_connection(sock=end))

    def send(self, frame: Frame) -> None:
        """Say something; to nobody, if the other process is gone."""
        if not self._writer.is_closing():
            data = msgspec.msgpack.encode(frame)
            self._writer.write(len(data).to_bytes(_LENGTH_BYTES) + data)

    async def frames(self) -> AsyncIterator[Frame]:
        """Frames from the other process, until it ends."""
        decoder = msgspec.msgpack.Decoder(Frame)
        while True:
            try:
                length = int.from_bytes(await self._reader.readexactly(_LENGTH_BYTES))
                yield decoder.decode(await self._reader.readexactly(length))
            except (asyncio.IncompleteReadError, ConnectionError):
                return

    def close(self) -> None:
        """Nothing more to say; the other process takes it as its end."""
        self._writer.close()


def spelled(value: Event | Message) -> tuple[str, Any]:
    """As an argument of a frame."""
    return type(value).__name__, msgspec.to_builtins(value)


def event(spelt: Any) -> Event:
    """The event that `spelled` wrote."""
    name, content = spelt
    return msgspec.convert(content, _EVENTS[name])


def message(spelt: Any) -> Message:
    """The message that `spelled` wrote."""
    name, content = spelt
    return msgspec.convert(content, _MESSAGES[name])


def _kinds(base: type[Any]) -> dict[str, type[Any]]:
    found = {base.__name__: base}
    for kind in base.__subclasses__():
        found.update(_kinds(kind))
    return found


_EVENTS: dict[str, type[Event]] = _kinds(Event)
_MESSAGES: dict[str, type[Message]] = _kinds(Message)
