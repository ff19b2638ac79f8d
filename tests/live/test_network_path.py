"""A window's way to a real server is cut and healed, signal and media apart."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from oneroom.core.events import Event, RosterChanged
from oneroom.core.state import Source
from tests.units import HOUR

if TYPE_CHECKING:
    from oneroom.live.server.livekit_server import LiveKit

pytestmark = pytest.mark.live

# A sample of the tone is 8,000 at its loudest.
LOUD = 1_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKit]:
    from oneroom.live.server.livekit_server import LiveKit

    with LiveKit(
        tmp_path_factory.mktemp("livekit"), os.environ.get("ONEROOM_LIVEKIT_NATIVE", "")
    ) as up:
        yield up


class Call:
    """One window behind a path, and a witness beside it who listens."""

    def __init__(self, server: LiveKit, room: str) -> None:
        from livekit import rtc

        from oneroom.live.server import tokens

        self.loop = asyncio.get_running_loop()
        self.url = server.record.url
        self.mint = lambda who, ttl_us: tokens.mint(server.record.credentials, who, room, ttl_us)
        self.events: list[Event] = []
        self.muted: list[bool] = []
        self.loud = 0
        self.witness = rtc.Room(self.loop)
        self.witness.on("track_muted", lambda *_: self.muted.append(True))
        self.witness.on("track_subscribed", self._listen)
        self._listening: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        from oneroom.live.network.network_path import NetworkPath
        from oneroom.live.window.sdk_room import LiveRooms

        await self.witness.connect(self.url, self.mint("witness", HOUR))
        self.path = await NetworkPath.start(self.url)
        self.rooms = LiveRooms(self.loop, self.path.url, self.events.append)

    def join(self, ttl_us: int = HOUR) -> None:
        self.rooms.open(1, "", self.mint("u1", ttl_us))

    def kinds(self) -> list[str]:
        return [
            type(event).__name__ for event in self.events if not isinstance(event, RosterChanged)
        ]

    async def joined(self) -> None:
        self.join()
        await until(lambda: self.kinds() == ["RoomConnected"], 5)

    async def talking(self) -> None:
        await self.joined()
        self.rooms.publish(1, Source.MICROPHONE, False)
        await until(lambda: self.loud > 20, 10)

    async def silent_s(self, seconds: float) -> bool:
        """Whether nothing at all is heard for so long; what is in the player's buffer is let go
        first.
        """
        await asyncio.sleep(1)
        before = self.loud
        await asyncio.sleep(seconds)
        return self.loud == before

    def _listen(self, track: Any, *_: object) -> None:
        self._listening.append(self.loop.create_task(self._hear(track)))

    async def _hear(self, track: Any) -> None:
        from livekit import rtc

        async for event in rtc.AudioStream(track):
            self.loud += max(event.frame.data, default=0) > LOUD

    async def end(self) -> None:
        await self.rooms.end()
        await self.witness.disconnect()
        await self.path.close()
        for task in self._listening:
            task.cancel()


async def until(condition: Callable[[], bool], seconds: float) -> None:
    deadline_s = asyncio.get_running_loop().time() + seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline_s, f"not within {seconds} s"
        await asyncio.sleep(0.02)


def with_call(server: LiveKit, room: str, story: Callable[[Call], Awaitable[None]]) -> None:
    async def whole() -> None:
        call = Call(server, room)
        await call.start()
        try:
            await story(call)
        finally:
            await call.end()

    asyncio.run(whole())


def test_media_is_cut_and_healed_while_signalling_goes_on(server: LiveKit) -> None:
    async def story(call: Call) -> None:
        await call.talking()
        call.path.cut(signal=False)
        assert (call.path.signal_up, call.path.media_up) == (True, False)
        assert await call.silent_s(2)
        call.path.heal()
        before = call.loud
        await until(lambda: call.loud > before + 20, 5)
        call.path.cut(signal=False)
        call.rooms.set_muted(1, True)
        await until(lambda: call.muted == [True], 2)

    with_call(server, "media", story)


def test_signalling_is_cut_and_healed_while_media_goes_on(server: LiveKit) -> None:
    async def story(call: Call) -> None:
        await call.talking()
        call.path.cut(uplink=False, downlink=False)
        await asyncio.sleep(1)
        before = call.loud
        await until(lambda: call.loud > before + 20, 5)
        call.rooms.set_muted(1, True)
        await asyncio.sleep(2)
        assert call.muted == []
        call.path.heal()
        # Held and not lost: TCP sends it again.
        await until(lambda: call.muted == [True], 2)
        assert "RoomLost" not in call.kinds()

    with_call(server, "signal", story)


def test_who_connects_during_a_cut_is_not_answered_before_the_heal(server: LiveKit) -> None:
    async def story(call: Call) -> None:
        call.path.cut()
        call.join()
        await asyncio.sleep(2)
        assert call.kinds() == []
        call.path.heal()
        await until(lambda: call.kinds() == ["RoomConnected"], 5)

    with_call(server, "connect", story)


def test_a_broken_connection_is_noticed_at_once_and_resumed(server: LiveKit) -> None:
    async def story(call: Call) -> None:
        await call.joined()
        call.path.break_signal()
        await until(lambda: "RoomLost" in call.kinds(), 1)
        await until(lambda: "RoomHealed" in call.kinds(), 8)

    with_call(server, "break", story)


def test_a_delay_holds_for_each_frame_and_nothing_breaks(server: LiveKit) -> None:
    async def story(call: Call) -> None:
        call.path.delay(200_000, 200_000)
        started_s = call.loop.time()
        await call.joined()
        # Request and response take three and one.
        assert call.loop.time() - started_s >= 0.8

    with_call(server, "delay", story)


def test_the_servers_refusal_gets_through(server: LiveKit) -> None:
    async def story(call: Call) -> None:
        call.join(ttl_us=-HOUR)
        await until(lambda: call.kinds() == ["RoomEnded"], 5)

    with_call(server, "refusal", story)


def test_nothing_listens_any_more_after_close(server: LiveKit) -> None:
    ports = []

    async def story(call: Call) -> None:
        await call.joined()
        ports.append(int(call.path.url.rpartition(":")[2]))

    with_call(server, "close", story)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", ports[0]), timeout=1).close()
    assert Path(server.folder).is_dir()
