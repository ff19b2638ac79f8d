"""localStorage and its events as any script sees them: keys, values, processes, the quota."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom_fakes.local_storage import (
    HOP_US,
    QUOTA_UNITS,
    REFUSED_HIGH_US,
    QuotaExceededError,
    StorageEvent,
    units,
)
from tests.fakes.browser_rig import Rig
from tests.virtual_time import Drawn

SEEDS = range(20)
TRIP_US = 2 * HOP_US[-1] + 10
# The draw of the longest hop.
SLOWEST = len(HOP_US) - 1
# Wide letters: Latin ones take half the space in the service.
HALF = "語" * (QUOTA_UNITS // 2)


def test_a_sibling_in_the_same_process_reads_at_once_and_hears_after_the_trip() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    sibling = rig.window("sibling", beside=a)
    a.local.set_item("k", "1")
    assert (sibling.local.get_item("k"), sibling.changes) == ("1", [])
    rig.run_for(TRIP_US)
    assert (a.changes, sibling.changes) == ([], [StorageEvent("k", None, "1")])


@pytest.mark.parametrize("seed", SEEDS)
def test_two_writers_both_read_their_own_value_and_then_agree(seed: int) -> None:
    rig = Rig("a", "b", choices=Seeded(seed))
    a, b = rig.windows
    a.local.set_item("k", "a")
    b.local.set_item("k", "b")
    assert (a.local.get_item("k"), b.local.get_item("k")) == ("a", "b")
    rig.run_for(TRIP_US)
    assert a.local.get_item("k") == b.local.get_item("k") == rig.storage.items["k"]


def test_an_own_write_masks_one_key_and_no_other() -> None:
    # b's write is with everybody while a's is still on its way to the service.
    rig = Rig("a", "b", choices=Drawn({Label.STORAGE_DELAY: [0, SLOWEST]}))
    a, b = rig.windows
    b.local.set_item("other", "b")
    a.local.set_item("k", "a")
    rig.run_for(1_000)
    assert (a.local.get_item("k"), a.local.get_item("other")) == ("a", "b")


def test_removing_is_an_event_without_a_new_value_and_silent_if_there_is_none() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.local.set_item("k", "1")
    a.local.remove_item("k")
    a.local.remove_item("k")
    rig.settle()
    assert b.changes == [StorageEvent("k", None, "1"), StorageEvent("k", "1", None)]
    assert b.local.get_item("k") is None


def test_clear_is_one_event_without_a_key_and_silent_if_there_is_nothing() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.local.set_item("k", "1")
    a.local.set_item("l", "2")
    rig.settle()
    b.changes.clear()
    a.local.clear()
    a.local.clear()
    rig.settle()
    assert b.changes == [StorageEvent(None, None, None)]
    assert (a.local.get_item("k"), b.local.get_item("l")) == (None, None)


def test_an_own_write_outlives_the_others_clear_until_the_service_has_decided() -> None:
    rig = Rig("a", "b", choices=Drawn({Label.STORAGE_DELAY: [0, SLOWEST]}))
    a, b = rig.windows
    b.local.clear()  # of nothing: it is on its way all the same
    a.local.set_item("k", "a")
    rig.run_for(1_000)
    assert a.local.get_item("k") == "a"
    rig.settle()
    assert b.local.get_item("k") == "a"


def test_a_write_beyond_the_quota_throws_and_changes_nothing() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.local.set_item("k", "x" * (QUOTA_UNITS - 1))
    with pytest.raises(QuotaExceededError):
        a.local.set_item("l", "")
    with pytest.raises(QuotaExceededError):
        a.local.set_item("k", "y" * QUOTA_UNITS)
    a.local.set_item("k", "short")  # what grows nothing always fits
    rig.settle()
    assert (b.local.get_item("k"), b.local.get_item("l")) == ("short", None)


def test_the_quota_counts_utf_16_units() -> None:
    assert [units(text) for text in ("ab", "äö", "\N{GRINNING FACE}", "\ud800")] == [2, 2, 2, 1]


def test_a_write_that_only_the_service_refuses_vanishes_and_its_writer_is_not_told() -> None:
    rig = Rig("a", "b", "c")
    a, b, c = rig.windows
    a.local.set_item("a", HALF)
    rig.run_for(10)  # b's replica does not have it yet
    b.local.set_item("b", HALF)
    assert b.local.get_item("b") == HALF
    rig.run_for(TRIP_US)
    rig.run_for(REFUSED_HIGH_US + 10)
    here, gone = ("a", "b") if "a" in rig.storage.items else ("b", "a")
    loser, winner = (b, a) if gone == "b" else (a, b)
    assert (loser.local.get_item(gone), loser.local.get_item(here)) == (None, HALF)
    assert loser.changes == [StorageEvent(here, None, HALF)]
    assert (winner.changes, c.changes) == ([], [StorageEvent(here, None, HALF)])


def test_a_refused_write_gives_way_to_what_the_others_wrote() -> None:
    rig = Rig("a", "b", choices=Drawn({Label.STORAGE_DELAY: [0, 0, 0, SLOWEST]}))
    a, b = rig.windows
    a.local.set_item("a", HALF)
    a.local.set_item("k", "from a")
    b.local.set_item("k", HALF)
    rig.settle()
    assert (a.local.get_item("k"), b.local.get_item("k")) == ("from a", "from a")


def test_the_first_look_at_storage_loses_the_events_that_are_on_their_way() -> None:
    # Each write is told to b a moment after the one before it; b first looks when it hears of the
    # first.
    rig = Rig("a", choices=Drawn({Label.STORAGE_DELAY: [0, 0, 0, 1_000, 1_000, 1_000]}))
    (a,) = rig.windows
    b = rig.storage.area(a.page)
    heard: list[tuple[str | None, str | None]] = []

    def look(event: StorageEvent) -> None:
        heard.append((event.new_value, b.get_item("k")))

    b.listeners.append(look)
    for value in ("1", "2", "3"):
        a.local.set_item("k", value)
    rig.settle()
    assert heard == [("1", "3")]
    a.local.set_item("k", "4")
    rig.settle()
    assert heard[1:] == [("4", "4")]


def test_one_event_a_write_although_the_handler_reads_what_is_newer() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    read: list[tuple[str | None, str | None]] = []
    b.local.listeners.append(lambda event: read.append((event.new_value, b.local.get_item("k"))))
    b.page.freeze()
    for value in ("1", "2", "3"):
        a.local.set_item("k", value)
    rig.settle()
    assert (read, b.local.get_item("k")) == ([], "3")
    b.page.resume()
    assert read == [("1", "3"), ("2", "3"), ("3", "3")]


@pytest.mark.parametrize("own_process", [True, False])
def test_the_windows_of_a_process_stand_still_together(own_process: bool) -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    beside = rig.window("beside", beside=None if own_process else b)
    b.page.stall()
    a.local.set_item("k", "1")
    rig.settle()
    assert (beside.local.get_item("k") == "1") is own_process
    b.page.unstall()
    assert beside.local.get_item("k") == "1"


def test_a_window_that_is_gone_hears_nothing_and_its_writes_arrive() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    b.local.set_item("k", "b")
    b.die()
    rig.settle()
    assert (a.local.get_item("k"), b.changes) == ("b", [])


def _no_masking(rig: Rig) -> bool:
    """Whether a window reads the other's value while its own older one is on its way back."""
    a, b = rig.windows
    a.local.set_item("k", "a")
    b.local.set_item("k", "b")
    rig.run_for(HOP_US[-1] + 1)  # both have reached the service, the word of neither is back
    return a.local.get_item("k") == b.local.get_item("k")


@pytest.mark.parametrize(("snapshots", "agrees"), [(True, True), (False, False)])
def test_firefox_reads_what_the_service_has(snapshots: bool, agrees: bool) -> None:
    slow_back = Drawn({Label.STORAGE_DELAY: [0, 0, *[SLOWEST] * 4]})
    rig = Rig("a", "b", choices=slow_back, snapshots=snapshots)
    assert _no_masking(rig) is agrees


@pytest.mark.parametrize("write", [lambda w: w.local.set_item("k", "1"), lambda w: w.local.clear()])
def test_firefox_tells_the_others_later_and_not_the_writer(write: Callable[..., None]) -> None:
    rig = Rig("a", "b", snapshots=True)
    a, b = rig.windows
    a.local.set_item("other", "0")
    rig.settle()
    b.changes.clear()
    write(a)
    rig.settle()
    assert (len(a.changes), len(b.changes)) == (0, 1)
