"""One window's way to a real server: signalling and media are cut, delayed and healed apart,
without root.

Rules: it listens on 127.0.0.1 alone. It means what `oneroom_fakes.network.NetworkPath` means:
packets vanish and nobody is told; frames of a black-holed TCP connection are held until the heal,
or lost with the connection when an end gives up before; who connects anew hangs. Delays are for
signalling, as in the fake.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from livekit.protocol import models, rtc

from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.live.network.ice_rewrite import begun, to_client, to_server
from oneroom.live.network.media_relay import MediaRelay
from oneroom.live.network.signal_proxy import SignalProxy
from oneroom.live.network.tcp_gate import TcpGate

_GOODBYE = rtc.SignalRequest(
    leave=rtc.LeaveRequest(reason=models.CLIENT_INITIATED)
).SerializeToString()


class NetworkPath:
    """The network between one window and a LiveKit server. Use it on the loop on which it was
    started.
    """

    def __init__(self, server_url: str, choices: Choices, attached: Callable[[str], None]) -> None:
        self._gate = TcpGate(choices)
        self._relay = MediaRelay(asyncio.get_running_loop())
        self._attached = attached
        self._proxy = SignalProxy(server_url, self._gate, down=self._down, up=to_server)

    @classmethod
    async def start(
        cls,
        server_url: str,
        choices: Choices | None = None,
        attached: Callable[[str], None] = lambda _: None,
    ) -> NetworkPath:
        """A path to the server at `server_url` (http, https, ws or wss). `choices` draws the
        delays, if any.

        `attached` is called with the sid of every session that the server begins here, and with ""
        when it lets the client resume: the server does not say which one.
        """
        path = cls(server_url, choices or Seeded(0), attached)
        await path._proxy.start()
        return path

    @property
    def url(self) -> str:
        """The URL to which the SDK connects, in the server's place."""
        return self._proxy.url

    @property
    def signal_up(self) -> bool:
        return self._gate.is_open

    @property
    def media_up(self) -> bool:
        return self._relay.up

    def cut(self, signal: bool = True, media: bool = True) -> None:
        """Black-hole what is named, beside what is cut already."""
        if signal:
            self._gate.cut()
        if media:
            self._relay.up = False

    def heal(self) -> None:
        """Both work again; what TCP has held back arrives now."""
        self._relay.up = True
        self._gate.heal()

    def delay(self, low_us: int, high_us: int) -> None:
        """Signalling that sets out from now on takes `low_us` to `high_us` one way."""
        self._gate.delay(low_us, high_us)

    def break_signal(self) -> None:
        """Every signalling connection is reset at once, at both ends, whether the path is cut or
        not; what was held is lost. New ones are as they would be without it.
        """
        self._proxy.reset()

    async def hang_up(self) -> None:
        """Say goodbye in the client's place, then take it down: for a client that cannot be made to
        stop.
        """
        await self._proxy.say(_GOODBYE)
        await self.close()

    async def close(self) -> None:
        """Take it down; its ports are free afterwards."""
        self._relay.close()
        await self._proxy.close()

    def _down(self, frame: bytes) -> bytes | None:
        sid = begun(frame)
        if sid is not None:
            self._attached(sid)
        return to_client(frame, self._relay.port)
