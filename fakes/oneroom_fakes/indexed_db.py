"""IndexedDB of one origin: its databases, and which transaction of which window runs when.

Models (Indexed Database API 3.0, transaction scheduling): read-write transactions with overlapping
scopes run one after the other, in all windows of an origin, those of one page in the order in which
it has created them; read-only ones run beside each other; an upgrade runs alone. A transaction of a
window that is gone is aborted, and what it has changed is lost. Its begin and its end are tasks of
the page: they wait while the page is frozen, stalled or stopped. What a transaction does with its
snapshot is the page's; keys, values and schemas are text to this file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.terms import TRANSACTION_HIGH_US, TRANSACTION_LOW_US

Mode = Literal["readonly", "readwrite", "versionchange"]


class Change(msgspec.Struct, frozen=True, array_like=True):
    """A write: no value deletes the key, no key deletes the store."""

    store: str
    key: str | None
    value: str | None


class Commit(msgspec.Struct, frozen=True):
    """All that a transaction has changed, in order; an upgrade has a version and a schema."""

    changes: tuple[Change, ...] = ()
    version: int = 0
    schema: str = ""


class Snapshot(msgspec.Struct, frozen=True):
    """The stores that a transaction reads, each as pairs of key and value."""

    version: int
    schema: str
    records: dict[str, list[tuple[str, str]]]


class Database:
    """One database."""

    def __init__(self) -> None:
        self.version = 0
        self.schema = "{}"
        self.stores: dict[str, dict[str, str]] = {}
        self.transactions: list[Transaction] = []  # that wait or run, in their order

    def snapshot(self, scope: frozenset[str] | None) -> Snapshot:
        """The stores of that scope, all for None."""
        names = self.stores if scope is None else sorted(scope & self.stores.keys())
        records = {name: list(self.stores[name].items()) for name in names}
        return Snapshot(self.version, self.schema, records)

    def apply(self, commit: Commit) -> None:
        """Make the changes of a transaction."""
        for change in commit.changes:
            if change.key is None:
                self.stores.pop(change.store, None)
            elif change.value is None:
                self.stores.get(change.store, {}).pop(change.key, None)
            else:
                self.stores.setdefault(change.store, {})[change.key] = change.value
        if commit.version:
            self.version, self.schema = commit.version, commit.schema


class Transaction:
    """One transaction. `scope` is None for all stores."""

    def __init__(
        self,
        connection: Connection,
        database: Database,
        number: int,
        scope: frozenset[str] | None,
        mode: Mode,
    ) -> None:
        self.connection = connection
        self.database = database
        self.number = number
        self.scope = scope
        self.mode = mode
        self.runs = False
        self.is_committed = False

    def excludes(self, other: Transaction) -> bool:
        """True if the two must not run at once."""
        if self.scope is None or other.scope is None:
            return True
        writes = (self.mode, other.mode) != ("readonly", "readonly")
        return writes and bool(self.scope & other.scope)


class IndexedDB:
    """The databases of an origin; one for all windows of a storage partition."""

    def __init__(self, scheduler: Scheduler, choices: Choices) -> None:
        self.scheduler = scheduler
        self._choices = choices
        self._databases: dict[str, Database] = {}

    def connection(
        self,
        page: Page,
        began: Callable[[int, Snapshot], None],
        done: Callable[[int], None],
    ) -> Connection:
        """`indexedDB` of a page, which is told of its transactions by their numbers."""
        return Connection(self, page, began, done)

    def database(self, name: str) -> Database:
        """The database of that name, which is made when it is asked for."""
        return self._databases.setdefault(name, Database())

    def hop_us(self) -> int:
        """The duration of the way to the storage process, or back."""
        return self._choices.between(
            Label.STORAGE_DELAY, TRANSACTION_LOW_US // 2, TRANSACTION_HIGH_US // 2
        )

    def run_next(self, database: Database) -> None:
        """Begin every transaction that nothing before it excludes."""
        for place, transaction in enumerate(database.transactions):
            earlier = database.transactions[:place]
            if not transaction.runs and not any(map(transaction.excludes, earlier)):
                transaction.runs = True
                snapshot = database.snapshot(transaction.scope)
                transaction.connection.begin_later(transaction, snapshot)


class Connection:
    """The transactions of one page."""

    def __init__(
        self,
        databases: IndexedDB,
        page: Page,
        began: Callable[[int, Snapshot], None],
        done: Callable[[int], None],
    ) -> None:
        self._databases = databases
        self._page = page
        self._began = began
        self._done = done
        self._transactions: dict[int, Transaction] = {}
        self._last_us = 0  # when its last message reaches the storage process

    def begin(self, number: int, database: str, scope: list[str] | None, mode: Mode) -> None:
        """A transaction was created; it begins when those before it let it."""
        found = self._databases.database(database)
        names = None if scope is None else frozenset(scope)
        transaction = Transaction(self, found, number, names, mode)
        self._transactions[number] = transaction
        self._send(self._create, transaction)

    def commit(self, number: int, commit: Commit) -> None:
        """The page has no more requests for it."""
        transaction = self._transactions[number]
        transaction.is_committed = True
        self._send(self._commit, (transaction, commit))

    def abort(self, number: int) -> None:
        """The page gives it up; nothing of it was done."""
        self._send(self._end, self._transactions[number])

    def gone(self) -> None:
        """The document is gone: its transactions are aborted, but for those that it has
        committed.
        """
        for transaction in tuple(self._transactions.values()):
            if not transaction.is_committed:
                self._end(transaction)

    def begin_later(self, transaction: Transaction, snapshot: Snapshot) -> None:
        """Tell the page that it may run its requests."""
        self._answer(self._begin, (transaction, snapshot))

    def _create(self, transaction: Transaction) -> None:
        if transaction.number in self._transactions:
            transaction.database.transactions.append(transaction)
            self._databases.run_next(transaction.database)

    def _begin(self, begun: tuple[Transaction, Snapshot]) -> None:
        transaction, snapshot = begun
        number = transaction.number
        self._page.run(TaskSource.STORAGE, lambda _: self._began(number, snapshot), None)

    def _commit(self, committed: tuple[Transaction, Commit]) -> None:
        transaction, commit = committed
        transaction.database.apply(commit)
        self._end(transaction)
        self._answer(self._committed, transaction.number)

    def _committed(self, number: int) -> None:
        self._page.run(TaskSource.STORAGE, self._done, number)

    def _end(self, transaction: Transaction) -> None:
        self._transactions.pop(transaction.number, None)
        if transaction in transaction.database.transactions:
            transaction.database.transactions.remove(transaction)
            self._databases.run_next(transaction.database)

    def _send(self, call: Callable[..., None], argument: object) -> None:
        """To the storage process, in order."""
        scheduler = self._databases.scheduler
        self._last_us = max(scheduler.now_us + self._databases.hop_us(), self._last_us + 1)
        scheduler.at(self._last_us, call, argument)

    def _answer(self, call: Callable[..., None], argument: object) -> None:
        scheduler = self._databases.scheduler
        scheduler.at(scheduler.now_us + self._databases.hop_us(), call, argument)
