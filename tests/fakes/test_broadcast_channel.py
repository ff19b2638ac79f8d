"""BroadcastChannel: who hears what, in which order, and what faults do to it."""

from __future__ import annotations

import pytest

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.ports.observer import Loss
from oneroom_fakes.link import Link
from tests.fakes.browser_rig import DELAY_HIGH_US, DELAY_LOW_US, LINK, Rig
from tests.virtual_time import Drawn

SLOW = DELAY_HIGH_US - DELAY_LOW_US


def test_the_sender_never_hears_itself() -> None:
    rig = Rig("a", "b", "c")
    rig.windows[0].post()
    rig.settle()
    assert [window.heard for window in rig.windows] == [[], [("a", 1)], [("a", 1)]]


def test_nothing_arrives_in_the_turn_in_which_it_is_posted() -> None:
    rig = Rig("a", "b", link=Link(range(1), 0.0, 0.0))
    a, b = rig.windows
    a.post()
    assert b.heard == []
    rig.settle()
    assert b.heard == [("a", 1)]


@pytest.mark.parametrize(
    ("duplicate_ratio", "total_order"),
    [(0.3, True), (0.3, False), (0.0, False)],
    ids=["doubling", "doubling-no-total-order", "no-total-order"],
)
def test_one_senders_order_needs_no_total_order_and_survives_a_link_that_doubles(
    duplicate_ratio: float, total_order: bool
) -> None:
    link = Link(LINK.delays_us, 0.0, duplicate_ratio)
    rig = Rig("a", "b", choices=Seeded(7), link=link, total_order=total_order)
    a, b = rig.windows
    for _ in range(50):
        a.post()
        rig.run_for(500)
    rig.settle()
    numbers = [number for _, number in b.heard]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 51))


def test_the_standard_lets_receivers_disagree() -> None:
    rig = Rig("a", "b", "c", "d", choices=Seeded(3), total_order=False)
    a, b, c, d = rig.windows
    for _ in range(20):
        a.post()
        b.post()
        rig.run_for(1_000)
    rig.settle()
    assert len(c.heard) == len(d.heard) == 40
    assert c.heard != d.heard


def test_a_message_that_is_under_way_does_not_reach_a_window_that_joins_meanwhile() -> None:
    rig = Rig("a", "b")
    rig.windows[0].post()
    late = rig.window("late")
    rig.settle()
    assert late.heard == []


def test_what_was_posted_outlives_its_sender() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.post()
    a.die()
    rig.settle()
    assert b.heard == [("a", 1)]


def test_a_closed_end_hears_nothing_that_is_posted_later() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    b.die()
    a.post()
    rig.settle()
    assert b.heard == []
    assert rig.lost() == []  # nobody was there to miss it


@pytest.mark.parametrize(
    ("drawn", "after_us"),
    [(0, DELAY_LOW_US), (SLOW, DELAY_HIGH_US), (SLOW + 1, None), (10**9, None)],
)
def test_a_message_is_lost_or_late_by_one_draw(drawn: int, after_us: int | None) -> None:
    choices = Drawn({Label.FATE: [drawn]})
    rig = Rig("a", "b", choices=choices, link=Link(LINK.delays_us, 0.5, 0.0))
    rig.windows[0].post()
    rig.settle()
    assert rig.windows[1].heard_us == ([] if after_us is None else [after_us])
    assert rig.lost() == ([("b", Loss.LOST)] if after_us is None else [])
    assert [draw.label for draw in choices.tape] == [Label.FATE]


@pytest.mark.parametrize("loss_ratio", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_the_loss_ratio_is_the_share_of_messages_lost(loss_ratio: float) -> None:
    rig = Rig(
        "a",
        "b",
        choices=Seeded(5),
        link=Link(LINK.delays_us, loss_ratio, 0.0),
    )
    for _ in range(2_000):
        rig.windows[0].post()
    assert len(rig.lost()) / 2_000 == pytest.approx(loss_ratio, abs=0.04)


def test_faults_add_up() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    b.port.deafen()
    b.port.lose(1.0)
    a.post()
    b.post()
    rig.settle()
    assert (a.heard, b.heard) == ([], [])


def test_order_outlives_a_fault() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.port.delay(2 * DELAY_HIGH_US, 2 * DELAY_HIGH_US)
    a.post()
    a.port.heal()
    a.post()
    rig.settle()
    assert b.heard == [("a", 1), ("a", 2)]
