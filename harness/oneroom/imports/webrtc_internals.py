"""A dump of chrome://webrtc-internals: a renderer process a window.

Read are the calls of getUserMedia, and what the connections of a page said of ICE: `connected`,
`disconnected`, `failed`. Two connections of one page (livekit-client has a publisher and a
subscriber) lose the network together, so what comes twice is one thing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from oneroom.imports.observation import BadLine, NotImported, Observation, wall_us, word

SOURCE = "a webrtc-internals dump"
_ICE = ("iceconnectionstatechange", "iceConnectionStateChange")
_LOST = ("disconnected", "failed")
_BACK = ("connected", "completed")


def read(text: str) -> tuple[list[Observation], list[BadLine]]:
    """The observations in a dump, and its entries that could not be read (as lines: their numbers
    among their kind). Raises NotImported.
    """
    try:
        dump = json.loads(text)
        connections = dump["PeerConnections"]
        asked = list(dump.get("getUserMedia", []))
        logs = [(str(name), list(one["updateLog"])) for name, one in connections.items()]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise NotImported([BadLine(0, "no dump: there is no `PeerConnections`")]) from error
    bad: list[BadLine] = []
    found: list[Observation] = []
    for number, call in enumerate(asked, start=1):
        at_us = wall_us(call.get("timestamp")) if isinstance(call, Mapping) else None
        if at_us is None:
            bad.append(BadLine(number, "a call of getUserMedia without a timestamp"))
        elif call.get("request_type", "getUserMedia") == "getUserMedia":
            note = "getUserMedia was called"
            found.append(Observation(at_us, str(call.get("pid", "")), note=note))
    changes: list[tuple[int, str, str]] = []
    for name, log in logs:
        changes += _changes(name.partition("-")[0], log, bad)
    return found + _ice(sorted(changes)), bad


def _changes(window: str, log: list[Any], bad: list[BadLine]) -> list[tuple[int, str, str]]:
    found = []
    for number, update in enumerate(log, start=1):
        if not isinstance(update, Mapping):
            bad.append(BadLine(number, "an update that is no object"))
        elif update.get("type") in _ICE:
            at_us = wall_us(update.get("time"))
            if at_us is None:
                bad.append(BadLine(number, "an update without a time"))
            else:
                found.append((at_us, window, word(update.get("value", ""))))
    return found


def _ice(changes: list[tuple[int, str, str]]) -> list[Observation]:
    found: list[Observation] = []
    state: dict[str, str] = {}
    for at_us, window, value in changes:
        before = state.get(window, "")
        if value in _BACK and before == "":
            arguments = (("channel", "lobby"),)
            found.append(Observation(at_us, window, "connect", arguments, "ICE is connected"))
            state[window] = "up"
        elif value in _BACK and before == "down":
            found.append(Observation(at_us, window, "heal_network", (), f"ICE is {value}"))
            state[window] = "up"
        elif value in _LOST and before == "up":
            cut = (("path", "media"),)
            found.append(Observation(at_us, window, "drop_network", cut, f"ICE is {value}"))
            state[window] = "down"
        elif value == "closed" and before:
            found.append(Observation(at_us, window, "disconnect", (), "it closed its connection"))
            state[window] = ""
    return found
