"""Capture: what is asked, what is granted without asking, and who is told that it is over."""

from __future__ import annotations

from tests.conformance.windows.browser_rig import Rig, log, told, windows
from tests.conformance.windows.steps import capture, captured, permission, stop_capture
from tests.units import MILLISECOND, SECOND

WHILE_US = 500 * MILLISECOND
# The user takes so long to answer at most.
ANSWER_US = 4 * SECOND


def test_an_answer_to_one_prompt_is_the_answer_for_every_window(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(permission("microphone"))
    told(rig, a, "microphone is prompt")
    for window in (a, b):
        window.do(capture("microphone"))
    for window in (a, b):
        told(rig, window, "microphone failed with NotAllowedError", within_us=ANSWER_US)
    b.do(permission("microphone"))
    told(rig, b, "microphone is denied")


def test_a_refusal_holds_and_nobody_is_asked_again(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    rig.decide("denied")
    a.do(capture("microphone"))
    asked_us = rig.now_us
    at_us = told(rig, a, "microphone failed with NotAllowedError")
    assert at_us - asked_us <= 100 * MILLISECOND + rig.slack_us


def test_what_is_granted_opens_without_a_prompt_in_several_windows(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    rig.decide("granted")
    for window in (a, b):
        window.do(capture("microphone"))
    for window in (a, b):
        told(rig, window, "microphone captured", within_us=5 * SECOND)
    rig.run_for(WHILE_US)
    assert log(a, "microphone") == log(b, "microphone") == ["microphone captured"]


def test_a_permission_that_is_taken_back_ends_the_capture_in_every_window(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    rig.decide("granted")
    for window in (a, b):
        window.do(capture("microphone"))
        told(rig, window, "microphone captured")
    rig.decide("denied")
    for window in (a, b):
        told(rig, window, "microphone ended")
        window.do(capture("microphone"))
        told(rig, window, "microphone failed with NotAllowedError")


def test_a_page_that_stops_its_own_capture_is_not_told_and_nobody_elses_ends(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    rig.decide("granted")
    for window in (a, b):
        window.do(capture("microphone"))
        told(rig, window, "microphone captured")
    a.do(stop_capture("microphone"), captured("microphone"))
    rig.run_for(WHILE_US)
    b.do(captured("microphone"))
    assert log(a, "microphone") == ["microphone captured", "microphone is ended"]
    assert log(b, "microphone") == ["microphone captured", "microphone is live"]


def test_a_frozen_page_captures_and_is_told_after_resume(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    rig.decide("granted")
    a.freeze()
    a.do(capture("microphone"))
    rig.run_for(SECOND)
    assert log(a, "microphone") == []
    a.resume()
    told(rig, a, "microphone captured")


def test_a_hidden_window_may_capture(rig: Rig) -> None:
    (a,) = windows(rig, "a")
    rig.decide("granted")
    a.hide()
    a.do(capture("microphone"))
    told(rig, a, "microphone captured")


def test_a_screen_share_needs_neither_click_nor_focus_nor_visibility(rig: Rig) -> None:
    rig.shared()
    a, b = windows(rig, "a", "b")
    a.do(capture("screen"))
    told(rig, a, "screen captured", within_us=ANSWER_US)
    b.hide()
    b.do(capture("screen"))
    told(rig, b, "screen captured", within_us=ANSWER_US)


def test_a_screen_share_after_a_click(rig: Rig) -> None:
    rig.shared()
    (a,) = windows(rig, "a")
    a.do(capture("screen"), gesture=True)
    told(rig, a, "screen captured", within_us=ANSWER_US)


def test_a_share_that_ends_outside_of_the_page_is_told_there(rig: Rig) -> None:
    shared = rig.shared()
    (a,) = windows(rig, "a")
    a.do(capture("screen"))
    told(rig, a, "screen captured", within_us=ANSWER_US)
    shared.close_unasked()
    told(rig, a, "screen ended")


def test_even_a_frozen_page_is_told_at_once_that_its_share_has_ended(rig: Rig) -> None:
    shared = rig.shared()
    (a,) = windows(rig, "a")
    a.do(capture("screen"))
    told(rig, a, "screen captured", within_us=ANSWER_US)
    a.freeze()
    rig.run_for(WHILE_US)
    shared.close_unasked()
    told(rig, a, "screen ended")
    rig.run_for(WHILE_US)
    assert log(a)[-2:] == ["freeze", "screen ended"]
