"""The shared counter: terms that nobody else gets."""

from __future__ import annotations

import pytest

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.core.events import TermSeen, TermTaken
from oneroom_fakes.terms import TRANSACTION_HIGH_US, TRANSACTION_LOW_US
from tests.fakes.browser_rig import Rig
from tests.units import MILLISECOND
from tests.virtual_time import PAUSES, Drawn

HALF_US = TRANSACTION_HIGH_US // 2


@pytest.mark.parametrize("seed", range(20))
def test_no_term_is_given_twice(seed: int) -> None:
    rig = Rig("a", "b", "c", choices=Seeded(seed))
    for turn in range(30):
        rig.windows[turn % 3].terms.take(1)
        rig.run_for(turn * 331 % 2_000)
    rig.settle()
    taken = [term for window in rig.windows for term in window.taken()]
    assert sorted(taken) == list(range(1, 31))


def test_a_later_term_is_higher() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.terms.take(1)
    rig.settle()
    b.terms.take(1)
    rig.settle()
    assert (a.taken(), b.taken()) == ([1], [2])


def test_answers_take_time_and_may_cross() -> None:
    # `a` is first in the database, and the last to hear of it. Draws: a there, b there, a back, b
    # back.
    rig = Rig("a", "b", choices=Drawn({Label.STORAGE_DELAY: [0, 1, HALF_US, 0]}))
    a, b = rig.windows
    a.terms.take(1)
    b.terms.take(1)
    rig.settle()
    assert (a.taken(), b.taken()) == ([1], [2])
    assert TRANSACTION_LOW_US <= b.page.times_us[0] < a.page.times_us[0] <= TRANSACTION_HIGH_US
    assert MILLISECOND <= TRANSACTION_LOW_US


@pytest.mark.parametrize("fault", ["freeze", "stall", "stop"])
def test_a_page_that_does_not_run_has_taken_its_term(fault: str) -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.terms.take(1)
    pause, go_on = PAUSES[fault]
    pause(a.page)
    rig.settle()
    b.terms.take(1)
    rig.settle()
    assert (a.taken(), b.taken()) == ([], [2])
    go_on(a.page)
    assert a.taken() == [1]


def test_a_window_that_died_leaves_a_hole() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.terms.take(1)
    a.die()
    rig.settle()
    b.terms.take(1)
    rig.settle()
    assert (a.taken(), b.taken()) == ([], [2])


def test_of_two_that_want_the_same_term_one_gets_it() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    for window in rig.windows:
        window.terms.read(1)
    rig.settle()
    for window in rig.windows:
        window.terms.take(2, after=0)
    rig.settle()
    answers = [window.events[1:] for window in (a, b)]
    assert sorted(answers, key=str) == [[TermSeen(2, 1)], [TermTaken(2, 1)]]


def test_a_term_that_was_passed_is_not_given() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.terms.take(11)
    a.terms.take(12)
    rig.settle()
    a.terms.take(13, after=1)
    rig.settle()
    a.terms.take(14, after=2)
    rig.settle()
    assert a.events == [TermTaken(11, 1), TermTaken(12, 2), TermSeen(13, 2), TermTaken(14, 3)]
