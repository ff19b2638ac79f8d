"""The page: one window's event loop, as a fake in front of it sees it.

A fake never calls into a window's code directly. It hands over a task; the page runs it at once, or
keeps it while the page is frozen, stalled or stopped, or drops it when the page is gone.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, Protocol

from oneroom.core.events import Event


class TaskSource(enum.IntEnum):
    """Origin of a task.

    In Chromium a frozen page still runs BUS and DEVICE tasks and nothing else (156, seen). DEVICE
    is the `ended` event of a capture: the SDK hears it, the app only if the SDK passes it on.
    PROCESS is no task of the page but work of its process; only a main thread that stands still
    delays it. SOCKET is a message of a WebSocket, FETCH what a page asks by `fetch`: its request,
    and the answer.
    """

    BUS = 0
    STORAGE = 1
    NETWORK = 2
    LOCK = 3
    TIMER = 4
    INPUT = 5
    IPC = 6
    PROCESS = 7
    DEVICE = 8
    SOCKET = 9
    FETCH = 10


class Page(Protocol):
    """One window's event loop."""

    name: str

    def deliver(self, source: TaskSource, event: Event) -> None:
        """Queue a task that handles `event`.

        FIFO within one source; dropped if the page is gone.
        """

    def run(self, source: TaskSource, callback: Callable[[Any], None], argument: Any) -> None:
        """Queue a task of a library in the page (the SDK), e.g. on a WebSocket message."""

    def after(self, delay_us: int, callback: Callable[[Any], None], argument: Any) -> object:
        """`setTimeout` of the page: a TIMER task.

        It stands still while the page is frozen, stalled or stopped.
        """

    def microtask(self, callback: Callable[[Any], None], argument: Any) -> None:
        """Call `callback` as soon as the running script is over, before the next task.

        At once if none is running.
        """

    def alive(self) -> bool:
        """True if the page's process exists (running, frozen, stalled or stopped)."""

    def busy(self) -> bool:
        """True if the main thread stands still (stalled or stopped).

        Then not even what a frozen page does happens.
        """

    def stopped(self) -> bool:
        """True if the whole process stands still (SIGSTOP, machine asleep), media included."""


class SocketPage(Page, Protocol):
    """A page whose script opens WebSockets."""

    def open_socket(self, closed: Callable[[Any], None], argument: Any) -> None:
        """A WebSocket is opened. `closed` is its `close` event if the browser closes it, a SOCKET
        task: Chromium does so at the end of a freeze.
        """

    def forget_socket(self, closed: Callable[[Any], None], argument: Any) -> None:
        """The WebSocket is closed. No effect if it is not open."""
