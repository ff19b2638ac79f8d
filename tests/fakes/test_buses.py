"""Rules of every bus: one order for all windows, and what faults do to it."""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.ports.observer import Loss
from oneroom_fakes.link import Link
from tests.fakes.browser_rig import LINK, Rig, Window

pytestmark = pytest.mark.parametrize("bus", ["broadcast-channel", "storage-event", "tauri-event"])


def rig_of(bus: str, *names: str, seed: int = 1, link: Link = LINK) -> Rig:
    """Windows that listen already."""
    rig = Rig(*names, bus=bus, choices=Seeded(seed), link=link)
    rig.settle()
    return rig


def heard(window: Window) -> list[tuple[str, int]]:
    """What the window heard of others: on one of the buses it hears itself too."""
    return [message for message in window.heard if message[0] != window.name]


@pytest.mark.parametrize("seed", range(10))
def test_all_windows_hear_one_order(bus: str, seed: int) -> None:
    rig = rig_of(bus, "a", "b", "c", "d", seed=seed)
    a, b, c, d = rig.windows
    for _ in range(20):
        a.post()
        b.post()
        rig.run_for(700)
    rig.settle()
    assert len(c.heard) == 40
    assert c.heard == d.heard
    if bus == "tauri-event":  # on which a sender hears itself
        assert a.heard == b.heard == c.heard


def test_a_doubled_message_arrives_twice(bus: str) -> None:
    rig = rig_of(bus, "a", "b", link=Link(LINK.delays_us, 0.0, 1.0))
    rig.windows[0].post()
    rig.settle()
    assert rig.windows[1].heard == [("a", 1), ("a", 1)]
    first_us, second_us = rig.windows[1].heard_us
    assert first_us < second_us


@pytest.mark.parametrize("disturbed", [0, 1], ids=["sender", "receiver"])
def test_a_rule_holds_both_ways_until_it_is_healed(bus: str, disturbed: int) -> None:
    rig = rig_of(bus, "a", "b", "c")
    a, b, c = rig.windows
    rig.windows[disturbed].port.lose(1.0)
    a.post()
    rig.settle()
    assert heard(b) == []
    assert ("b", Loss.LOST) in rig.lost()
    assert heard(c) == ([] if disturbed == 0 else [("a", 1)])
    rig.windows[disturbed].port.heal()
    a.post()
    rig.settle()
    assert heard(b) == [("a", 2)]


def test_a_partitioned_window_neither_hears_nor_is_heard(bus: str) -> None:
    rig = rig_of(bus, "a", "b", "c")
    a, b, c = rig.windows
    b.port.partition()
    a.post()
    b.post()
    rig.settle()
    assert (heard(a), b.heard, heard(c)) == ([], [], [("a", 1)])
    missed = ["a", "b", "b", "c"] if bus == "tauri-event" else ["a", "b", "c"]
    assert sorted(rig.lost()) == [(window, Loss.PARTITIONED) for window in missed]


def test_a_deaf_window_is_heard_and_hears_again_when_it_is_healed(bus: str) -> None:
    rig = rig_of(bus, "a", "b")
    a, b = rig.windows
    b.port.deafen()
    a.post()
    b.post()
    rig.settle()
    assert (heard(a), b.heard) == ([("b", 1)], [])
    missed = ["b", "b"] if bus == "tauri-event" else ["b"]
    assert rig.lost() == [(window, Loss.DEAF) for window in missed]
    b.port.heal()
    a.post()
    rig.settle()
    assert b.heard == [("a", 2)]
