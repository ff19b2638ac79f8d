"""Transactions of IndexedDB: which runs when, and what becomes of those of a window that is
gone.
"""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom_fakes.indexed_db import Change, Commit, Connection, IndexedDB, Mode, Snapshot
from tests.units import SECOND
from tests.virtual_time import ListeningPage, VirtualTime

COUNTER = frozenset({"counter"})


class Origin:
    """Windows that add one to a counter, each in a transaction of its own."""

    def __init__(self, seed: int, *windows: str) -> None:
        self.kernel = VirtualTime(Seeded(seed))
        self.databases = IndexedDB(self.kernel, self.kernel.choices)
        self.story: list[str] = []
        self.pages = {name: ListeningPage(name, self.kernel) for name in windows}
        self.windows = {name: self._connect(name) for name in windows}
        self.holds: set[str] = set()
        self.database = self.databases.database("db")
        self.database.apply(Commit((Change("counter", "n", "0"), Change("other", "n", "0"))))

    def _connect(self, name: str) -> Connection:
        def began(number: int, snapshot: Snapshot) -> None:
            self.story.append(f"{name} begins {number}")
            if name not in self.holds:
                [(store, rows)] = snapshot.records.items()
                value = str(int(dict(rows)["n"]) + 1)
                self.windows[name].commit(number, Commit((Change(store, "n", value),)))

        def done(number: int) -> None:
            self.story.append(f"{name} done {number}")

        return self.databases.connection(self.pages[name], began, done)

    def begin(
        self, name: str, number: int, store: str = "counter", mode: Mode = "readwrite"
    ) -> None:
        self.windows[name].begin(number, "db", [store], mode)

    def value(self, store: str = "counter") -> str:
        return self.database.stores[store]["n"]


@pytest.mark.parametrize("seed", range(10))
def test_no_addition_is_lost(seed: int) -> None:
    origin = Origin(seed, "a", "b", "c")
    for number in range(1, 31):
        origin.begin("abc"[number % 3], number)
        origin.kernel.run_for(number * 331 % 2_000)
    origin.kernel.run_for(SECOND)
    assert origin.value() == "30"


def test_transactions_of_one_page_keep_their_order() -> None:
    origin = Origin(1, "a")
    for number in range(1, 11):
        origin.begin("a", number)
    origin.kernel.run_for(SECOND)
    begun = [entry for entry in origin.story if "begins" in entry]
    assert begun == [f"a begins {number}" for number in range(1, 11)]


def test_one_that_runs_holds_up_those_that_overlap_and_no_others() -> None:
    origin = Origin(1, "a", "b")
    origin.holds = {"a"}
    origin.begin("a", 1)
    origin.kernel.run_for(SECOND)
    origin.begin("b", 1)
    origin.begin("b", 2, "other")
    origin.kernel.run_for(SECOND)
    assert origin.story == ["a begins 1", "b begins 2", "b done 2"]
    origin.windows["a"].abort(1)
    origin.kernel.run_for(SECOND)
    assert origin.story[3:] == ["b begins 1", "b done 1"]
    assert origin.value() == "1"


def test_readers_run_beside_each_other() -> None:
    origin = Origin(1, "a", "b")
    origin.holds = {"a", "b"}
    origin.begin("a", 1, mode="readonly")
    origin.begin("b", 1, mode="readonly")
    origin.begin("b", 2)
    origin.kernel.run_for(SECOND)
    assert sorted(origin.story) == ["a begins 1", "b begins 1"]


def test_an_upgrade_runs_alone() -> None:
    origin = Origin(1, "a", "b")
    origin.holds = {"a"}
    origin.windows["a"].begin(1, "db", None, "versionchange")
    origin.kernel.run_for(SECOND)
    origin.begin("b", 1, "other")
    origin.kernel.run_for(SECOND)
    assert origin.story == ["a begins 1"]
    origin.windows["a"].commit(1, Commit(version=2, schema='{"counter":{}}'))
    origin.kernel.run_for(SECOND)
    assert (origin.database.version, origin.database.schema) == (2, '{"counter":{}}')
    assert origin.story[-1] == "b done 1"


@pytest.mark.parametrize("is_committed", [False, True])
def test_a_window_that_is_gone_holds_up_nobody(is_committed: bool) -> None:
    origin = Origin(1, "a", "b")
    origin.holds = {"a"}
    origin.begin("a", 1)
    origin.kernel.run_for(SECOND)
    if is_committed:
        origin.windows["a"].commit(1, Commit((Change("counter", "n", "7"),)))
    origin.windows["a"].gone()
    origin.begin("b", 1)
    origin.kernel.run_for(SECOND)
    assert origin.value() == ("8" if is_committed else "1")


def test_a_store_and_a_key_are_deleted() -> None:
    origin = Origin(1)
    origin.database.apply(Commit((Change("counter", "n", None), Change("other", None, None))))
    assert origin.database.snapshot(None).records == {"counter": []}
