"""The DevTools protocol over a pair of pipes: calls and their answers, and the events in between.

Rules: one JSON object a message, ended by a NUL byte; one thread, so events are heard while
somebody waits for an answer or for time to pass. A call names a session (a tab) or none (the
browser). What the browser says in answer to nobody who still waits is dropped.
"""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Callable
from typing import Any

from oneroom.live.errors import Unavailable

_READ_BYTES = 1 << 16
_ANSWER_S = 15.0

Hear = Callable[[str, dict[str, Any]], None]


class Refused(Exception):
    """The browser answered with an error: no such tab any more, or a method that it does not
    know.
    """


class NoAnswer(Exception):
    """Nothing came in time: the page that was asked stands still."""


class CdpConnection:
    """Our ends of the two pipes. `hear` is called with every event: its method and what it says,
    `sessionId` in it if it is a tab's.
    """

    def __init__(self, into: int, out: int, hear: Hear) -> None:
        self._into = into
        self._out = out
        self._hear = hear
        self._number = 0
        self._unread = b""
        self._answers: dict[int, dict[str, Any]] = {}
        self._awaited: set[int] = set()

    def call(
        self, method: str, session: str = "", timeout_s: float = _ANSWER_S, **parameters: Any
    ) -> dict[str, Any]:
        """Call and wait for the answer. Raises `Refused`, `NoAnswer`, and `Unavailable` if the
        browser is gone.
        """
        return self.answer(self.send(method, session, **parameters), method, timeout_s)

    def send(self, method: str, session: str = "", **parameters: Any) -> int:
        """Call without waiting; `answer` or `forget` the number that it returns."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        data = json.dumps(message).encode() + b"\0"
        try:
            while data:
                data = data[os.write(self._into, data) :]
        except OSError as error:
            raise Unavailable(f"Chromium is gone: {error.strerror}") from error
        self._awaited.add(self._number)
        return self._number

    def answer(self, number: int, method: str, timeout_s: float = _ANSWER_S) -> dict[str, Any]:
        """The answer to what `send` sent."""
        deadline_s = time.monotonic() + timeout_s
        while number not in self._answers:
            left_s = deadline_s - time.monotonic()
            if left_s <= 0:
                self.forget(number)
                raise NoAnswer(f"{method}: no answer within {timeout_s:.1f} s")
            self._read(left_s)
        answer = self._answers.pop(number)
        self._awaited.discard(number)
        if "error" in answer:
            raise Refused(f"{method}: {answer['error'].get('message', answer['error'])}")
        result: dict[str, Any] = answer["result"]
        return result

    def forget(self, number: int) -> None:
        """Nobody waits for that answer any more."""
        self._awaited.discard(number)
        self._answers.pop(number, None)

    def listen(self, duration_s: float) -> None:
        """Let time pass and hear what happens meanwhile."""
        deadline_s = time.monotonic() + duration_s
        while (left_s := deadline_s - time.monotonic()) > 0:
            self._read(left_s)

    def fileno(self) -> int:
        """What becomes readable when the browser says something; then call `hear_waiting`."""
        return self._out

    def hear_waiting(self) -> None:
        """Hear what the browser has said already, without waiting."""
        self._read(0)

    def close(self) -> None:
        """The browser ends when it reads the end of its pipe."""
        os.close(self._into)
        os.close(self._out)

    def _read(self, timeout_s: float) -> None:
        if not select.select([self._out], [], [], timeout_s)[0]:
            return
        data = os.read(self._out, _READ_BYTES)
        if not data:
            raise Unavailable("Chromium is gone")
        *whole, self._unread = (self._unread + data).split(b"\0")
        for one in whole:
            self._take(json.loads(one))

    def _take(self, message: dict[str, Any]) -> None:
        number = message.get("id")
        if number is None:
            said = message["params"]
            if "sessionId" in message:
                said = {**said, "sessionId": message["sessionId"]}
            self._hear(message["method"], said)
        elif number in self._awaited:
            self._answers[number] = message
