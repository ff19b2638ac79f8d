"""A bare connection to the real server: LiveKit's signalling over a WebSocket, without an SDK."""

from __future__ import annotations

import asyncio

import aiohttp
from livekit.protocol import models, rtc

from oneroom.core.reasons import Reason
from oneroom_fakes.sfu.signal_messages import LeaveAction

# What the server must think of us to speak to us as to today's SDKs.
_PROTOCOL = "16"


class LiveWire:
    """`tests.conformance.sfu.server_rig.Wire`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, url: str, token: str, resume: str) -> None:
        self._heard: list[str] = []
        self._closed = 0
        self._refused = 0
        self._loop = loop
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        query = {
            "access_token": token,
            "protocol": _PROTOCOL,
            "sdk": "python",
            "auto_subscribe": "1",
        }
        if resume:
            query |= {"reconnect": "1", "sid": resume}
        self._running = loop.create_task(self._run(f"{url}/rtc", query))

    async def _run(self, url: str, query: dict[str, str]) -> None:
        async with aiohttp.ClientSession() as session:
            try:
                async with session.ws_connect(url, params=query) as socket:
                    self._socket = socket
                    async for message in socket:
                        self._note(message.data)
                    self._closed = socket.close_code or 0
            except aiohttp.WSServerHandshakeError as refusal:
                self._refused = refusal.status

    def _note(self, frame: bytes) -> None:
        said = rtc.SignalResponse()
        said.ParseFromString(frame)
        kind = said.WhichOneof("message")
        if kind == "leave":
            self._heard.append(
                f"leave {Reason(said.leave.reason).name} {LeaveAction(said.leave.action).name}"
            )
        elif kind in ("join", "reconnect"):
            self._heard.append(kind)

    def heard(self) -> list[str]:
        return self._heard

    def closed(self) -> int:
        return self._closed

    def refused(self) -> int:
        return self._refused

    def claim(self, track_sid: str) -> None:
        track = models.TrackInfo(sid=track_sid, type=models.TrackType.AUDIO)
        published = rtc.TrackPublishedResponse(cid="any", track=track)
        said = rtc.SignalRequest(sync_state=rtc.SyncState(publish_tracks=[published]))
        assert self._socket is not None
        self._loop.run_until_complete(self._socket.send_bytes(said.SerializeToString()))

    def hang_up(self) -> None:
        self._loop.run_until_complete(self.end())

    async def end(self) -> None:
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
