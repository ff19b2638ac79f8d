"""Windows on the real SDK: in this process, or in one of their own."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any, Protocol

import msgspec

from oneroom.core import events
from oneroom.core.events import Event, RoomEnded, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.live.network.network_path import NetworkPath
from oneroom.live.window.sdk_room import LiveRooms
from tests.project import ROOT
from tests.units import HOUR


class Around(Protocol):
    """What a window needs of its rig."""

    loop: asyncio.AbstractEventLoop
    url: str

    @property
    def now_us(self) -> int: ...

    def token(self, identity: str, ttl_us: int) -> str: ...


class LiveWindow:
    """A window in this process."""

    _path: NetworkPath | None = None
    _rooms: LiveRooms

    def __init__(self, rig: Around, name: str, identity: str) -> None:
        self.name = name
        self.identity = identity
        self._rig = rig
        self._events: list[tuple[int, Event]] = []

    async def start(self, path: bool) -> None:
        if path:
            self._path = await NetworkPath.start(self._rig.url)
        await self._run(self._path.url if self._path is not None else self._rig.url)

    async def end(self) -> None:
        await self._stop()
        if self._path is not None:
            await self._path.close()

    async def _run(self, url: str) -> None:
        self._rooms = LiveRooms(self._rig.loop, url, self.hear)

    async def _stop(self) -> None:
        await self._rooms.end()

    def hear(self, event: Event) -> None:
        self._events.append((self._rig.now_us, event))

    def do(self, verb: str, *arguments: Any) -> None:
        getattr(self._rooms, verb)(*arguments)
        # Tasks begin to run, so that what two windows do one after the other reaches the server in
        # that order.
        self._rig.loop.run_until_complete(asyncio.sleep(0))

    def join(self, epoch: int = 1, ttl_us: int = HOUR) -> None:
        self.do("open", epoch, "", self._rig.token(self.identity, ttl_us))

    def close(self, epoch: int = 1) -> None:
        self.do("close", epoch)

    def publish(
        self, source: Source = Source.MICROPHONE, muted: bool = False, epoch: int = 1
    ) -> None:
        self.do("publish", epoch, source, muted)

    def unpublish(self, source: Source, epoch: int = 1) -> None:
        self.do("unpublish", epoch, source)

    def set_muted(self, muted: bool, epoch: int = 1) -> None:
        self.do("set_muted", epoch, muted)

    def simulate(self, scenario: str, epoch: int = 1) -> None:
        self.do("simulate", epoch, scenario)

    def cut(self, signal: bool = True, media: bool = True) -> None:
        self._on_path().cut(signal, media, media)

    def heal(self) -> None:
        self._on_path().heal()

    def cut_media(self, uplink: bool = True, downlink: bool = True) -> None:
        self._on_path().cut(False, uplink, downlink)

    def refuse_signal(self) -> None:
        self._on_path().refuse()
        self._on_path().break_signal()

    def lose_signal(self) -> None:
        self._on_path().lose_signal()

    def change_network(self) -> None:
        self._on_path().change_network()

    def go_offline(self) -> None:
        self._on_path().cut()
        self._on_path().refuse()

    def go_online(self) -> None:
        self.heal()

    def break_signal(self) -> None:
        self._on_path().break_signal()

    def _on_path(self) -> NetworkPath:
        assert self._path is not None, "a window whose network is cut needs path=True"
        return self._path

    def stop(self) -> None:
        raise AssertionError("a window that is stopped needs process=True")

    go_on = crash = stop

    def kinds(self) -> list[str]:
        return [
            type(event).__name__
            for _, event in self._events
            if not isinstance(event, RosterChanged)
        ]

    def at(self, kind: type[Event]) -> list[int]:
        return [at_us for at_us, event in self._events if isinstance(event, kind)]

    def ended(self) -> Reason | None:
        reasons = [event.reason for _, event in self._events if isinstance(event, RoomEnded)]
        return reasons[-1] if reasons else None

    def roster(self) -> tuple[Participant, ...]:
        return next(
            event.participants
            for _, event in reversed(self._events)
            if isinstance(event, RosterChanged)
        )


class ProcessWindow(LiveWindow):
    """A window in a process of its own."""

    _process: asyncio.subprocess.Process
    _reading: asyncio.Task[None]

    async def _run(self, url: str) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.conformance.sfu.worker",
            url,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=ROOT,
        )
        self._reading = self._rig.loop.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            said = json.loads(line)
            self.hear(msgspec.convert(said["event"], getattr(events, said["kind"])))

    async def _stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()
        await self._reading
        # Otherwise the pipe's transport outlives its loop and says so.
        self._process._transport.close()  # type: ignore[attr-defined]  # there is no public way

    def do(self, verb: str, *arguments: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([verb, *arguments]).encode() + b"\n")
        self._rig.loop.run_until_complete(self._process.stdin.drain())

    def stop(self) -> None:
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        self._process.send_signal(signal.SIGCONT)

    def crash(self) -> None:
        self._process.kill()
