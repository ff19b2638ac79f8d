"""Requests and WebSockets of a window: when they are sent, when answers are told, and what becomes
of them while the page is hidden, frozen or cached.
"""

from __future__ import annotations

from tests.conformance.windows.browser_rig import Rig, Window, after, log, logs, told, windows
from tests.conformance.windows.steps import (
    channel,
    fetch,
    post,
    put,
    react,
    send,
    socket,
    timer,
)
from tests.units import MILLISECOND, SECOND

WHILE_US = 500 * MILLISECOND
TAKES_MS = 400


def connected(rig: Rig, *names: str) -> list[Window]:
    """Windows with a WebSocket each, called like themselves."""
    opened = windows(rig, *names)
    for window in opened:
        window.do(socket(window.name))
        told(rig, window, f"{window.name} open", within_us=5 * SECOND)
    return opened


def test_an_answer_is_told_at_once_in_a_hidden_page_too(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    a.hide()
    asked_us = rig.now_us
    a.do(fetch("f", TAKES_MS))
    assert told(rig, a, "fetch f") - asked_us <= (TAKES_MS + 100) * MILLISECOND + rig.slack_us


def test_answers_that_come_during_a_freeze_are_told_after_it_behind_the_messages(rig: Rig) -> None:
    # In any order among themselves: `test_varies.py`.
    a, b = windows(rig, "a", "b")
    b.do(fetch("slow", 4 * TAKES_MS), fetch("quick", 3 * TAKES_MS))
    b.freeze()
    a.do(put("k", "1"))
    rig.run_for(3 * SECOND)
    assert after(b, "freeze") == []
    b.resume()
    told(rig, b, "fetch slow")
    told(rig, b, "fetch quick")
    came = after(b, "freeze")
    assert came[:2] == ["resume", "storage k: null to 1"]
    assert sorted(came[2:]) == ["fetch quick", "fetch slow"]


def test_what_a_frozen_page_asks_is_sent_when_it_resumes(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), react("b hears", fetch("f", TAKES_MS)))
    b.freeze()
    a.do(post("a", 1))
    told(rig, b, "b hears 1")
    rig.run_for(2 * SECOND)
    b.resume()
    resumed_us = told(rig, b, "resume")
    assert told(rig, b, "fetch f", within_us=2 * SECOND) - resumed_us >= TAKES_MS * MILLISECOND


def test_a_hidden_page_hears_its_web_socket_at_once(rig: Rig) -> None:
    a, b = connected(rig, "a", "b")
    b.hide()
    rig.run_for(WHILE_US)
    a.do(send("a", "one"))
    sent_us = rig.now_us
    assert told(rig, b, "b says one") - sent_us <= 100 * MILLISECOND + rig.slack_us // 5


def test_the_end_of_a_freeze_closes_web_sockets_and_what_came_meanwhile_is_lost(rig: Rig) -> None:
    a, b = connected(rig, "a", "b")
    b.freeze()
    a.do(send("a", "one"), put("k", "1"))
    rig.run_for(SECOND)
    assert after(b, "freeze") == []
    b.resume()
    told(rig, b, "b closed 1006")
    rig.run_for(WHILE_US)
    assert after(b, "freeze") == ["resume", "storage k: null to 1", "b closed 1006"]
    a.do(send("a", "two"))
    rig.run_for(WHILE_US)
    assert log(b, "b says") == []


def test_web_sockets_close_before_overdue_timers(rig: Rig) -> None:
    (a,) = connected(rig, "a")
    a.hide()
    a.do(timer(1_500, "t"))
    a.freeze()
    rig.run_for(3 * SECOND)
    a.show()
    told(rig, a, "timer t")
    assert after(a, "visibilitychange to visible") == ["a closed 1006", "timer t"]


def test_a_frozen_page_sends_over_its_web_socket_at_once(rig: Rig) -> None:
    a, b = connected(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), react("b hears", send("b", "here")))
    b.freeze()
    rig.run_for(WHILE_US)
    a.do(post("a", 1))
    told(rig, a, "a says here")
    assert after(b, "freeze") == ["b hears 1"]


def test_a_web_socket_that_a_frozen_page_opens_is_closed_before_it_was_open(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), react("b hears", socket("s")))
    b.freeze()
    a.do(post("a", 1))
    told(rig, b, "b hears 1")
    rig.run_for(SECOND)
    b.resume()
    told(rig, b, "s closed 1006")
    assert after(b, "freeze") == ["b hears 1", "resume", "s closed 1006"]


def test_a_page_is_cached_with_its_web_socket_which_closes_when_it_comes_back(rig: Rig) -> None:
    a, b = connected(rig, "a", "b")
    b.navigate()
    rig.run_for(WHILE_US)
    a.do(send("a", "one"))
    rig.run_for(WHILE_US)
    b.back()
    told(rig, b, "b closed 1006")
    assert logs(b)[0][-2:] == ["pageshow persisted", "b closed 1006"]
    assert logs(b, "b says") == [[], []]


def test_a_stopped_page_keeps_its_web_socket_and_hears_all_when_it_goes_on(rig: Rig) -> None:
    a, b = connected(rig, "a", "b")
    b.stop()
    a.do(send("a", "one"), send("a", "two"))
    rig.run_for(SECOND)
    b.go_on()
    told(rig, b, "b says two")
    assert log(b, "b says") == ["b says one", "b says two"]
    b.do(send("b", "still"))
    told(rig, a, "a says still")


def test_a_web_socket_that_a_page_opens_as_it_resumes_stays_open(rig: Rig) -> None:
    a, b = connected(rig, "a", "b")
    b.do(react("resume", socket("new")))
    b.freeze()
    rig.run_for(SECOND)
    b.resume()
    told(rig, b, "new open", within_us=3 * SECOND)
    a.do(send("a", "one"))
    told(rig, b, "new says one")
    assert log(b, "new") == ["new open", "new says one"]
