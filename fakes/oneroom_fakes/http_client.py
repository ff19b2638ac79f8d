"""HTTP requests of one page to the application's own server (`fetch`).

Rules: a request of a frozen page is sent when it resumes (Chromium 156, seen). One that is refused
fails at once; one that a cut, or another network, has swallowed fails when the page gives up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import NetworkPath

# Time-out of a request (`AbortSignal.timeout()`): the app's own choice.
FETCH_US = 15_000_000


class HttpRequest(msgspec.Struct, frozen=True):
    """A request: `takes_us` draws the time until the server has answered, then one of `answered`
    and `failed` is called with `argument`, outside of a task of the page.
    """

    takes_us: Callable[[], int]
    answered: Callable[[Any], None]
    failed: Callable[[Any], None]
    argument: Any


class HttpClient:
    """See the top of this file."""

    def __init__(self, page: Page, path: NetworkPath, scheduler: Scheduler) -> None:
        self._page = page
        self._path = path
        self._scheduler = scheduler

    def send(self, request: HttpRequest) -> None:
        """Send a request. Of a page that is gone nothing is heard any more."""
        self._page.run(TaskSource.FETCH, self._send, request)

    def _send(self, request: HttpRequest) -> None:
        if self._path.refuses:
            request.failed(request.argument)
            return
        delay_us = request.takes_us()
        if self._path.signal_up and delay_us < FETCH_US:
            sent = (request, self._scheduler.now_us, self._path.network)
            self._scheduler.after(delay_us, self._answer, sent)
        else:
            self._scheduler.after(FETCH_US, request.failed, request.argument)

    def _answer(self, sent: tuple[HttpRequest, int, int]) -> None:
        request, sent_us, network = sent
        if not self._page.alive():
            return
        if not self._path.signal_up or network != self._path.network:
            left_us = sent_us + FETCH_US - self._scheduler.now_us
            self._scheduler.after(left_us, request.failed, request.argument)
        else:
            request.answered(request.argument)
