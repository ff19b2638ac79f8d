"""One window's network path to a real server, without root: cut, delayed and healed.

Rules: it listens on 127.0.0.1 alone. It behaves like `oneroom_fakes.network.NetworkPath`: packets
vanish without an error; frames of a black-holed TCP connection are held until the heal, or lost
with the connection if an end gives up first; a new connection hangs, or is refused. Delays are for
signalling, as in the fake. Signalling and the two directions of media are cut separately.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from livekit.protocol import models, rtc

from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.live.network.ice_rewrite import session_begun, to_client, to_server
from oneroom.live.network.media_relay import MediaRelay
from oneroom.live.network.signal_proxy import SignalProxy
from oneroom.live.network.tcp_gate import TcpGate

_LEAVE = rtc.SignalRequest(
    leave=rtc.LeaveRequest(reason=models.CLIENT_INITIATED)
).SerializeToString()


class NetworkPath:
    """The path between one window and a LiveKit server. Use it on the loop that started it."""

    def __init__(
        self, server_url: str, choices: Choices, on_session: Callable[[str], None]
    ) -> None:
        self._gate = TcpGate(choices)
        self._relay = MediaRelay(asyncio.get_running_loop())
        self._on_session = on_session
        self._proxy = SignalProxy(server_url, self._gate, down=self._down, up=to_server)

    @classmethod
    async def start(
        cls,
        server_url: str,
        choices: Choices | None = None,
        on_session: Callable[[str], None] = lambda _: None,
    ) -> NetworkPath:
        """Create a path to the server at `server_url` (http, https, ws or wss).

        `choices` draws the delays, if any. `on_session` is called with the sid of every session
        that the server begins here, and with "" when it lets the client resume: the server does not
        say which one.
        """
        path = cls(server_url, choices or Seeded(0), on_session)
        await path._proxy.start()
        return path

    @property
    def url(self) -> str:
        """The URL that the SDK connects to in place of the server's."""
        return self._proxy.url

    @property
    def signal_up(self) -> bool:
        return self._gate.is_open

    @property
    def media_up(self) -> bool:
        return self._relay.uplink and self._relay.downlink

    def cut(self, signal: bool = True, uplink: bool = True, downlink: bool = True) -> None:
        """Black-hole signalling, or media in a direction, in addition to what is cut already."""
        if signal:
            self._gate.cut()
        self._relay.uplink = self._relay.uplink and not uplink
        self._relay.downlink = self._relay.downlink and not downlink

    def refuse(self) -> None:
        """Refuse new signalling connections until `heal`."""
        self._proxy.refuses = True

    def heal(self) -> None:
        """Heal all cuts and refusals; frames that TCP has held arrive now."""
        self._proxy.refuses = False
        self._relay.uplink = self._relay.downlink = True
        self._gate.heal()

    def change_network(self) -> None:
        """Lose all connections and all media of now; neither end is told."""
        self._proxy.lose()
        self._relay.change_network()

    def lose_signal(self) -> None:
        """Close the server's end of all signalling connections; the client is not told."""
        self._proxy.lose_client()

    def delay(self, low_us: int, high_us: int) -> None:
        """Set the one-way delay of signalling sent from now on: `low_us` to `high_us`."""
        self._gate.delay(low_us, high_us)

    def break_signal(self) -> None:
        """Reset every signalling connection at both ends, whether the path is cut or not.

        Held frames are lost. New connections are not affected.
        """
        self._proxy.reset()

    async def hang_up(self) -> None:
        """Send a Leave for a client that cannot be made to stop, then close."""
        await self._proxy.send(_LEAVE)
        await self.close()

    async def close(self) -> None:
        """Close the path and free its ports."""
        self._relay.close()
        await self._proxy.close()

    def _down(self, frame: bytes) -> bytes | None:
        sid = session_begun(frame)
        if sid is not None:
            self._on_session(sid)
        return to_client(frame, self._relay.port)
