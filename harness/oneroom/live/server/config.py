"""Configuration of a LiveKit server that oneroom starts.

Rules: written as JSON, which every YAML reader accepts, so that this package needs no YAML library.
It contains the secret: its file must be readable by its owner only (`PRIVATE_MODE`).
`docker/livekit.yaml` is the same configuration for starting a server by hand; a test compares them.
"""

from __future__ import annotations

import json

from oneroom.live.server.credentials import Credentials
from oneroom.live.server.free_ports import LOOPBACK, ServerPorts

PRIVATE_MODE = 0o600


def config_text(
    ports: ServerPorts, credentials: Credentials, loopback: bool, webhook_url: str = ""
) -> str:
    """The server's config file.

    With `loopback` the server shares our loopback interface, as a native one does; a server in a
    container of its own has another.
    """
    rtc: dict[str, object] = {
        "node_ip": LOOPBACK,
        "udp_port": ports.ice_udp,
        # LiveKit binds it on every interface (v1.13.5, rtcconfig): where that would be ours, it
        # gets none.
        "tcp_port": 0 if loopback else ports.ice_tcp,
        "use_external_ip": False,
        # Without a STUN server in its config LiveKit names public ones to clients; nothing listens
        # on this one.
        "stun_servers": [f"{LOOPBACK}:3478"],
    }
    if loopback:
        rtc["enable_loopback_candidate"] = True
        # Otherwise it may offer 127.0.0.1 on another interface's socket, and nobody connects
        # (v1.13.5, seen).
        rtc["interfaces"] = {"includes": ["lo"]}
    config: dict[str, object] = {
        "port": ports.http,
        "bind_addresses": [LOOPBACK if loopback else "0.0.0.0"],
        "keys": {credentials.key: credentials.secret},
        "rtc": rtc,
        "logging": {"level": "info", "json": True},
    }
    if webhook_url:
        config["webhook"] = {"api_key": credentials.key, "urls": [webhook_url]}
    return json.dumps(config, indent=1)
