"""`single_prompt`: permission prompts do not collide."""

from __future__ import annotations

from oneroom.checks.single_prompt import SinglePrompt
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Source
from tests.checks.judged import judged, text
from tests.histories import History


def test_holds_for_one_prompt_after_another() -> None:
    history = (
        History().prompts("main").at(900).prompts("main", up=False).prompts("overlay").settles()
    )
    assert judged(SinglePrompt, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_prompt() -> None:
    assert judged(SinglePrompt, History().settles()).verdict() is Verdict.VACUOUS


def test_two_windows_ask_at_once() -> None:
    history = (
        History()
        .prompts("main")
        .at(30)
        .prompts("overlay", source=Source.CAMERA)
        .at(80)
        .prompts("main", up=False)
    )
    check = judged(SinglePrompt, history.settles())
    assert text(check, history) == "main and overlay ask for a permission at the same time (50 ms)"


def test_one_window_may_ask_for_two_things() -> None:
    history = (
        History().prompts("main").prompts("main", source=Source.CAMERA).prompts("main", up=False)
    )
    assert judged(SinglePrompt, history.settles()).verdict() is Verdict.HELD
    history = (
        History().prompts("main").prompts("main", source=Source.CAMERA).prompts("main", up=False)
    )
    assert judged(SinglePrompt, history.prompts("overlay")).verdict() is Verdict.VIOLATED


def test_the_prompt_of_a_window_that_is_gone_is_gone() -> None:
    history = History().prompts("main").life("main", Life.CRASHED).prompts("overlay")
    assert judged(SinglePrompt, history).verdict() is Verdict.HELD


def test_every_collision_is_counted() -> None:
    history = History().prompts("main").prompts("overlay").prompts("overlay", source=Source.CAMERA)
    history.life("overlay", Life.CRASHED).at(5).prompts("overlay").settles()
    check = judged(SinglePrompt, history)
    assert check.violations == 2
    lasting = History().prompts("main").prompts("overlay").settles()
    assert text(judged(SinglePrompt, lasting), lasting).endswith("at the same time (10.000 s)")
