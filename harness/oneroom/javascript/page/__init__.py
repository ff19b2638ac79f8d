"""The browser as a window sees it, in JavaScript: one concept a file, applied to each window's
global object in the order below.
"""

from __future__ import annotations

from pathlib import Path

# `host.js` is the seam, and before all others. A file may use what those before it have defined,
# and what is called later, anything.
SURFACE = (
    "not_modelled",
    "dom_exception",
    "clock",
    "chance",
    "events",
    "abort",
    "timers",
    "structured_clone",
    "message_channel",
    "broadcast_channel",
    "web_locks",
    "storage",
    "indexed_db",
    "encoding",
    "url",
    "fetch",
    "web_socket",
    "document",
    "media_devices",
    "navigator",
    "window",
    "console",
    "actions",
)

_FOLDER = Path(__file__).parent


def sources() -> list[tuple[str, str]]:
    """The files to evaluate once in an engine: their names, and their texts."""
    names = [f"{name}.js" for name in ("host", *SURFACE)]
    return [(name, (_FOLDER / name).read_text(encoding="utf-8")) for name in names]
