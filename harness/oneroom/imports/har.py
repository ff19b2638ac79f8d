"""A HAR: requests of the browser's network panel, a page a window.

Read are requests for a token (a path with `token`, or as asked) and the WebSockets to LiveKit
(`/rtc`, `/rtc/v1`); the client of a second one says `reconnect=1` (livekit-client).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from oneroom.imports.observation import BadLine, NotImported, Observation, wall_us

SOURCE = "a HAR"
TOKEN_PATH = "token|connection-details"
_SIGNAL = re.compile(r"/rtc(?:/v\d+)?/?$")
_SLOW_MS = 1_000
_FIRST_ERROR = 400
_JUST_US = 100_000


def read(text: str, token_path: str = TOKEN_PATH) -> tuple[list[Observation], list[BadLine]]:
    """The observations in a HAR, and its entries that could not be read (as lines: their numbers).

    Raises NotImported.
    """
    try:
        entries = json.loads(text)["log"]["entries"]
        listed = list(entries)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NotImported([BadLine(0, "no HAR: there is no list `log.entries`")]) from error
    reader = _Har(re.compile(token_path, re.IGNORECASE))
    return reader.read(listed), reader.bad


class _Har:
    def __init__(self, token_path: re.Pattern[str]) -> None:
        self.bad: list[BadLine] = []
        self._token_path = token_path
        self._failing = False
        self._refused: set[str] = set()
        self._connected: set[str] = set()

    def read(self, entries: list[Any]) -> list[Observation]:
        """The observations, in the order of time."""
        known = []
        for number, entry in enumerate(entries, start=1):
            try:
                at_us = wall_us(entry["startedDateTime"])
                url = urlsplit(entry["request"]["url"])
                status = int(entry["response"]["status"])
                lasted_ms = float(entry.get("time") or 0)
            except (KeyError, TypeError, ValueError):
                at_us = None
            if at_us is None:
                self.bad.append(BadLine(number, "an entry without startedDateTime, url or status"))
                continue
            page = str(entry.get("pageref", "page"))
            known.append((at_us, page, url.scheme, url.path, url.query, status, lasted_ms))
        found: list[Observation] = []
        for at_us, page, scheme, path, query, status, lasted_ms in sorted(known):
            if scheme in ("ws", "wss") and _SIGNAL.search(path):
                found += self._signal(at_us, page, query, status, lasted_ms)
            elif self._token_path.search(path):
                found += self._token(at_us, status, lasted_ms)
        return found

    def _signal(
        self, at_us: int, page: str, query: str, status: int, lasted_ms: float
    ) -> Iterator[Observation]:
        if status not in (0, 101):
            self._refused.add(page)
            note = f"its WebSocket was answered with {status}"
            if page not in self._connected:
                self._connected.add(page)
                yield Observation(at_us, page, "connect", (("channel", "lobby"),))
                at_us -= _JUST_US
            yield Observation(at_us, page, "refuse_signal", (), note)
            return
        if page in self._refused:
            self._refused.discard(page)
            yield Observation(at_us - 1_000, page, "heal_network")
        if page not in self._connected:
            self._connected.add(page)
            yield Observation(at_us, page, "connect", (("channel", "lobby"),))
        elif parse_qs(query).get("reconnect") == ["1"]:
            yield Observation(at_us - _JUST_US, page, "break_signal", (), "it was resumed")
        else:
            yield Observation(at_us, page, note="it joined anew")
        if lasted_ms > 0:
            closed_us = at_us + round(lasted_ms * 1_000)
            yield Observation(closed_us, page, note="its WebSocket was closed")

    def _token(self, at_us: int, status: int, lasted_ms: float) -> Iterator[Observation]:
        failed = status == 0 or status >= _FIRST_ERROR
        if failed and not self._failing:
            note = f"a token was answered with {status}"
            yield Observation(at_us - 1_000, "", "fail_tokens", (), note)
        elif self._failing and not failed:
            yield Observation(at_us - 1_000, "", "heal", (), "tokens are minted again")
        elif lasted_ms >= _SLOW_MS:
            takes = (("takes", f"{round(lasted_ms)}ms"),)
            yield Observation(at_us - 1_000, "", "slow_tokens", takes)
        self._failing = failed
