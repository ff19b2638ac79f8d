"""Web Locks: several requests of one document, several names, shared mode, and what excludes each
other.
"""

from __future__ import annotations

import pytest

from tests.conformance.windows.browser_rig import Rig, Window, log, times, told, windows
from tests.conformance.windows.steps import (
    abort,
    lock,
    microtask,
    note,
    port,
    query,
    react,
    release,
    spin,
    timer,
)
from tests.units import MILLISECOND, SECOND

WHILE_US = 300 * MILLISECOND
LONG_MS = 600


def shared(name: str, how: str = "signal") -> tuple[object, ...]:
    return lock(name, how, mode="shared")


def warm(rig: Rig, window: Window) -> None:
    """The first request of a document waits for a permission, behind the running task."""
    window.do(lock("warm", of=f"warm {window.name}"))
    told(rig, window, "warm granted")


def what_locks_told(window: Window) -> list[str]:
    """Without the two events of its beginning."""
    return [line for line in log(window)[2:] if not line.startswith("warm")]


def test_shared_locks_are_held_together_and_an_exclusive_request_lets_none_pass(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(shared("a"))
    b.do(shared("b"))
    told(rig, a, "a granted")
    told(rig, b, "b granted")
    a.do(lock("exclusive"))
    rig.run_for(WHILE_US)
    b.do(shared("late"), shared("probe", "ifAvailable"), query())
    told(rig, b, "lock has 2 held, 2 pending")
    assert log(b, "probe") == ["probe refused", "probe ended"]
    a.do(release("a"))
    rig.run_for(WHILE_US)
    assert log(a, "exclusive") == []
    b.do(release("b"))
    told(rig, a, "exclusive granted")
    rig.run_for(WHILE_US)
    assert log(b, "late") == []
    a.do(release("exclusive"))
    told(rig, b, "late granted")


def test_shared_requests_that_wait_are_granted_together(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(lock("a"))
    told(rig, a, "a granted")
    b.do(shared("one"), shared("two"), lock("three"), shared("four"))
    rig.run_for(WHILE_US)
    a.do(release("a"))
    told(rig, b, "two granted")
    rig.run_for(WHILE_US)
    assert log(b)[2:] == ["one granted", "two granted"]


def test_a_shared_request_waits_behind_an_exclusive_one_that_was_withdrawn(rig: Rig) -> None:
    # The standard grants it at once; Chromium looks at the queue when nobody holds the lock.
    a, b = windows(rig, "a", "b")
    a.do(shared("a"))
    b.do(shared("b"))
    told(rig, a, "a granted")
    told(rig, b, "b granted")
    a.do(lock("exclusive"))
    rig.run_for(WHILE_US)
    b.do(shared("behind"))
    rig.run_for(WHILE_US)
    a.do(abort("exclusive"))
    rig.run_for(WHILE_US)
    b.do(shared("last"))
    rig.run_for(WHILE_US)
    a.do(release("a"))
    rig.run_for(WHILE_US)
    assert log(b)[2:] == ["b granted"]
    b.do(release("b"))
    told(rig, b, "last granted")
    assert log(b)[3:] == ["b ended", "behind granted", "last granted"]


def test_a_shared_lock_is_available_beside_shared_ones_alone(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(shared("a"))
    told(rig, a, "a granted")
    b.do(shared("shared", "ifAvailable"), lock("exclusive", "ifAvailable"))
    told(rig, b, "exclusive refused")
    assert log(b, "shared") == ["shared granted"]


def test_a_thief_takes_the_lock_from_all_who_share_it(rig: Rig) -> None:
    a, b, c = windows(rig, "a", "b", "c")
    for window in (a, b):
        window.do(shared(window.name))
        told(rig, window, f"{window.name} granted")
    c.do(lock("c", "steal"))
    told(rig, c, "c granted")
    told(rig, a, "a failed with AbortError")
    told(rig, b, "b failed with AbortError")


@pytest.mark.parametrize(
    ("how", "of", "mode"),
    [
        ("steal and ifAvailable", "lock", "exclusive"),
        ("steal and signal", "lock", "exclusive"),
        ("ifAvailable and signal", "lock", "exclusive"),
        ("steal", "lock", "shared"),
        ("signal", "-lock", "exclusive"),
    ],
    ids=[
        "steal-and-ifAvailable",
        "steal-and-signal",
        "ifAvailable-and-signal",
        "steal-shared",
        "reserved-name",
    ],
)
def test_what_excludes_each_other_is_refused_and_asks_for_nothing(
    rig: Rig, how: str, of: str, mode: str
) -> None:
    (a,) = windows(rig, "a")
    a.do(lock("a", how, of, mode), query(of))
    told(rig, a, f"{of} has 0 held, 0 pending")
    assert log(a, "a ") == ["a failed with NotSupportedError"]


@pytest.mark.parametrize("asked", [lock("a"), query("of")], ids=["request", "query"])
def test_the_first_calls_of_a_document_wait_behind_its_running_task(
    rig: Rig, asked: tuple[object, ...]
) -> None:
    a, b = windows(rig, "a", "b")
    warm(rig, b)
    a.start(asked, lock("held"), note("begun"), spin(LONG_MS), note("over"))
    told(rig, a, "begun")
    rig.run_for(WHILE_US)
    b.do(query())
    told(rig, b, "lock has 0 held, 0 pending")
    told(rig, a, "held granted" if asked[0] == "query" else "a granted")
    b.do(query())
    told(rig, b, f"lock has 1 held, {0 if asked[0] == 'query' else 1} pending")


def test_a_later_document_of_a_window_waits_again(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    warm(rig, a)
    warm(rig, b)
    a.navigate()
    a.start(lock("a"), note("begun"), spin(LONG_MS))
    told(rig, a, "begun")
    rig.run_for(WHILE_US)
    b.do(query())
    told(rig, b, "lock has 0 held, 0 pending")
    told(rig, a, "a granted")


def test_the_first_request_of_a_frozen_page_reaches_the_manager(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.freeze()
    a.do(lock("a"))
    rig.run_for(WHILE_US)
    b.do(query())
    told(rig, b, "lock has 1 held, 0 pending")
    assert log(a, "a ") == []
    a.resume()
    told(rig, a, "a granted")


def test_what_one_document_asks_arrives_in_the_order_in_which_it_asked(rig: Rig) -> None:
    # Warm: what a cold document asks waits call by call, and a second script would overtake it.
    (a,) = windows(rig, "a")
    warm(rig, a)
    a.do(lock("p", of="p"), query("q"), lock("q", of="q"), query("q"), lock("q2", of="q"))
    a.do(lock("r", of="r"), query("q"))
    told(rig, a, "q has 1 held, 1 pending")
    assert what_locks_told(a) == [
        "p granted",
        "q has 0 held, 0 pending",
        "q granted",
        "q has 1 held, 0 pending",
        "r granted",
        "q has 1 held, 1 pending",
    ]


def test_requests_aborts_and_releases_of_one_script(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    a.do(lock("first"))
    told(rig, a, "first granted")
    a.do(
        lock("second"),
        lock("probe", "ifAvailable"),
        lock("withdrawn"),
        lock("third"),
        abort("withdrawn"),
        release("first"),
    )
    told(rig, a, "second granted")
    rig.run_for(WHILE_US)
    assert log(a)[3:] == [
        "withdrawn failed with AbortError",
        "first ended",
        "probe refused",
        "probe ended",
        "second granted",
    ]
    a.do(release("second"))
    told(rig, a, "third granted")


def test_a_document_that_steals_takes_the_lock_from_its_own_request(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    a.do(lock("first"), lock("second"))
    told(rig, a, "first granted")
    a.do(lock("third", "steal"))
    told(rig, a, "third granted")
    assert log(a)[2:] == ["first granted", "first failed with AbortError", "third granted"]
    a.do(release("third"))
    told(rig, a, "second granted")


def test_what_a_script_asks_behind_its_release_is_asked_before_it(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    a.do(lock("first"))
    told(rig, a, "first granted")
    a.do(release("first"), lock("same script", "ifAvailable"))
    told(rig, a, "same script refused")
    a.do(lock("next script", "ifAvailable"))
    told(rig, a, "next script granted")


def test_a_release_leaves_a_task_when_its_script_is_over(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(lock("a"))
    told(rig, a, "a granted")
    b.do(lock("b"))
    rig.run_for(WHILE_US)
    a.start(release("a"), note("released"), spin(LONG_MS), note("over"))
    told(rig, b, "b granted", within_us=2 * SECOND)
    told(rig, a, "over")
    assert times(b, "b granted")[0] > times(a, "over")[0]


def test_a_request_leaves_a_task_at_once(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    warm(rig, a)
    warm(rig, b)
    a.start(lock("a"), note("asked"), spin(4 * LONG_MS), note("over"))
    told(rig, a, "asked")
    rig.run_for(WHILE_US)
    b.do(query())
    told(rig, b, "lock has 1 held, 0 pending")
    told(rig, a, "a granted", within_us=4 * SECOND)
    assert what_locks_told(a) == ["asked", "over", "a granted"]
    assert times(b, "lock has 1 held, 0 pending")[0] < times(a, "over")[0]


def test_grants_are_tasks_behind_those_that_were_set_with_their_requests(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    warm(rig, a)
    a.do(
        react("p granted", microtask("p")),
        lock("p", of="p"),
        lock("q", of="q"),
        timer(0, "t"),
        port("m"),
    )
    told(rig, a, "q granted")
    told(rig, a, "timer t")
    granted = [line for line in log(a) if line in ("p granted", "microtask p", "q granted")]
    assert granted == ["p granted", "microtask p", "q granted"]
