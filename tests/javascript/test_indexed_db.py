"""indexedDB as a script sees it, on the fake of its storage process."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from oneroom.choices.seeded import Seeded
from oneroom.ports.page import TaskSource
from oneroom_fakes.indexed_db import Commit, IndexedDB, Snapshot
from tests.javascript.page_rig import Op, Page
from tests.units import SECOND
from tests.virtual_time import ListeningPage, VirtualTime

HELPERS = """
const settled = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
});
const over = (transaction) => new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve('complete');
    transaction.onabort = () => reject(transaction.error);
});
function open(name, version, upgrade = () => {}) {
    const request = indexedDB.open(name, version);
    request.onupgradeneeded = (event) => upgrade(request.result, event, request.transaction);
    return settled(request);
}
const counters = (db) => db.createObjectStore('counters');
const told = (promise) => promise.then((value) => say(JSON.stringify(value)),
                                       (error) => say(`failed: ${error?.name}`));
"""


class Origin:
    """Windows of one origin, each with a page and a connection to the same databases."""

    def __init__(self, *names: str, seed: int = 1) -> None:
        self.kernel = VirtualTime(Seeded(seed))
        self.databases = IndexedDB(self.kernel, self.kernel.choices)
        self.windows = {name: DatabasePage(self, name) for name in names}

    def run(self, name: str, script: str) -> list[str]:
        """Run a script in a window, and all that comes of it; what was said."""
        window = self.windows[name]
        window.perform(window.page.run(script))
        self.kernel.run_for(SECOND)
        said, window.page.said = window.page.said, []
        return said


class DatabasePage:
    """A page whose host has a database alone."""

    def __init__(self, origin: Origin, name: str) -> None:
        self.page = Page()
        self.loop = ListeningPage(name, origin.kernel)
        self.connection = origin.databases.connection(self.loop, self.began, self.done)
        self.page.run(HELPERS)

    def began(self, number: int, snapshot: Snapshot) -> None:
        self.turn("transaction", number, msgspec.json.encode(snapshot).decode())

    def done(self, number: int) -> None:
        self.turn("transactionDone", number)

    def turn(self, kind: str, *arguments: Any) -> None:
        self.perform(self.page.turn(kind, *arguments, at_us=self.loop.scheduler.now_us))

    def perform(self, ops: list[Op]) -> None:
        for name, *arguments in ops:
            match name:
                case "beginTransaction":
                    self.connection.begin(*arguments)
                case "commitTransaction":
                    number, commit = arguments
                    self.connection.commit(number, msgspec.json.decode(commit, type=Commit))
                case "abortTransaction":
                    self.connection.abort(*arguments)
                case "postTask":
                    self.loop.soon(
                        TaskSource.STORAGE, lambda number: self.turn("task", number), *arguments
                    )
                case _:
                    raise AssertionError((name, *arguments))


def test_a_database_is_upgraded_once_and_seen_by_every_window():
    origin = Origin("a", "b")
    script = "told(open('db', 2, (db, {oldVersion, newVersion}) => { say([oldVersion, newVersion]);"
    script += " counters(db); }).then((db) => [db.version, [...db.objectStoreNames]]))"
    assert origin.run("a", script) == ["0,2", '[2,["counters"]]']
    assert origin.run("b", script) == ['[2,["counters"]]']
    assert origin.run("b", "told(open('db', 1))") == ["failed: VersionError"]
    assert origin.run("b", "told(open('db').then((db) => db.version))") == ["2"]


def test_values_are_kept_under_their_keys():
    origin = Origin("a", "b")
    origin.run(
        "a",
        """open('db', 1, counters).then(async (db) => {
            const store = db.transaction('counters', 'readwrite').objectStore('counters');
            store.put({of: new Date(5)}, 'term');
            store.put(2, ['room', 1]);
            store.put(3, 7);
            await settled(store.delete(7));
        })""",
    )
    read = """open('db').then(async (db) => {
        const store = db.transaction('counters').objectStore('counters');
        say((await settled(store.get('term'))).of.getTime());
        say(await settled(store.get('nothing')));
        told(settled(store.getAllKeys()));
        told(settled(store.count(IDBKeyRange.lowerBound('a'))));
    })"""
    assert origin.run("b", read) == ["5", "undefined", '["term",["room",1]]', "2"]


@pytest.mark.parametrize("seed", range(5))
def test_no_two_windows_take_the_same_term(seed):
    origin = Origin("a", "b", "c", seed=seed)
    take = """
        var db = open('db', 1, counters);
        async function take() {
            const store = (await db).transaction('counters', 'readwrite').objectStore('counters');
            const term = (await settled(store.get('term')) ?? 0) + 1;
            await settled(store.put(term, 'term'));
            say(term);
        }
    """
    for name in "abc":
        origin.run(name, take)
    for _ in range(5):
        for window in origin.windows.values():
            window.perform(window.page.run("take()"))
    origin.kernel.run_for(SECOND)
    taken = [int(said) for window in origin.windows.values() for said in window.page.said]
    assert sorted(taken) == list(range(1, 16))


def test_a_transaction_is_over_when_it_has_no_more_requests():
    origin = Origin("a")
    script = """open('db', 1, counters).then(async (db) => {
        const transaction = db.transaction('counters', 'readwrite');
        const store = transaction.objectStore('counters');
        told(over(transaction));
        await settled(store.put(1, 'a'));
        await null;
        await settled(store.put(2, 'b'));
        await over(transaction);
        try { store.put(3, 'c') } catch (error) { say(error.name) }
    })"""
    assert origin.run("a", script) == ["TransactionInactiveError"]


def test_what_an_aborted_transaction_has_written_is_not_there():
    origin = Origin("a")
    origin.run("a", "open('db', 1, counters)")
    script = """open('db').then(async (db) => {
        const transaction = db.transaction('counters', 'readwrite');
        const store = transaction.objectStore('counters');
        told(over(transaction));
        store.put(1, 'a');
        await settled(store.put(2, 'b'));
        transaction.abort();
        told(settled(db.transaction('counters').objectStore('counters').count()));
    })"""
    assert origin.run("a", script) == ["failed: undefined", "0"]


def test_a_key_that_is_there_is_not_added_again_and_that_aborts():
    origin = Origin("a")
    script = """open('db', 1, counters).then(async (db) => {
        const transaction = db.transaction('counters', 'readwrite');
        told(over(transaction));
        transaction.objectStore('counters').put(0, 'before');
        transaction.objectStore('counters').add(1, 'a');
        told(settled(transaction.objectStore('counters').add(2, 'a')));
    })"""
    assert origin.run("a", script) == ["failed: ConstraintError"] * 2
    count = """told(open('db').then((db) => settled(db.transaction('counters')
        .objectStore('counters').count())))"""
    assert origin.run("a", count) == ["0"]


def test_keys_of_the_stores_own_are_counted_on():
    origin = Origin("a")
    script = """const ids = {keyPath: 'id', autoIncrement: true};
        open('db', 1, (db) => db.createObjectStore('log', ids)).then(async (db) => {
            const store = db.transaction('log', 'readwrite').objectStore('log');
            const add = (value) => settled(store.add(value));
            told(Promise.all([add({}), add({id: 10}), add({})]));
            told(settled(store.getAll()));
        })"""
    assert origin.run("a", script) == ["[1,10,11]", '[{"id":1},{"id":10},{"id":11}]']


def test_an_index_finds_sorts_and_is_unique():
    origin = Origin("a")
    script = """open('db', 1, (db) => {
            const store = db.createObjectStore('people', {keyPath: 'name'});
            store.createIndex('age', 'age');
            store.createIndex('seat', 'seat', {unique: true});
        }).then(async (db) => {
            const store = db.transaction('people', 'readwrite').objectStore('people');
            store.put({name: 'ada', age: 36, seat: 1});
            store.put({name: 'bob', age: 20, seat: 2});
            store.put({name: 'cyd'});
            told(settled(store.index('age').getAllKeys()));
            told(settled(store.index('age').get(IDBKeyRange.bound(30, 40))));
            told(settled(store.put({name: 'dan', seat: 2})));
        })"""
    assert origin.run("a", script) == [
        '["bob","ada"]',
        '{"name":"ada","age":36,"seat":1}',
        "failed: ConstraintError",
    ]


@pytest.mark.parametrize(
    ("direction", "seen"), [("next", ["1", "2", "3"]), ("prev", ["3", "2", "1"])]
)
def test_a_cursor_walks(direction, seen):
    origin = Origin("a")
    script = """open('db', 1, counters).then((db) => {
        const store = db.transaction('counters', 'readwrite').objectStore('counters');
        for (const key of [2, 3, 1]) store.put(key * 10, key);
        store.openCursor(null, '%s').onsuccess = ({target: {result: cursor}}) => {
            if (cursor === null) return;
            say(cursor.value / 10);
            cursor.continue();
        };
    })"""
    assert origin.run("a", script % direction) == seen


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("db.transaction('nothing')", "NotFoundError"),
        ("db.createObjectStore('late')", "InvalidStateError"),
        ("db.transaction('counters').objectStore('counters').put(1, 'a')", "ReadOnlyError"),
        ("db.transaction('counters', 'readwrite').objectStore('counters').put(1)", "DataError"),
        ("db.transaction('counters', 'readwrite').objectStore('counters').put(1, {})", "DataError"),
        ("(db.close(), db.transaction('counters'))", "InvalidStateError"),
    ],
)
def test_wrong_uses_throw(use, name):
    origin = Origin("a")
    script = (
        f"open('db', 1, counters).then((db) => {{ try {{ {use} }} catch (e) {{ say(e.name) }} }})"
    )
    assert origin.run("a", script) == [name]
