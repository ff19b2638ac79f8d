"""Waiting until a LiveKit server answers.

Rules: polls with a deadline, as LiveKit's own tests do (`GET /` is `OK`); no fixed sleeps. The
caller says how to find out that the server has died, so that this is reported at once and not after
the deadline.
"""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable

from oneroom.live.errors import Unavailable
from oneroom.live.server.free_ports import LOOPBACK

_READY_S = 60.0
_POLL_S = 0.05


def wait_ready(port: int, died: Callable[[], str | None]) -> None:
    """Return as soon as `GET /` answers 200 on 127.0.0.1:`port`.

    Raises `Unavailable` when `died` returns a reason, or after 60 s.
    """
    deadline_s = time.monotonic() + _READY_S
    while not answers(port):
        why = died()
        if why is not None:
            raise Unavailable(f"the LiveKit server ended while it was starting: {why}")
        if time.monotonic() > deadline_s:
            raise Unavailable(
                f"the LiveKit server did not answer on {LOOPBACK}:{port} within {_READY_S:.0f} s"
            )
        time.sleep(_POLL_S)


def answers(port: int) -> bool:
    """Return whether a healthy server answers. 406 means that it has no statistics yet."""
    connection = http.client.HTTPConnection(LOOPBACK, port, timeout=1)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
