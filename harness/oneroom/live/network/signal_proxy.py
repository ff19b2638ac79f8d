"""Signalling between one client and the server: a WebSocket proxy on 127.0.0.1.

Rules: `/rtc` and `/rtc/v1` are WebSockets, everything else (`/rtc/validate`) is forwarded as plain
HTTP. Nothing gets through a cut, without any error: frames wait, the end of a connection waits too,
and a new connection gets no answer. If an end closes during a cut, what it has written is lost
(`oneroom_fakes.network`, `Connection`): what its kernel would still send comes so late that it
cannot be distinguished from loss.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import aiohttp
from aiohttp import web

from oneroom.live.network.tcp_gate import Lane, TcpGate
from oneroom.live.server.free_ports import LOOPBACK

# Close codes of RFC 6455, 7.4.1: an orderly close, and "the TCP connection is gone".
_NORMAL_CLOSURE = 1000
_ABNORMAL_CLOSURE = 1006
# The time that an end which closes waits for the other end's close frame.
_CLOSE_TIMEOUT_S = 1.0
# One-way trips before a server sees a request: SYN, SYN-ACK, the request.
_HOPS_BEFORE_REQUEST = 3
_OWN_HEADERS = (
    *("host", "connection", "upgrade", "content-length", "transfer-encoding"),
    # Bodies are forwarded unpacked.
    "content-encoding",
)

Change = Callable[[bytes], bytes | None]


class SignalProxy:
    """One client's way to `server_url`. `down` and `up` rewrite frames, or drop them (None)."""

    def __init__(self, server_url: str, gate: TcpGate, down: Change, up: Change) -> None:
        self.url = ""
        self._server = (
            server_url.replace("ws", "http", 1) if server_url.startswith("ws") else server_url
        )
        self._gate = gate
        self.refuses = False
        self._changes = (down, up)
        self._links: dict[_Link, asyncio.Task[None]] = {}

    async def start(self) -> None:
        """Listen on a free port."""
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._handle_request)
        # A client that gives up before it is answered cancels its request.
        self._runner = web.AppRunner(
            application, access_log=None, handler_cancellation=True, shutdown_timeout=0
        )
        await self._runner.setup()
        await web.TCPSite(self._runner, LOOPBACK, 0).start()
        self.url = f"ws://{LOOPBACK}:{self._runner.addresses[0][1]}"

    def reset(self) -> None:
        """Reset every connection at both ends; frames on their way are lost."""
        for link in self._links:
            link.reset()

    def lose(self) -> None:
        """Lose every connection between its ends: frames vanish, and neither end is told."""
        for link in self._links:
            link.lose()

    def lose_client(self) -> None:
        """Lose every connection, and close its server's end; the client is not told."""
        for link in self._links:
            link.lose()
            link.close_server()

    async def send(self, frame: bytes) -> None:
        """Send `frame` to the server on every connection that is not cut."""
        for link in list(self._links):
            await link.send(frame)

    async def close(self) -> None:
        """Reset all connections and stop listening."""
        self.reset()
        tasks = list(self._links.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._session.close()
        await self._runner.cleanup()

    async def _handle_request(self, request: web.Request) -> web.StreamResponse:
        if self.refuses:
            _abort(request)
            return web.Response(status=502)
        for _ in range(_HOPS_BEFORE_REQUEST):
            await self._gate.arrival(self._gate.due_s())
        url = self._server.rstrip("/") + request.raw_path
        headers = {name: value for name, value in request.headers.items() if _is_forwarded(name)}
        try:
            if request.headers.get("Upgrade", "").lower() == "websocket":
                return await self._connect(request, url, headers)
            async with self._session.get(url, headers=headers) as answer:
                body = await answer.read()
                await self._gate.arrival(self._gate.due_s())
                # Among them those without which a page may not read it (CORS).
                kept = {
                    name: value for name, value in answer.headers.items() if _is_forwarded(name)
                }
                return web.Response(status=answer.status, headers=kept, body=body)
        except aiohttp.WSServerHandshakeError as refusal:
            await self._gate.arrival(self._gate.due_s())
            return web.Response(status=refusal.status, text=refusal.message)
        except aiohttp.ClientError:
            # The server does not listen.
            _abort(request)
            return web.Response(status=502)

    async def _connect(
        self, request: web.Request, url: str, headers: dict[str, str]
    ) -> web.StreamResponse:
        server = await self._session.ws_connect(
            url, headers=headers, autoclose=False, max_msg_size=0
        )
        client = web.WebSocketResponse(autoclose=False, max_msg_size=0, timeout=_CLOSE_TIMEOUT_S)
        try:
            await self._gate.arrival(self._gate.due_s())
            await client.prepare(request)
        except BaseException:
            await server.close()
            raise
        link = _Link(self._gate, request, client, server, self._changes)
        task = self._links[link] = asyncio.create_task(link.run())
        task.add_done_callback(lambda _: self._links.pop(link, None))
        # A client that is gone ends this handler, and not the link: the server has not heard of it
        # yet.
        await asyncio.shield(task)
        return client


class _Link:
    """A client's WebSocket and the one to the server behind it."""

    def __init__(
        self,
        gate: TcpGate,
        request: web.Request,
        client: web.WebSocketResponse,
        server: aiohttp.ClientWebSocketResponse,
        changes: tuple[Change, Change],
    ) -> None:
        self._gate = gate
        self._request = request
        self._client = client
        self._server = server
        self._down = Lane(gate)
        self._up = Lane(gate)
        self._change_down, self._change_up = changes
        self._was_reset = asyncio.Event()
        self._is_lost = False
        self._server_is_lost = asyncio.Event()

    async def run(self) -> None:
        """Forward frames until both ends are closed."""
        work = asyncio.gather(
            self._read_client(), self._read_server(), self._write_client(), self._write_server()
        )
        lost = asyncio.create_task(self._lose_server())
        reset = asyncio.create_task(self._was_reset.wait())
        try:
            await asyncio.wait((work, reset), return_when=asyncio.FIRST_COMPLETED)
        finally:
            reset.cancel()
            lost.cancel()
            work.cancel()
            await asyncio.gather(work, lost, return_exceptions=True)
            await self._server.close()

    def lose(self) -> None:
        """See `SignalProxy.lose`."""
        self._is_lost = True
        self._up.discard()
        self._down.discard()

    def close_server(self) -> None:
        """See `SignalProxy.lose_client`."""
        self._server_is_lost.set()

    async def send(self, frame: bytes) -> None:
        """See `SignalProxy.send`."""
        if not self._is_lost and self._gate.is_open and not self._server.closed:
            with contextlib.suppress(ConnectionError):
                await self._server.send_bytes(frame)

    def reset(self) -> None:
        """See `SignalProxy.reset`."""
        _abort(self._request)
        self._was_reset.set()

    async def _read_client(self) -> None:
        async for message in self._client:
            self._put(self._up, message, self._change_up)
        if not self._gate.is_open:
            self._up.discard()
        if not self._is_lost:
            self._up.put(self._client.close_code or _ABNORMAL_CLOSURE)

    async def _read_server(self) -> None:
        async for message in self._server:
            self._put(self._down, message, self._change_down)
        code = self._server.close_code or _ABNORMAL_CLOSURE
        if not self._gate.is_open and code == _ABNORMAL_CLOSURE:
            self._down.discard()
        if not self._is_lost:
            self._down.put(code)

    async def _lose_server(self) -> None:
        """Close the server's end when the client is not to hear of it; else wait for ever."""
        await self._server_is_lost.wait()
        await self._server.close()

    def _put(self, lane: Lane, message: Any, change: Change) -> None:
        if message.type is aiohttp.WSMsgType.BINARY and not self._is_lost:
            changed = change(message.data)
            if changed is not None:
                lane.put(changed)

    async def _write_client(self) -> None:
        async for what in self._down.arrivals():
            try:
                if isinstance(what, bytes):
                    await self._client.send_bytes(what)
                elif what == _ABNORMAL_CLOSURE:
                    _abort(self._request)
                else:
                    await self._client.close(code=what)
            except ConnectionError:
                # The client has gone: later frames for it are lost.
                continue

    async def _write_server(self) -> None:
        async for what in self._up.arrivals():
            try:
                if isinstance(what, bytes):
                    await self._server.send_bytes(what)
                else:
                    await self._server.close(
                        code=_NORMAL_CLOSURE if what == _ABNORMAL_CLOSURE else what
                    )
            except ConnectionError:
                continue


def _is_forwarded(header: str) -> bool:
    return header.lower() not in _OWN_HEADERS and not header.lower().startswith("sec-websocket")


def _abort(request: web.Request) -> None:
    """Reset the TCP connection, without a close frame."""
    if request.transport is not None:
        request.transport.abort()
