"""Registry of the servers that were started from this project folder, one subfolder each.

Rules: a folder belongs to its user alone (0700), and so do the files with the secret (0600). It
holds `server.json` (how to reach the server), `livekit.yaml` (a native server's config, while it
runs) and `server.log`.
"""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

import msgspec

from oneroom.live.server.config import PRIVATE_MODE
from oneroom.live.server.credentials import Credentials
from oneroom.live.server.free_ports import LOOPBACK, ServerPorts

FOLDER = Path(".oneroom/livekit")
_FILE = "server.json"


class ServerRecord(msgspec.Struct, frozen=True):
    """Access data of one server. `pid` is 0 for a server in a container."""

    run: str
    http: int
    ice_tcp: int
    ice_udp: int
    key: str
    secret: str
    pid: int = 0

    @property
    def ports(self) -> ServerPorts:
        return ServerPorts(self.http, self.ice_tcp, self.ice_udp)

    @property
    def credentials(self) -> Credentials:
        return Credentials(self.key, self.secret)

    @property
    def url(self) -> str:
        """The URL of its API, which clients connect to as well."""
        return f"http://{LOOPBACK}:{self.http}"

    def __repr__(self) -> str:
        return f"ServerRecord({self.run}, {self.url})"


def fresh_run() -> str:
    """A unique name for one server.

    Not drawn from `choices`: two runs of one seed must have different names.
    """
    return secrets.token_hex(4)


def write_private(path: Path, text: str) -> None:
    """Write `text` to a file that nobody else can read at any time."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_MODE), "w") as file:
        file.write(text)


def keep(folder: Path, record: ServerRecord) -> None:
    write_private(folder / _FILE, msgspec.json.encode(record).decode())


def make_folder(parent: Path, run: str) -> Path:
    """Create the folder of a new server."""
    folder = (parent / run).absolute()
    folder.mkdir(parents=True, mode=0o700)
    return folder


def read_all(parent: Path = FOLDER) -> list[ServerRecord]:
    """The servers that were started and not stopped, oldest first. Skips unreadable records."""
    files = sorted(parent.glob(f"*/{_FILE}"), key=lambda path: path.stat().st_mtime)
    found = []
    for file in files:
        try:
            found.append(msgspec.json.decode(file.read_bytes(), type=ServerRecord))
        except msgspec.DecodeError:
            continue
    return found


def forget(run: str, parent: Path = FOLDER) -> None:
    """Delete the folder of a server, with its secret."""
    shutil.rmtree(parent / run, ignore_errors=True)
