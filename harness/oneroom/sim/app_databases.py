"""`indexedDB` of an app's page on the fake of IndexedDB."""

from __future__ import annotations

import msgspec

from oneroom.javascript import protocol
from oneroom.javascript.protocol import BeginTransaction, CommitTransaction
from oneroom.javascript.window import JavaScriptWindow, json_text
from oneroom_fakes.indexed_db import Commit, IndexedDB, Snapshot


class AppDatabases:
    """Implements `oneroom.javascript.window_ports.PageDatabases`."""

    def __init__(self, window: JavaScriptWindow, databases: IndexedDB) -> None:
        self._window = window
        self._connection = databases.connection(window, self._began, self._done)

    def begin(self, transaction: BeginTransaction) -> None:
        """See the port."""
        number, database = transaction.number, transaction.database
        self._connection.begin(number, database, transaction.stores, transaction.mode)

    def commit(self, transaction: CommitTransaction) -> None:
        """See the port."""
        commit = msgspec.json.decode(transaction.commit, type=Commit)
        self._connection.commit(transaction.number, commit)

    def abort(self, number: int) -> None:
        """See the port."""
        self._connection.abort(number)

    def gone(self) -> None:
        """See the port."""
        self._connection.gone()

    def _began(self, number: int, snapshot: Snapshot) -> None:
        told = json_text(msgspec.to_builtins(snapshot))
        self._window.turn(protocol.TRANSACTION, float(number), told)

    def _done(self, number: int) -> None:
        self._window.turn(protocol.TRANSACTION_DONE, float(number))
