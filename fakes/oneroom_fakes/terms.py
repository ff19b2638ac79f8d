"""The shared counter of terms, as an IndexedDB read-write transaction.

Models (Indexed Database API 3.0, transaction scheduling): read-write transactions with overlapping
scopes run one after the other, in all windows of an origin, so no two of them read and increment
the same number. The answer is a task of the page: it waits while the page is frozen, stalled or
stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import TermSeen, TermTaken
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler

# A small transaction takes milliseconds: a hop to the storage process, the commit, a hop back.
TRANSACTION_LOW_US, TRANSACTION_HIGH_US = 2_000, 10_000
# `after` of a request that takes a term whatever the counter says.
ANY = -1


class TermCounter:
    """The database; one for all windows of a user."""

    def __init__(self, scheduler: Scheduler, choices: Choices) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.last = 0

    def connection(self, page: Page) -> DatabaseConnection:
        """`indexedDB.open()` in `page`."""
        return DatabaseConnection(self, page)

    def run(self, request: tuple[DatabaseConnection, int, int]) -> None:
        """The read-write transaction: read the counter and, if it is as expected, add one."""
        connection, number, after = request
        if after in (ANY, self.last):
            self.last += 1
            self._answer(connection, TermTaken(number, self.last))
        else:
            self._answer(connection, TermSeen(number, self.last))

    def show(self, request: tuple[DatabaseConnection, int]) -> None:
        """The read-only transaction."""
        connection, number = request
        self._answer(connection, TermSeen(number, self.last))

    def begin(self, transaction: Callable[[Any], None], argument: object) -> None:
        """Send a request from its page to the storage process."""
        self.scheduler.at(self.scheduler.now_us + self._half_us(), transaction, argument)

    def _answer(self, connection: DatabaseConnection, event: TermTaken | TermSeen) -> None:
        self.scheduler.at(self.scheduler.now_us + self._half_us(), connection.answer, event)

    def _half_us(self) -> int:
        return self.choices.between(
            Label.STORAGE_DELAY, TRANSACTION_LOW_US // 2, TRANSACTION_HIGH_US // 2
        )


class DatabaseConnection:
    """Implements `oneroom.ports.terms.Terms` for one window."""

    def __init__(self, counter: TermCounter, page: Page) -> None:
        self.counter = counter
        self.page = page

    def take(self, number: int, after: int = ANY) -> None:
        """See the port."""
        self.counter.begin(self.counter.run, (self, number, after))

    def read(self, number: int) -> None:
        """See the port."""
        self.counter.begin(self.counter.show, (self, number))

    def answer(self, event: TermTaken | TermSeen) -> None:
        """The transaction is complete."""
        self.page.deliver(TaskSource.STORAGE, event)
