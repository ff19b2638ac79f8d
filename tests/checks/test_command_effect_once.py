"""`command_effect_once`: a command takes effect once in one lineage of state."""

from __future__ import annotations

from oneroom.checks.command_effect_once import CommandEffectOnce
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import CommandVerb
from tests.checks.judged import judged, text
from tests.histories import History


def first_effect() -> History:
    """Command 1 of the overlay is contained in snapshot 4 of term 1."""
    history = History("main", "overlay", "tab").owner("main", term=1)
    return history.applies(
        "main", CommandVerb.TOGGLE_MUTE, True, issuer="overlay", number=1, term=1, snapshot=4
    ).at(1_000)


def again(history: History, window: str, term: int) -> History:
    return history.applies(
        window, CommandVerb.TOGGLE_MUTE, True, issuer="overlay", number=1, term=term, snapshot=1
    )


def test_holds_for_different_commands() -> None:
    history = first_effect().applies("main", CommandVerb.CONNECT, issuer="overlay", number=2)
    history.applies("main", CommandVerb.CONNECT, issuer="tab", number=1)
    assert judged(CommandEffectOnce, history).verdict() is Verdict.HELD


def test_is_vacuous_without_an_effect() -> None:
    assert judged(CommandEffectOnce, History().owner("main")).verdict() is Verdict.VACUOUS


def test_twice_under_one_ownership() -> None:
    history = again(first_effect(), "main", 1)
    check = judged(CommandEffectOnce, history)
    assert text(check, history) == "main applied command 1 of overlay twice (term 1)"


def test_a_successor_whose_state_contains_it() -> None:
    history = again(first_effect().owner("tab", term=2, base=(1, 4)), "tab", 2)
    check = judged(CommandEffectOnce, history)
    assert text(check, history) == "main and tab both applied command 1 of overlay (terms 1 and 2)"


def test_a_successor_whose_state_is_older_is_right_to_apply_it() -> None:
    history = again(first_effect().owner("tab", term=2, base=(1, 3)), "tab", 2)
    assert judged(CommandEffectOnce, history).verdict() is Verdict.HELD


def test_the_state_is_inherited_over_several_owners() -> None:
    history = first_effect().owner("tab", term=2, base=(1, 5)).owner("overlay", term=3, base=(2, 9))
    assert judged(CommandEffectOnce, again(history, "overlay", 3)).verdict() is Verdict.VIOLATED


def test_an_heir_of_an_owner_without_it_does_not_have_it() -> None:
    history = first_effect().owner("tab", term=2, base=(1, 3)).owner("overlay", term=3, base=(2, 9))
    assert judged(CommandEffectOnce, again(history, "overlay", 3)).verdict() is Verdict.HELD


def test_an_owner_that_started_from_nothing_does_not_have_it() -> None:
    history = first_effect().owner("tab", term=2, base=(0, 0))
    assert judged(CommandEffectOnce, again(history, "tab", 2)).verdict() is Verdict.HELD


def test_an_owner_that_owns_again_without_its_old_state_does_not_have_it() -> None:
    history = first_effect().owner("tab", term=2).owner("main", term=3, base=(2, 1))
    assert judged(CommandEffectOnce, again(history, "main", 3)).verdict() is Verdict.HELD
    history = first_effect().owner("main", term=3, base=(1, 4))
    check = judged(CommandEffectOnce, again(history, "main", 3))
    assert text(check, history) == "main applied command 1 of overlay twice (terms 1 and 3)"


def test_two_owners_of_one_term_are_two_lineages() -> None:
    history = again(first_effect().owner("tab", term=1), "tab", 1)
    assert judged(CommandEffectOnce, history).verdict() is Verdict.HELD


def test_a_successor_takes_the_state_of_the_later_of_two_owners_of_a_term() -> None:
    history = first_effect().owner("tab", term=1).owner("overlay", term=2, base=(1, 9))
    assert judged(CommandEffectOnce, again(history, "overlay", 2)).verdict() is Verdict.HELD


def test_a_state_that_claims_to_begin_with_itself_ends_the_search() -> None:
    history = first_effect().owner("tab", term=2, base=(2, 9))
    assert judged(CommandEffectOnce, again(history, "tab", 2)).verdict() is Verdict.HELD
