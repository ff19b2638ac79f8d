"""Messages between the processes of one run: frames over a pair of sockets.

Rules: MessagePack, prefixed with its length. Values of core travel as (name of the type, content).
Tokens and keys are sent only this way: never on a command line, never in a file. A process ends
when its pipe does.
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
    """A call of `verb` with its arguments, made at `at_us` because of record `cause`."""

    at_us: int
    cause: int
    verb: str
    arguments: tuple[Any, ...] = ()


class Pipe:
    """One end of a pipe.

    Sending never blocks: frames are small, and a process that has stopped reading is about to be
    ended.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, end: socket.socket) -> Pipe:
        """The pipe whose local socket is `end`."""
        return cls(*await asyncio.open_connection(sock=end))

    def send(self, frame: Frame) -> None:
        """Send a frame. It is dropped if the other process is gone."""
        if not self._writer.is_closing():
            data = msgspec.msgpack.encode(frame)
            self._writer.write(len(data).to_bytes(_LENGTH_BYTES) + data)

    async def frames(self) -> AsyncIterator[Frame]:
        """The frames of the other process, until it ends."""
        decoder = msgspec.msgpack.Decoder(Frame)
        while True:
            try:
                length = int.from_bytes(await self._reader.readexactly(_LENGTH_BYTES))
                yield decoder.decode(await self._reader.readexactly(length))
            except (asyncio.IncompleteReadError, ConnectionError):
                return

    def close(self) -> None:
        """Close this end, which ends the other process."""
        self._writer.close()


def encode(value: Event | Message) -> tuple[str, Any]:
    """An event or a message as frame arguments."""
    return type(value).__name__, msgspec.to_builtins(value)


def decode_event(encoded: Any) -> Event:
    """The event that `encode` encoded."""
    name, content = encoded
    return msgspec.convert(content, _EVENTS[name])


def decode_message(encoded: Any) -> Message:
    """The message that `encode` encoded."""
    name, content = encoded
    return msgspec.convert(content, _MESSAGES[name])


def _kinds(base: type[Any]) -> dict[str, type[Any]]:
    found = {base.__name__: base}
    for kind in base.__subclasses__():
        found.update(_kinds(kind))
    return found


_EVENTS: dict[str, type[Event]] = _kinds(Event)
_MESSAGES: dict[str, type[Message]] = _kinds(Message)
