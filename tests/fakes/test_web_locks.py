"""Web Locks: who holds the lock, from when, and who is told."""

from __future__ import annotations

import statistics

import pytest

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.core.events import LockGranted, LockLost, LockQueried
from oneroom.ports.observer import LockChange
from oneroom_fakes.web_locks import HAND_OVER_US, HOP_US, PERMISSION_US
from tests.fakes.browser_rig import Rig, Window
from tests.units import MILLISECOND
from tests.virtual_time import PAUSES, Drawn

SEEDS = range(20)


def held(seed: int = 1) -> tuple[Rig, Window, Window]:
    """`a` holds the lock, `b` waits for it."""
    rig = Rig("a", "b", choices=Seeded(seed))
    a, b = rig.windows
    a.lock.request()
    rig.settle()
    b.lock.request()
    rig.settle()
    assert rig.holder() == "a"
    assert (a.kinds(), b.kinds()) == (["LockGranted"], [])
    return rig, a, b


def test_one_holder_and_a_queue() -> None:
    rig, a, b = held()
    c = rig.window("c")
    c.lock.request()
    rig.settle()
    a.lock.release()
    rig.settle()
    assert (rig.holder(), b.kinds(), c.kinds()) == ("b", ["LockGranted"], [])
    b.lock.release()
    rig.settle()
    assert (rig.holder(), c.kinds()) == ("c", ["LockGranted"])


@pytest.mark.parametrize("first", ["a", "b"])
def test_requests_at_the_same_time_may_be_granted_in_either_order(first: str) -> None:
    delays_us = [0, 500] if first == "a" else [500, 0]
    rig = Rig("a", "b", choices=Drawn({Label.LOCK_DELAY: delays_us}))
    for window in rig.windows:
        window.lock.request()
    rig.settle()
    assert rig.holder() == first


def test_a_second_request_changes_nothing() -> None:
    rig, a, b = held()
    a.lock.request()
    b.lock.request()
    a.lock.release()
    rig.settle()
    b.lock.release()
    rig.settle()
    assert rig.holder() == ""
    assert (a.kinds(), b.kinds()) == (["LockGranted"], ["LockGranted"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_is_served_in_the_order_in_which_it_asks(seed: int) -> None:
    rig, a, b = held(seed)
    a.lock.release()
    a.lock.request()  # behind `b`, who waited
    rig.settle()
    assert rig.holder() == "b"
    b.lock.release()
    rig.settle()
    assert rig.holder() == "a"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_page_is_told_in_the_order_in_which_things_happened(seed: int) -> None:
    rig = Rig("a", "b", choices=Seeded(seed))
    a, b = rig.windows
    a.lock.request()
    b.lock.request(steal=True)  # about at the same time
    rig.settle()
    assert rig.holder() == "b"
    # [] if the steal came first: then `a` waits
    assert a.kinds() in (["LockGranted", "LockLost"], [])


def test_a_frozen_waiter_is_granted_and_holds() -> None:
    rig, a, b = held()
    b.page.freeze()
    a.lock.release()
    rig.settle()
    assert (rig.holder(), b.events) == ("b", [])
    b.page.resume()
    assert b.events == [LockGranted()]


@pytest.mark.parametrize("fault", ["freeze", "stall", "stop"])
def test_a_holder_that_does_not_run_keeps_the_lock(fault: str) -> None:
    rig, a, b = held()
    pause, _ = PAUSES[fault]
    pause(a.page)
    for _ in range(60):
        rig.settle()
    assert (rig.holder(), b.events) == ("a", [])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_release_lets_the_next_one_in(seed: int) -> None:
    rig, a, b = held(seed)
    released_us = rig.scheduler.now_us
    a.lock.release()
    rig.settle()
    told_us = b.page.times_us[-1] - released_us
    assert HOP_US[0] + HAND_OVER_US[0] <= told_us <= HOP_US[-1] + HAND_OVER_US[-1]


@pytest.mark.parametrize(("discarded", "seen_ms"), [(False, (9, 27)), (True, (27, 59))])
def test_a_dead_holder_frees_the_lock(discarded: bool, seen_ms: tuple[int, int]) -> None:
    took_us = []
    for seed in SEEDS:
        rig, a, b = held(seed)
        died_us = rig.scheduler.now_us
        a.page.die()
        a.locks.gone(discarded=discarded)
        rig.settle()
        assert (rig.holder(), b.events) == ("b", [LockGranted()])
        took_us.append(b.page.times_us[-1] - died_us)
    low_us, high_us = (bound * MILLISECOND for bound in seen_ms)
    assert low_us <= min(took_us) < statistics.median(took_us) < max(took_us) <= high_us


def test_a_dead_waiter_is_forgotten() -> None:
    rig, a, b = held()
    c = rig.window("c")
    c.lock.request()
    rig.settle()
    b.die()
    rig.settle()
    a.lock.release()
    rig.settle()
    assert rig.holder() == "c"


def test_a_steal_goes_ahead_of_the_queue() -> None:
    rig, a, b = held()
    c = rig.window("c")
    c.lock.request(steal=True)
    rig.settle()
    assert rig.holder() == "c"
    assert (a.kinds(), b.kinds(), c.kinds()) == (["LockGranted", "LockLost"], [], ["LockGranted"])
    stolen_us = rig.lock_changed_us("a", LockChange.STOLEN)
    assert stolen_us == rig.lock_changed_us("c", LockChange.GRANTED)
    c.lock.release()
    rig.settle()
    assert rig.holder() == "b"


def test_a_waiter_that_steals_waits_no_more() -> None:
    rig, _, b = held()
    b.lock.request(steal=True)
    rig.settle()
    b.lock.release()
    rig.settle()
    assert (rig.holder(), b.kinds()) == ("", ["LockGranted"])


def test_a_steal_takes_the_place_of_the_request_that_waited() -> None:
    rig, a, b = held()
    b.lock.request(steal=True)
    rig.settle()
    a.lock.request(steal=True)
    rig.settle()
    a.lock.release()
    rig.settle()
    assert (rig.holder(), b.kinds()) == ("", ["LockGranted", "LockLost"])


def test_a_frozen_victim_learns_after_it_runs() -> None:
    rig, a, b = held()
    a.page.freeze()
    b.lock.request(steal=True)
    rig.settle()
    assert (rig.holder(), a.kinds()) == ("b", ["LockGranted"])
    a.page.resume()
    assert a.events == [LockGranted(), LockLost()]


def test_a_victim_can_ask_again() -> None:
    rig, a, b = held()
    b.lock.request(steal=True)
    rig.settle()
    a.lock.request()
    rig.settle()
    b.lock.release()
    rig.settle()
    assert (rig.holder(), a.kinds()) == ("a", ["LockGranted", "LockLost", "LockGranted"])


def test_a_victim_that_had_let_go_and_asked_again_is_not_told_of_the_old_lock() -> None:
    rig, a, b = held()
    a.page.freeze()
    b.lock.request(steal=True)
    rig.settle()
    a.lock.release()  # in a bus handler, which runs while the page is frozen
    a.lock.request()
    a.page.resume()
    rig.settle()
    assert a.kinds() == ["LockGranted"]
    a.lock.request()  # it waits already
    b.lock.release()
    rig.settle()
    a.lock.release()
    rig.settle()
    assert (rig.holder(), a.kinds()) == ("", ["LockGranted", "LockGranted"])


@pytest.mark.parametrize("seed", SEEDS)
def test_a_withdrawn_request_is_never_granted(seed: int) -> None:
    rig = Rig("a", choices=Seeded(seed))
    (a,) = rig.windows
    a.lock.request()
    # the withdrawal meets the request, the grant or the callback on its way
    rig.run_for(seed * 150)
    before = len(a.events)
    a.lock.release()
    rig.settle()
    assert (rig.holder(), len(a.events)) == ("", before)


def test_a_query_is_a_snapshot() -> None:
    rig, a, b = held()
    c = rig.window("c")
    c.lock.request()
    rig.settle()
    for window in (a, b, c):
        window.page.events.clear()
        window.lock.query(7)
    rig.settle()
    assert a.events == [LockQueried(7, mine=True, rank=-1)]
    assert b.events == [LockQueried(7, mine=False, rank=0)]
    assert c.events == [LockQueried(7, mine=False, rank=1)]


def test_the_answer_to_a_query_may_be_out_of_date() -> None:
    # The manager looks when the question arrives; the holder lets go while the answer is on its
    # way.
    rig, a, b = held()
    b.page.freeze()
    b.lock.query(7)
    rig.settle()
    a.lock.release()
    rig.settle()
    b.page.resume()
    assert b.events == [LockQueried(7, mine=False, rank=0), LockGranted()]


def test_if_available_takes_a_free_lock() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.lock.request(if_available=True)
    rig.settle()
    assert (rig.holder(), a.kinds()) == ("a", ["LockGranted"])


def test_if_available_never_waits() -> None:
    rig, a, b = held()
    c = rig.window("c")
    c.lock.request(if_available=True)
    rig.settle()
    a.lock.release()
    rig.settle()
    b.lock.release()
    rig.settle()
    assert (rig.holder(), c.kinds()) == ("", ["LockBusy"])


def test_a_window_that_was_refused_may_ask_again() -> None:
    rig, a, b = held()
    c = rig.window("c")
    c.lock.request(if_available=True)
    rig.settle()
    c.lock.request()
    b.lock.release()
    a.lock.release()
    rig.settle()
    assert (rig.holder(), c.kinds()) == ("c", ["LockBusy", "LockGranted"])


def test_a_page_in_the_cache_of_webkit_has_given_its_lock_back() -> None:
    rig, a, b = held()
    a.page.freeze()
    a.locks.suspend()
    rig.settle()
    assert (rig.holder(), a.kinds(), b.kinds()) == ("b", ["LockGranted"], ["LockGranted"])
    a.page.resume()
    rig.settle()
    assert a.kinds() == ["LockGranted", "LockLost"]
    a.lock.request(steal=False)
    b.lock.release()
    rig.settle()
    assert rig.holder() == "a"


def test_a_request_of_a_page_in_the_cache_of_webkit_is_dropped() -> None:
    rig, a, b = held()
    b.locks.suspend()
    rig.settle()
    a.lock.release()
    rig.settle()
    assert (rig.holder(), b.kinds()) == ("", ["LockLost"])


def cold(choices: Choices | None = None) -> tuple[Rig, Window]:
    """A document of Chromium that has asked its lock manager for nothing yet."""
    rig = Rig("a", choices=choices, asks_permission=True)
    return rig, rig.windows[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_request_of_a_document_waits_for_its_permission(seed: int) -> None:
    rig, a = cold(Seeded(seed))
    a.lock.request()
    rig.run_for(PERMISSION_US[-1] + 2 * HOP_US[-1])
    a.lock.release()
    rig.settle()
    a.lock.request()
    asked_us = rig.scheduler.now_us
    rig.settle()
    first_us, second_us = a.page.times_us
    assert first_us >= PERMISSION_US[0] + 2 * HOP_US[0]
    assert second_us - asked_us <= 2 * HOP_US[-1]


def test_what_is_asked_during_the_wait_is_passed_on_in_order() -> None:
    rig, a = cold()
    a.locks.query(lambda snapshot: a.heard.append(("query", len(snapshot.held))))
    a.lock.request()
    a.locks.query(lambda snapshot: a.heard.append(("query", len(snapshot.held))))
    rig.settle()
    assert a.heard == [("query", 0), ("query", 1)]


def test_a_task_between_two_answers_overtakes_what_still_waits() -> None:
    rig, a = cold(Drawn({Label.LOCK_DELAY: [len(HOP_US) - 1]}))
    a.lock.request("first")
    a.lock.request("second")
    rig.run_for(PERMISSION_US[0] + 1)
    a.lock.request("late")
    rig.settle()
    assert a.events == [LockGranted("first"), LockGranted("late"), LockGranted("second")]


def test_a_request_that_is_withdrawn_during_the_wait_is_never_made() -> None:
    rig, a = cold(Drawn({Label.LOCK_DELAY: [len(HOP_US) - 1]}))
    a.lock.request("first")
    a.lock.request()
    rig.run_for(PERMISSION_US[0] + 1)
    a.lock.release()
    a.locks.query(lambda snapshot: a.heard.append(("held", len(snapshot.held))))
    rig.settle()
    assert (a.heard, a.events) == ([("held", 1)], [LockGranted("first")])


@pytest.mark.parametrize("fault", ["stall", "stop"])
def test_a_page_that_stands_still_makes_no_first_request(fault: str) -> None:
    rig, a = cold()
    pause, end = PAUSES[fault]
    a.lock.request()
    pause(a.page)
    rig.settle()
    rig.settle()
    assert rig.holder() == ""
    end(a.page)
    rig.settle()
    assert (rig.holder(), a.events) == ("a", [LockGranted()])


def test_a_frozen_page_makes_its_first_request() -> None:
    rig, a = cold()
    a.page.freeze()
    a.lock.request()
    rig.settle()
    assert (rig.holder(), a.events) == ("a", [])
