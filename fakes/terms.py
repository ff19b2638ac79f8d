"""The shared counter of terms, as an IndexedDB read-write transaction.

Models (Indexed Database API 3.0, transaction scheduling): read-write transactions with overlapping scopes run one
after the other, in all windows of an origin, so the number that one of them reads and increments is nobody else's.
The answer is a task of the page: it waits while the page is frozen, stalled or stopped.
"""

from __future__ import annotations

from harness.choices.choices import Choices
from harness.choices.labels import Label
from harness.core.events import TermTaken
from harness.ports.page import Page, TaskSource
from harness.ports.scheduler import Scheduler

# A small transaction takes milliseconds: a hop to the storage process, the commit, a hop back.
TRANSACTION_LOW_US, TRANSACTION_HIGH_US = 2_000, 10_000


class TermCounter:
    """The database; one for all windows of a user."""

    def __init__(self, scheduler: Scheduler, choices: Choices) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.last = 0

    def connection(self, page: Page) -> Connection:
        """`indexedDB.open()` in `page`."""
        return Connection(self, page)

    def run(self, connection: Connection) -> None:
        """The transaction: read, add one, write."""
        self.last += 1
        delay_us = self._half_us()
        self.scheduler.at(self.scheduler.now_us + delay_us, connection.answer, self.last)

    def begin(self, connection: Connection) -> None:
        """The request leaves its page."""
        self.scheduler.at(self.scheduler.now_us + self._half_us(), self.run, connection)

    def _half_us(self) -> int:
        return self.choices.between(Label.STORAGE_DELAY, TRANSACTION_LOW_US // 2, TRANSACTION_HIGH_US // 2)


class Connection:
    """Implements `harness.ports.terms.Terms` for one window."""

    def __init__(self, counter: TermCounter, page: Page) -> None:
        self.counter = counter
        self.page = page

    def take(self) -> None:
        """See the port."""
        self.counter.begin(self)

    def answer(self, term: int) -> None:
        """The transaction is complete."""
        self.page.deliver(TaskSource.STORAGE, TermTaken(term))
