"""A window: how the driver takes turns, keeps timers and loses messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import pytest

from oneroom.core.actions import Action, Arm, CloseRoom, Disarm, Post
from oneroom.core.config import Config
from oneroom.core.coordinator import Coordinator
from oneroom.core.events import (
    Event,
    LeaseSeen,
    Received,
    RoomEnded,
    Timer,
    TimerFired,
    UserGesture,
)
from oneroom.core.messages import Message, Probe
from oneroom.core.platform import Platform
from oneroom.core.reasons import Reason
from oneroom.core.state import Lease
from oneroom.driver.coordinator_window import CoordinatorWindow, WindowPorts
from oneroom.policies.web_lock_lease import WebLockLease
from oneroom.ports.observer import Loss
from oneroom.ports.page import TaskSource
from oneroom.trace.records import (
    MessageDelivered,
    MessageLost,
    MessagePosted,
    RoomChanged,
    TimerRan,
    TurnRan,
)
from tests.sim.page_rig import Rig
from tests.units import MILLISECOND, SECOND

PROBE = Probe("other", 0, 1, 0, False)


class Script(Coordinator):
    """A machine that notes what it is told and does what the test says."""

    def __init__(self) -> None:
        super().__init__(Config("main"), WebLockLease)
        self.told: list[Event] = []
        self.answers: Callable[[Event], list[Action]] = lambda event: []

    def handle(self, event: Event, now_us: int) -> list[Action]:
        self.told.append(event)
        return self.answers(event)


class Plugged:
    """All ports of a window at once: it notes what is asked of it."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.done: list[object] = []
        self.window: CoordinatorWindow

    def post(self, message: Message) -> None:
        self.done.append(message)

    def close(self, epoch: int) -> None:
        """As the SDK does: `disconnect()` emits before it returns."""
        self.done.append(("close", epoch))
        self.window.deliver(TaskSource.NETWORK, RoomEnded(epoch, Reason.CLIENT_INITIATED))
        self.done.append("closed")


class Driven:
    """One window on a rig."""

    def __init__(self) -> None:
        self.rig = Rig()
        self.machine = Script()
        self.plugged = Plugged(self.machine.last_lease)
        rig = self.rig
        self.window = CoordinatorWindow(
            rig.kernel, rig.trace, rig.grid, "main", self.machine, bus_runs_frozen=True
        )
        self.plugged.window = self.window
        port = cast("object", self.plugged)
        self.window.plug_in(WindowPorts(port, port, port, port, port, port, Platform()))  # type: ignore[arg-type]  # one stands for all

    def do(self, *actions: Action) -> None:
        """A turn that answers with these actions."""
        self.machine.answers = lambda event: list(actions) if isinstance(event, UserGesture) else []
        self.window.deliver(TaskSource.INPUT, UserGesture())

    def fired_us(self) -> list[int]:
        return [record.at_us for record in self.rig.trace.records if isinstance(record, TimerRan)]


@pytest.fixture
def driven() -> Driven:
    return Driven()


def lease(counter: int) -> Lease:
    return Lease(term=1, holder="other", counter=counter)


# -- turns ---------------------------------------------------------------------------------------


def test_a_changed_row_comes_before_the_event(driven: Driven) -> None:
    driven.plugged.lease = lease(1)
    driven.window.deliver(TaskSource.INPUT, UserGesture())
    driven.window.hear(Received(PROBE))
    assert driven.machine.told == [LeaseSeen(lease(1)), UserGesture(), Received(PROBE)]


def test_a_storage_event_for_the_row_that_is_known_is_no_turn(driven: Driven) -> None:
    driven.plugged.lease = lease(1)
    driven.window.deliver(TaskSource.INPUT, UserGesture())
    driven.window.deliver(TaskSource.STORAGE, LeaseSeen(driven.plugged.lease))
    assert driven.machine.told == [LeaseSeen(lease(1)), UserGesture()]


def test_a_storage_event_for_a_row_that_is_masked_is_a_turn(driven: Driven) -> None:
    driven.window.deliver(TaskSource.STORAGE, LeaseSeen(lease(2)))
    assert driven.machine.told == [LeaseSeen(lease(2))]


def test_a_storage_event_that_is_older_than_storage_is_no_turn(driven: Driven) -> None:
    driven.plugged.lease = lease(2)
    driven.window.deliver(TaskSource.STORAGE, LeaseSeen(lease(1)))
    assert driven.machine.told == [LeaseSeen(lease(2))], "what storage holds, and not what it held"


def test_actions_are_performed_in_order(driven: Driven) -> None:
    driven.do(Post(PROBE), CloseRoom(1, 0), Post(PROBE))
    assert driven.plugged.done == [PROBE, ("close", 1), "closed", PROBE]


def turns_seen(driven: Driven) -> list[object]:
    """What the window did, with the turns that it took in between."""
    seen = driven.plugged.done
    told = driven.machine.told

    def answers(event: Event) -> list[Action]:
        seen.append(type(event).__name__)
        return [CloseRoom(1, 0), Post(PROBE)] if len(told) == 1 else []

    driven.machine.answers = answers
    return seen


WHOLE_TURN = [("close", 1), "closed", PROBE, "RoomEnded"]


def test_what_the_sdk_reports_while_actions_are_performed_waits(driven: Driven) -> None:
    seen = turns_seen(driven)
    driven.window.deliver(TaskSource.INPUT, UserGesture())
    assert seen == ["UserGesture", *WHOLE_TURN]


def test_it_waits_also_in_the_turn_of_a_changed_row(driven: Driven) -> None:
    seen = turns_seen(driven)
    driven.plugged.lease = lease(1)
    driven.window.deliver(TaskSource.STORAGE, LeaseSeen(driven.plugged.lease))
    assert seen == ["LeaseSeen", *WHOLE_TURN]


def test_it_waits_for_the_event_that_the_changed_row_came_before(driven: Driven) -> None:
    seen = turns_seen(driven)
    driven.plugged.lease = lease(1)
    driven.window.deliver(TaskSource.INPUT, UserGesture())
    assert seen == ["LeaseSeen", *WHOLE_TURN[:-1], "UserGesture", "RoomEnded"]


def test_a_turn_has_the_cause_that_led_to_it(driven: Driven) -> None:
    driven.machine.answers = lambda event: (
        [Post(PROBE), CloseRoom(1, 0)] if isinstance(event, Received) else []
    )
    driven.window.hear(Received(PROBE))
    delivered, posted, closing, ended = driven.rig.trace.records
    assert [type(one) for one in (delivered, posted, closing, ended)] == [
        MessageDelivered,
        MessagePosted,
        RoomChanged,
        RoomChanged,
    ]
    assert (posted.cause, closing.cause, ended.cause) == (delivered.n, delivered.n, closing.n)


# -- timers --------------------------------------------------------------------------------------

WATCH = Timer.WATCH


def test_a_timer_fires_once_at_its_time(driven: Driven) -> None:
    driven.do(Arm(WATCH, 500))
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == [500]
    assert driven.machine.told == [UserGesture(), TimerFired(WATCH)]


@pytest.mark.parametrize("moved_us", [200, 500, 900])
def test_arming_again_moves_a_timer(driven: Driven, moved_us: int) -> None:
    driven.do(Arm(WATCH, 500))
    driven.do(Arm(WATCH, moved_us))
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == [moved_us]


def test_a_timer_may_be_moved_many_times(driven: Driven) -> None:
    for at_us in (500, 900, 300, 700, 400, 800):
        driven.do(Arm(WATCH, at_us))
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == [800]


def test_a_disarmed_timer_does_not_fire(driven: Driven) -> None:
    driven.do(Arm(WATCH, 500), Disarm(WATCH))
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == []


def test_a_timer_can_be_armed_again_after_it_was_disarmed(driven: Driven) -> None:
    driven.do(Arm(WATCH, 500), Disarm(WATCH), Arm(WATCH, 700))
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == [700]


def test_a_timer_armed_for_the_past_fires_now(driven: Driven) -> None:
    driven.rig.run_for(SECOND)
    driven.do(Arm(WATCH, 500))
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == [SECOND]


def test_the_timers_of_a_window_do_not_touch_each_other(driven: Driven) -> None:
    driven.do(Arm(WATCH, 500), Arm(Timer.PROBE, 600), Disarm(WATCH))
    driven.rig.run_for(SECOND)
    assert driven.machine.told == [UserGesture(), TimerFired(Timer.PROBE)]


def test_an_overdue_timer_fires_once_after_a_stall(driven: Driven) -> None:
    driven.do(Arm(WATCH, 500))
    driven.window.stall()
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == []
    driven.window.unstall()
    assert driven.fired_us() == [SECOND]
    driven.rig.run_for(SECOND)
    assert driven.fired_us() == [SECOND]


@pytest.mark.parametrize(
    "action", [Disarm(WATCH), Arm(WATCH, 3 * SECOND)], ids=["disarmed", "moved"]
)
def test_a_message_of_the_backlog_can_still_stop_an_overdue_timer(
    driven: Driven, action: Action
) -> None:
    driven.do(Arm(WATCH, 500 * MILLISECOND))
    driven.window.stall()
    driven.rig.run_for(SECOND)
    driven.window.hear(Received(PROBE))
    driven.machine.answers = lambda event: [action] if isinstance(event, Received) else []
    driven.window.unstall()
    assert driven.fired_us() == []
    driven.rig.run_for(5 * SECOND)
    assert driven.fired_us() == ([] if isinstance(action, Disarm) else [3 * SECOND])


def test_an_armed_timer_follows_the_grid_while_the_window_is_hidden(driven: Driven) -> None:
    driven.do(Arm(WATCH, 600 * MILLISECOND), Arm(Timer.PROBE, 5 * SECOND))
    driven.window.hide()
    driven.rig.run_for(4 * SECOND)
    assert driven.fired_us() == [1_250 * MILLISECOND]
    driven.window.show()
    driven.rig.run_for(4 * SECOND)
    assert driven.fired_us() == [1_250 * MILLISECOND, 5 * SECOND]


def test_a_timer_that_the_grid_held_back_fires_when_the_window_is_shown(driven: Driven) -> None:
    driven.window.hide()
    driven.do(Arm(WATCH, 600 * MILLISECOND))
    driven.rig.run_for(700 * MILLISECOND)
    driven.window.show()
    driven.rig.run_for(4 * SECOND)
    assert driven.fired_us() == [700 * MILLISECOND]


# -- messages ------------------------------------------------------------------------------------


def test_a_message_for_a_window_that_is_gone_is_lost(driven: Driven) -> None:
    driven.window.die()
    driven.window.hear(Received(PROBE))
    (lost,) = driven.rig.trace.records
    assert isinstance(lost, MessageLost)
    assert (lost.why, driven.machine.told) == (Loss.GONE, [])


def test_a_message_that_a_window_took_to_its_grave_was_not_handled(driven: Driven) -> None:
    driven.window.stall()
    driven.window.hear(Received(PROBE))
    driven.window.die()
    driven.window.unstall()
    assert (driven.rig.trace.records, driven.machine.told) == ([], [])


def test_a_frozen_window_answers(driven: Driven) -> None:
    driven.window.freeze()
    driven.machine.answers = lambda event: [Post(PROBE)]
    driven.window.hear(Received(PROBE))
    assert driven.plugged.done == [PROBE]
    assert [type(record) for record in driven.rig.trace.records] == [
        TurnRan,
        MessageDelivered,
        MessagePosted,
    ]
