"""Choice of the buses that a window speaks on."""

from __future__ import annotations

from oneroom.core.bus_choice import BusChoice
from oneroom.core.bus_kind import BUS_KINDS, in_order
from oneroom.core.messages import Command, CommandVerb, HandoffRequest, Heartbeat, Probe, Resign

PROBE = Probe("a", 0, 1, 0, False)
YIELD = HandoffRequest("a", 1, 1, 0)
HEARTBEAT = Heartbeat("a", 1, 1, 0, True)
BROADCAST, STORAGE, TAURI = range(3)


def command(number: int) -> Command:
    return Command("a", 1, number, number, 0, CommandVerb.TOGGLE_MUTE)


def test_the_plans_order_holds_however_a_platform_lists_what_it_has() -> None:
    assert in_order(("tauri-event", "broadcast-channel", "storage-event")) == BUS_KINDS
    assert in_order(("tauri-event", "storage-event")) == ("storage-event", "tauri-event")
    assert in_order(()) == ()


def test_a_window_speaks_on_the_first_bus_alone() -> None:
    choice = BusChoice(3)
    for message in (PROBE, HEARTBEAT, Resign("a", 1, 1, 0, ""), command(1), command(2)):
        assert choice.of(message) == (BROADCAST,)


def test_a_question_that_is_asked_again_goes_out_on_every_bus() -> None:
    choice = BusChoice(3)
    assert choice.of(PROBE) == (BROADCAST,)
    assert choice.of(PROBE) == (BROADCAST, STORAGE, TAURI)
    assert choice.of(YIELD) == (BROADCAST, STORAGE, TAURI)
    assert choice.of(HEARTBEAT) == (BROADCAST,)


def test_who_has_heard_anything_since_it_asked_is_not_asking_again() -> None:
    choice = BusChoice(2)
    assert choice.of(PROBE) == (BROADCAST,)
    choice.heard(BROADCAST)
    assert choice.of(PROBE) == (BROADCAST,)
    assert choice.of(PROBE) == (BROADCAST, STORAGE)


def test_a_command_that_is_repeated_goes_out_on_every_bus_and_the_next_new_one_does_not() -> None:
    choice = BusChoice(2)
    assert [choice.of(command(number)) for number in (1, 2, 1, 2, 3)] == [
        (0,),
        (0,),
        (0, 1),
        (0, 1),
        (0,),
    ]


def test_a_window_speaks_where_it_was_spoken_to() -> None:
    choice = BusChoice(3)
    choice.heard(BROADCAST)
    assert choice.of(HEARTBEAT) == (BROADCAST,)
    choice.heard(TAURI)
    choice.heard(TAURI)
    assert choice.of(HEARTBEAT) == (BROADCAST, TAURI)
    choice.heard(STORAGE)
    assert choice.of(HEARTBEAT) == (BROADCAST, STORAGE, TAURI)
