"""A window in a process of its own, for cases that stop or kill it: commands come in on stdin,
events go out on stdout.

Rules: one JSON object a line. The token comes by the pipe, never by the command line. When the pipe
ends, so does this process: its owner is gone.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from typing import Any

import msgspec

from oneroom.core.events import Event
from oneroom.core.state import Source
from oneroom.live.window.sdk_room import LiveRooms


def say(event: Event) -> None:
    line = {"kind": type(event).__name__, "event": msgspec.to_builtins(event)}
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def obey(rooms: LiveRooms, verb: str, epoch: int, *arguments: Any) -> None:
    if verb == "open":
        rooms.open(epoch, *arguments)
    elif verb == "close":
        rooms.close(epoch)
    elif verb == "publish":
        rooms.publish(epoch, Source(arguments[0]), bool(arguments[1]))
    elif verb == "unpublish":
        rooms.unpublish(epoch, Source(arguments[0]))
    elif verb == "set_muted":
        rooms.set_muted(epoch, bool(arguments[0]))
    elif verb == "simulate":
        rooms.simulate(epoch, str(arguments[0]))


async def main() -> None:
    loop = asyncio.get_running_loop()
    rooms = LiveRooms(loop, sys.argv[1], say)
    stdin = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    while line := await stdin.readline():
        obey(rooms, *json.loads(line))
    # Not a tidy end: whoever wants one closes its Rooms first.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
