"""The lives of a document: what it is told of each way to go and to come back."""

from __future__ import annotations

import pytest

from tests.conformance.windows.browser_rig import Rig, Window, log, logs, told, until
from tests.conformance.windows.steps import (
    channel,
    close_itself,
    lock,
    note,
    open_window,
    port,
    post,
    react,
    spin,
    state,
    timer,
)
from tests.units import MILLISECOND, SECOND

WHILE_US = 500 * MILLISECOND


def told_while_going(rig: Rig, window: Window) -> list[str]:
    """What the window's only document has told after it had begun, as soon as no more comes."""
    rig.run_for(WHILE_US)
    heard = -1
    while heard < len(log(window)):
        heard = len(log(window))
        rig.run_for(WHILE_US)
    return log(window)[2:]


def test_a_document_begins_and_is_shown(rig: Rig) -> None:
    a = rig.window("a")
    a.do(state())
    assert log(a) == ["began", "pageshow", "is visible"]


def test_closed_by_the_user(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.close()
    assert told_while_going(rig, a) == [
        "beforeunload",
        "pagehide",
        "visibilitychange to hidden",
        "unload",
    ]


@pytest.mark.parametrize("way", ["close", "reload", "navigate"])
def test_between_beforeunload_and_pagehide_it_runs_on(rig: Rig, way: str) -> None:
    a = rig.window("a", unload=True)
    a.do(react("beforeunload", note("leaves"), timer(0, "late"), port("own")))
    getattr(a, way)()
    rig.run_for(WHILE_US)
    until(rig, lambda: "unload" in logs(a)[0])
    told_last = logs(a)[0][2:]
    assert told_last[:2] == ["beforeunload", "leaves"]
    assert sorted(told_last[2:4]) == ["port own", "timer late"]
    assert told_last[4:] == ["pagehide", "visibilitychange to hidden", "unload"]


def test_closed_without_being_asked(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.close_unasked()
    assert told_while_going(rig, a) == ["pagehide", "visibilitychange to hidden", "unload"]


def test_a_hidden_one_is_closed(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.hide()
    a.close()
    assert told_while_going(rig, a) == [
        "visibilitychange to hidden",
        "beforeunload",
        "pagehide",
        "unload",
    ]


def test_a_frozen_one_is_closed_and_runs_its_pagehide(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.freeze()
    a.close_unasked()
    assert told_while_going(rig, a) == [
        "visibilitychange to hidden",
        "freeze",
        "pagehide",
        "unload",
    ]


def test_closed_by_its_own_script_it_is_not_told_of_pagehide(rig: Rig) -> None:
    opener = rig.window("opener")
    opener.do(open_window("a", "noopener"), gesture=True)
    a = rig.opened("a", opener)
    a.start(close_itself())
    until(rig, lambda: "beforeunload" in log(a), 5 * SECOND)
    # Its process is ended, and the last word may end with it.
    came = told_while_going(rig, a)
    assert came == ["beforeunload", "visibilitychange to hidden"][: len(came)]


def test_closed_by_its_own_script_in_its_openers_process_it_is(rig: Rig) -> None:
    opener = rig.window("opener")
    opener.do(open_window("a"), gesture=True)
    a = rig.opened("a", opener)
    a.start(close_itself())
    until(rig, lambda: "pagehide" in log(a), 5 * SECOND)
    assert told_while_going(rig, a) == ["beforeunload", "visibilitychange to hidden", "pagehide"]


def test_crashed_it_is_told_nothing(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.crash()
    assert told_while_going(rig, a) == []


def test_a_stalled_one_that_is_closed_is_killed_without_a_word(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.start(spin(60_000))
    rig.run_for(WHILE_US)
    a.close_unasked()
    rig.run_for(SECOND)
    assert log(a)[2:] == []


def test_reloaded(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.reload()
    until(rig, lambda: len(logs(a)) == 2 and len(logs(a)[1]) == 2)
    assert logs(a) == [
        ["began", "pageshow", "beforeunload", "pagehide", "visibilitychange to hidden", "unload"],
        ["began", "pageshow"],
    ]


def test_replaced_by_another_document_because_it_cannot_be_cached(rig: Rig) -> None:
    a = rig.window("a", unload=True)
    a.navigate()
    rig.run_for(WHILE_US)
    assert logs(a)[0][2:] == ["beforeunload", "pagehide", "visibilitychange to hidden", "unload"]
    a.back()
    rig.run_for(WHILE_US)
    assert [document[:2] for document in logs(a)] == [["began", "pageshow"]] * 3


def test_cached_and_back(rig: Rig) -> None:
    a = rig.window("a")
    a.navigate()
    rig.run_for(WHILE_US)
    assert logs(a)[0][2:] == [
        "beforeunload",
        "pagehide persisted",
        "visibilitychange to hidden",
        "freeze",
    ]
    a.back()
    rig.run_for(WHILE_US)
    assert logs(a)[0][6:] == ["resume", "visibilitychange to visible", "pageshow persisted"]
    assert logs(a)[1][2:] == [
        "beforeunload",
        "pagehide persisted",
        "visibilitychange to hidden",
        "freeze",
    ]


def test_the_cache_keeps_six_pages_of_a_tab(rig: Rig) -> None:
    a = rig.window("a")
    for _ in range(7):
        a.navigate()
        rig.run_for(WHILE_US)
    for _ in range(7):
        a.back()
        rig.run_for(WHILE_US)
    # The first one is loaded again; the last one is never gone back to.
    assert [len(document) for document in logs(a, "pageshow persisted")] == [
        0,
        *(1, 1, 1, 1, 1, 1),
        *(0, 0),
    ]


def test_a_page_that_nobody_can_go_to_any_more_stays_cached_with_its_lock(rig: Rig) -> None:
    a, b = rig.window("a"), rig.window("b")
    a.navigate()
    rig.run_for(WHILE_US)
    a.do(lock("held"))
    told(rig, a, "held granted")
    b.do(lock("next"))
    rig.run_for(WHILE_US)
    a.back()
    rig.run_for(SECOND)
    assert log(b, "next") == []
    a.navigate()
    rig.run_for(3 * SECOND)
    assert log(b, "next") == []


def test_a_tab_that_is_closed_takes_its_cached_pages_along(rig: Rig) -> None:
    a, b = rig.window("a"), rig.window("b")
    a.do(lock("held"))
    told(rig, a, "held granted")
    b.do(lock("next"))
    rig.run_for(WHILE_US)
    a.navigate()
    rig.run_for(SECOND)
    assert log(b, "next") == []
    a.close()
    told(rig, b, "next granted", within_us=3 * SECOND)


def test_frozen_and_resumed_behind_others(rig: Rig) -> None:
    a = rig.window("a")
    a.freeze()
    rig.run_for(WHILE_US)
    a.resume()
    rig.run_for(WHILE_US)
    assert log(a)[2:] == ["visibilitychange to hidden", "freeze", "resume"]


def test_frozen_and_shown_again(rig: Rig) -> None:
    a = rig.window("a")
    a.hide()
    a.freeze()
    rig.run_for(WHILE_US)
    a.show()
    rig.run_for(WHILE_US)
    assert log(a)[3:] == ["freeze", "resume", "visibilitychange to visible"]


def test_discarded_it_is_told_nothing_and_its_successor_knows(rig: Rig) -> None:
    a = rig.window("a")
    a.discard()
    rig.run_for(WHILE_US)
    # It went behind another window first.
    assert log(a)[2:] == ["visibilitychange to hidden"]
    a.revive()
    a.do(state())
    assert log(a) == ["began", "pageshow", "is visible, was discarded"]


def test_a_blocked_pagehide_is_cut_short(rig: Rig) -> None:
    a, b = rig.window("a"), rig.window("b")
    a.do(channel("a"), react("pagehide", post("a", "begun"), spin(5_000), post("a", "over")))
    b.do(channel("b"))
    a.close_unasked()
    told(rig, b, "b hears begun")
    rig.run_for(6 * SECOND)
    assert log(b, "b hears") == ["b hears begun"]
