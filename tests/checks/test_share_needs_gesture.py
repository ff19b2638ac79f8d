"""`share_needs_gesture`: the screen is asked for where the user has just clicked."""

from __future__ import annotations

from oneroom.checks.share_needs_gesture import ShareNeedsGesture
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Role, Source
from tests.checks.judged import judged, text
from tests.histories import History

SCREEN = Source.SCREEN_SHARE


def test_holds_after_a_fresh_click_in_the_owner_window() -> None:
    history = History().owner("main").acts("main").at(4_900).prompts("main", source=SCREEN)
    assert judged(ShareNeedsGesture, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_screen_picker() -> None:
    assert (
        judged(ShareNeedsGesture, History().owner("main").prompts("main")).verdict()
        is Verdict.VACUOUS
    )


def test_a_click_in_another_window_does_not_count() -> None:
    history = History().owner("main").acts("overlay").prompts("main", source=SCREEN)
    check = judged(ShareNeedsGesture, history)
    assert (
        text(check, history)
        == "the screen picker opened in main, where the user has not clicked for 5 s"
    )


def test_an_old_click_does_not_count() -> None:
    history = History().owner("main").acts("main").at(5_001).prompts("main", source=SCREEN)
    assert judged(ShareNeedsGesture, history).verdict() is Verdict.VIOLATED


def test_a_follower_may_not_ask() -> None:
    history = History().owner("main").acts("overlay").prompts("overlay", source=SCREEN)
    check = judged(ShareNeedsGesture, history)
    assert (
        text(check, history) == "the screen picker opened in overlay, which does not own the Room"
    )


def test_who_was_owner_may_not_ask_either() -> None:
    history = (
        History()
        .owner("main")
        .role("main", Role.FOLLOWER)
        .acts("main")
        .prompts("main", source=SCREEN)
    )
    assert judged(ShareNeedsGesture, history).verdict() is Verdict.VIOLATED


def test_of_an_app_without_roles_the_click_alone_is_judged() -> None:
    clicked = History().acts("overlay").at(100).prompts("overlay", source=SCREEN)
    assert judged(ShareNeedsGesture, clicked, app=True).verdict() is Verdict.HELD
    unasked = History().prompts("overlay", source=SCREEN)
    assert judged(ShareNeedsGesture, unasked, app=True).verdict() is Verdict.VIOLATED


def test_of_an_app_with_roles_the_owner_is_judged_too() -> None:
    history = History().owner("main").acts("overlay").at(100).prompts("overlay", source=SCREEN)
    assert judged(ShareNeedsGesture, history, app=True).verdict() is Verdict.VIOLATED
