"""Configuration of a LiveKit server that oneroom starts.

Rules: written as JSON, which every YAML reader takes, so that this package needs no YAML. It holds
the secret: the caller that writes it makes the file readable by its owner alone (`PRIVATE_MODE`).
`docker/livekit.yaml` says the same for people who start a server by hand; a test compares the two.
"""

from __future__ import annotations

import json

from oneroom.live.server.credentials import Credentials
from oneroom.live.server.free_ports import LOOPBACK, ServerPorts

PRIVATE_MODE = 0o600


def config_text(
    ports: ServerPorts, credentials: Credentials, loopback: bool, webhook_url: str = ""
) -> str:
    """The server's config file. With `loopback` the server shares our loopback interface (a native
    one does); one in a container of its own has another.
    """
    rtc: dict[str, object] = {
        "node_ip": LOOPBACK,
        "udp_port": ports.ice_udp,
        # LiveKit binds it on every interface (v1.13.5, rtcconfig): where that would be ours, it
        # gets none.
        "tcp_port": 0 if loopback else ports.ice_tcp,
        "use_external_ip": False,
        # Without a STUN server of its own LiveKit names public ones to its clients; nobody listens
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
