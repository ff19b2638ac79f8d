"""A page: what it runs while it is frozen, stalled, stopped or hidden, and in which order it
catches up.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from oneroom.choices.labels import Label
from oneroom.driver.page import (
    CHAIN_LEVELS,
    HIDDEN_GRID_US,
    INTENSIVE_AFTER_NEVER_SHOWN_US,
    INTENSIVE_AFTER_US,
    INTENSIVE_GRID_US,
    EventLoop,
)
from oneroom.ports.page import TaskSource
from oneroom.trace.records import MessageDelivered, TurnRan
from tests.sim.page_rig import PHASE_US, Rig
from tests.sim.played import Played, steps
from tests.units import MILLISECOND, SECOND
from tests.virtual_time import Drawn

BUS, STORAGE, NETWORK, LOCK, TIMER, INPUT, IPC, PROCESS, DEVICE, SOCKET, FETCH = TaskSource

STAND_STILL: list[Callable[[EventLoop], None]] = [EventLoop.stall, EventLoop.stop]
GO_ON: dict[Callable[[EventLoop], None], Callable[[EventLoop], None]] = {
    EventLoop.stall: EventLoop.unstall,
    EventLoop.stop: EventLoop.unstop,
}


class InCall(EventLoop):
    """A page with a connected peer connection."""

    def in_call(self) -> bool:
        return True


def arrive(rig: Rig, page: EventLoop, *sources: TaskSource) -> None:
    for source in sources:
        rig.task(page, source)


def test_a_running_page_runs_every_task_at_once() -> None:
    rig = Rig()
    page = rig.page()
    arrive(rig, page, *TaskSource)
    assert rig.names() == [source.name for source in TaskSource]
    assert rig.trace.records == []  # turns of a page that plainly runs are not news


def test_a_frozen_chromium_page_runs_bus_tasks_alone() -> None:
    rig = Rig()
    page = rig.page()
    page.freeze()
    arrive(rig, page, TIMER, STORAGE, BUS, NETWORK, LOCK, DEVICE, INPUT, BUS)
    assert rig.names() == ["BUS", "DEVICE", "BUS"]
    assert [type(record) for record in rig.trace.records] == [TurnRan, TurnRan], (
        "the app hears of no device"
    )


@pytest.mark.parametrize("frozen", [False, True])
def test_what_the_sdk_hears_of_a_device_after_a_stall_is_no_turn_of_the_app(frozen: bool) -> None:
    rig = Rig()
    page = rig.page()
    if frozen:
        page.freeze()
    page.stall()
    arrive(rig, page, DEVICE)
    page.unstall()
    assert rig.names() == ["DEVICE"]
    assert rig.trace.records == []
    arrive(rig, page, BUS)
    assert [type(record) for record in rig.trace.records] == [TurnRan], "the next one is the first"


def test_a_suspended_page_of_another_engine_runs_nothing() -> None:
    rig = Rig()
    page = rig.page(chromium=False)
    page.freeze()
    tasks = [source for source in TaskSource if source is not PROCESS]
    arrive(rig, page, *tasks)
    assert rig.names() == []
    page.thaw()
    page.catch_up(after_freeze=True)
    assert sorted(rig.names()) == sorted(source.name for source in tasks)


@pytest.mark.parametrize("shown", [True, False])
def test_the_backlog_of_a_freeze_comes_in_chromiums_order(shown: bool) -> None:
    rig = Rig()
    page = rig.page()
    if not shown:
        page.hide()
    page.after(5_000, rig.note, "timer")
    page.freeze()
    page.after(0, rig.note, "0 ms")
    arrive(rig, page, LOCK, FETCH, NETWORK, STORAGE, SOCKET, NETWORK)
    page.open_socket(rig.note, "closed")
    rig.run_for(100 * MILLISECOND)
    page.thaw()
    rig.note("resume")
    page.catch_up(after_freeze=True)
    first = ["resume", "NETWORK", "STORAGE", "NETWORK", "0 ms", "closed", "FETCH"]
    if shown:
        assert rig.names() == [*first, "timer", "LOCK"]
        return
    assert rig.names() == [*first, "LOCK"]
    rig.run_for(SECOND)
    assert rig.ran[-1] == ("timer", PHASE_US), "the next wake-up of hidden pages"


@pytest.mark.parametrize("fault", STAND_STILL)
@pytest.mark.parametrize("hidden", [False, True])
def test_the_backlog_of_a_stall_comes_as_it_arrived(
    fault: Callable[[EventLoop], None], hidden: bool
) -> None:
    rig = Rig()
    page = rig.page()
    if hidden:
        page.hide()
    page.after(50 * MILLISECOND, rig.note, "later")
    page.after(20 * MILLISECOND, rig.note, "timer")
    fault(page)
    arrive(rig, page, LOCK, NETWORK, BUS, STORAGE)
    rig.run_for(SECOND)
    GO_ON[fault](page)
    came = ["LOCK", "NETWORK", "BUS", "STORAGE"]
    assert rig.names() == came if hidden else [*came, "timer", "later"]
    rig.run_for(SECOND)
    assert rig.names() == [*came, "timer", "later"]
    assert rig.times_us()[-1] == (SECOND + PHASE_US if hidden else SECOND)


@pytest.mark.parametrize("hidden", [False, True])
def test_timers_that_are_due_together_ring_in_the_order_of_their_deadlines(hidden: bool) -> None:
    for tie in range(6):
        rig = Rig(ties=tie)
        page = rig.page()
        if hidden:
            page.hide()
        page.after(30 * MILLISECOND, rig.note, "30")
        page.after(20 * MILLISECOND, rig.note, "20")
        page.every(30 * MILLISECOND, rig.note, "every 30")
        page.after(30 * MILLISECOND, rig.note, "30 again")
        rig.run_for(PHASE_US if hidden else 40 * MILLISECOND)
        assert rig.names() == ["20", "30", "every 30", "30 again"]


def test_an_interval_keeps_its_phase_and_rings_once_for_what_it_missed() -> None:
    rig = Rig()
    page = rig.page()
    page.every(100 * MILLISECOND, rig.note, "tick")
    page.stall()
    rig.run_for(250 * MILLISECOND)
    page.unstall()
    rig.run_for(200 * MILLISECOND)
    assert rig.times_us() == [250 * MILLISECOND, 300 * MILLISECOND, 400 * MILLISECOND]


def test_an_interval_of_a_hidden_page_rings_at_the_wake_ups_behind_its_own_times() -> None:
    rig = Rig()
    page = rig.page()
    page.hide()
    page.every(1_500 * MILLISECOND, rig.note, "tick")
    rig.run_for(7 * SECOND)
    assert [(at_us - PHASE_US) // SECOND for at_us in rig.times_us()] == [2, 3, 5, 6]


@pytest.mark.parametrize("fault", STAND_STILL)
def test_a_page_that_stands_still_runs_nothing(fault: Callable[[EventLoop], None]) -> None:
    rig = Rig()
    page = rig.page()
    fault(page)
    arrive(rig, page, *TaskSource)
    assert rig.names() == []
    assert (page.busy(), page.alive()) == (True, True)
    assert page.stopped() is (fault is EventLoop.stop)  # a stalled page's media goes on


def test_faults_that_overlap_end_one_by_one() -> None:
    rig = Rig()
    page = rig.page()
    page.stall()
    page.stall()
    page.stop()
    arrive(rig, page, BUS)
    page.unstall()
    page.unstop()
    assert rig.names() == []
    page.unstall()
    assert rig.names() == ["BUS"]


def test_a_frozen_page_hears_what_came_while_it_was_stalled() -> None:
    rig = Rig()
    page = rig.page()
    page.freeze()
    page.stall()
    arrive(rig, page, TIMER)
    rig.task(page, BUS, "first")
    page.unstall()
    rig.task(page, BUS, "second")
    assert rig.names() == ["first", "second"]
    page.thaw()
    page.catch_up(after_freeze=True)
    assert rig.names() == ["first", "second", "TIMER"]


def test_the_end_of_a_freeze_closes_web_sockets_once_and_a_stall_or_stop_none() -> None:
    rig = Rig()
    page = rig.page()
    page.open_socket(rig.note, "a closed")
    page.open_socket(rig.note, "b closed")
    page.stall()
    page.stop()
    arrive(rig, page, SOCKET)
    page.unstop()
    page.unstall()
    assert rig.names() == ["SOCKET"]
    page.forget_socket(rig.note, "b closed")
    for _ in range(2):
        page.freeze()
        arrive(rig, page, SOCKET)
        page.thaw()
        page.catch_up(after_freeze=True)
    assert rig.names() == ["SOCKET", "a closed"]


def test_web_sockets_of_another_engine_outlive_a_freeze() -> None:
    rig = Rig()
    page = rig.page(chromium=False)
    page.open_socket(rig.note, "closed")
    page.freeze()
    arrive(rig, page, SOCKET)
    page.thaw()
    page.catch_up(after_freeze=True)
    assert rig.names() == ["SOCKET"]


def test_answers_to_fetch_come_in_any_order_after_a_freeze() -> None:
    rig = Rig(answers=[2, 0])
    page = rig.page()
    page.freeze()
    for name in ("a", "b", "c"):
        rig.task(page, FETCH, name)
    page.thaw()
    page.catch_up(after_freeze=True)
    assert rig.names() == ["c", "a", "b"]


def test_a_frozen_page_that_is_thawed_in_a_stall_waits_for_its_end() -> None:
    rig = Rig()
    page = rig.page()
    page.open_socket(rig.note, "closed")
    page.freeze()
    page.stall()
    arrive(rig, page, NETWORK)
    page.thaw()
    page.catch_up(after_freeze=True)
    assert rig.names() == []
    page.unstall()
    assert rig.names() == ["NETWORK", "closed"]


def test_the_first_turn_after_a_pause_is_told() -> None:
    rig = Rig()
    page = rig.page()
    page.stall()
    arrive(rig, page, NETWORK, NETWORK)
    page.unstall()
    arrive(rig, page, NETWORK)
    assert rig.names() == ["NETWORK"] * 3
    assert [type(record) for record in rig.trace.records] == [TurnRan]


@pytest.mark.parametrize("fault", [*STAND_STILL, EventLoop.freeze])
def test_a_page_that_is_gone_runs_nothing(fault: Callable[[EventLoop], None]) -> None:
    rig = Rig()
    page = rig.page()
    page.after(SECOND, rig.note, "timeout")
    fault(page)
    arrive(rig, page, NETWORK)
    page.die()
    page.thaw()
    page.catch_up(after_freeze=True)
    arrive(rig, page, *TaskSource)
    rig.run_for(2 * SECOND)
    assert (rig.names(), page.alive()) == ([], False)


def test_a_page_that_dies_while_it_catches_up_runs_nothing_more() -> None:
    rig = Rig()
    page = rig.page()
    page.stall()
    page.run(NETWORK, lambda _: page.die(), None)
    arrive(rig, page, NETWORK)
    page.unstall()
    assert rig.names() == []


# -- hidden pages --------------------------------------------------------------------------------


def test_a_shown_page_has_exact_timers() -> None:
    rig = Rig()
    rig.page().after(1_234, rig.note, "timeout")
    rig.run_for(SECOND)
    assert rig.times_us() == [1_234]


def test_hidden_timers_wake_on_one_grid_of_a_second() -> None:
    rig = Rig()
    pages = [rig.page("main"), rig.page("overlay")]
    for page in pages:
        page.hide()
    for delay_us in (MILLISECOND, 100 * MILLISECOND, 300 * MILLISECOND, 1_250 * MILLISECOND):
        for page in pages:
            page.after(delay_us, rig.note, page.name)
    rig.run_for(3 * SECOND)
    grid = [PHASE_US, PHASE_US, PHASE_US + HIDDEN_GRID_US, PHASE_US + HIDDEN_GRID_US]
    assert rig.times_us() == [at_us for at_us in grid for _ in pages]
    assert HIDDEN_GRID_US == SECOND


def test_a_timer_that_was_set_before_hiding_wakes_on_the_grid() -> None:
    rig = Rig()
    page = rig.page()
    page.after(600 * MILLISECOND, rig.note, "timeout")
    page.hide()
    rig.run_for(3 * SECOND)
    assert rig.times_us() == [PHASE_US + HIDDEN_GRID_US]


@pytest.mark.parametrize(
    ("never_shown", "patience_us"),
    [(False, INTENSIVE_AFTER_US), (True, INTENSIVE_AFTER_NEVER_SHOWN_US)],
)
def test_hidden_timers_wake_once_a_minute_after_a_while(
    never_shown: bool, patience_us: int
) -> None:
    rig = Rig()
    page = rig.page()
    page.hide(never_shown=never_shown)
    rig.run_for(patience_us - SECOND)
    before_us = rig.kernel.now_us
    page.level = CHAIN_LEVELS
    page.after(1, rig.note, "timeout")
    rig.run_for(11 * SECOND)
    page.level = CHAIN_LEVELS
    page.after(1, rig.note, "timeout")
    rig.run_for(2 * INTENSIVE_GRID_US)
    first_us, second_us = rig.times_us()
    assert first_us - before_us <= HIDDEN_GRID_US
    assert (second_us - PHASE_US) % INTENSIVE_GRID_US == 0
    assert second_us > patience_us + 10 * SECOND + HIDDEN_GRID_US
    assert (patience_us, INTENSIVE_GRID_US) == (
        60 * SECOND if never_shown else 300 * SECOND,
        60 * SECOND,
    )


def test_a_page_that_was_shown_once_has_the_longer_patience() -> None:
    rig = Rig()
    page = rig.page()
    page.hide(never_shown=True)
    page.show()
    page.hide()
    rig.run_for(INTENSIVE_AFTER_NEVER_SHOWN_US + SECOND)
    asked_us = rig.kernel.now_us
    page.level = CHAIN_LEVELS
    page.after(1, rig.note, "timeout")
    rig.run_for(2 * SECOND)
    assert rig.times_us()[0] - asked_us <= HIDDEN_GRID_US


def test_a_page_in_a_call_keeps_the_grid_of_a_second() -> None:
    rig = Rig()
    page = InCall(rig.kernel, rig.trace, rig.grid, "main", bus_runs_frozen=True)
    page.hide()
    rig.run_for(2 * INTENSIVE_AFTER_US + 11 * SECOND)
    asked_us = rig.kernel.now_us
    page.level = CHAIN_LEVELS
    page.after(1, rig.note, "timeout")
    rig.run_for(2 * SECOND)
    assert rig.times_us()[0] - asked_us <= HIDDEN_GRID_US


def test_a_window_is_in_a_call_while_its_room_is_connected() -> None:
    played = Played(
        steps(
            "at: 2s, connect: {window: main, channel: lobby}", "at: 5s, disconnect: {window: main}"
        )
    )
    main = played.until(SECOND).world.windows.handles["main"].window
    assert not main.in_call()
    played.until(4 * SECOND)
    assert main.in_call()
    played.until(8 * SECOND)
    assert not main.in_call()


def test_a_page_that_is_shown_again_catches_up_with_its_timers() -> None:
    rig = Rig()
    page = rig.page()
    page.hide()
    rig.run_for(INTENSIVE_AFTER_US + SECOND)
    asked_us = rig.kernel.now_us
    page.level = CHAIN_LEVELS
    page.after(2 * SECOND, rig.note, "overdue")
    page.after(9 * SECOND, rig.note, "not yet due")
    rig.run_for(5 * SECOND)
    assert rig.ran == []
    page.show()
    rig.run_for(300 * SECOND)
    assert rig.ran == [("overdue", asked_us + 5 * SECOND), ("not yet due", asked_us + 9 * SECOND)]


def test_a_hidden_page_hears_the_bus_at_once() -> None:
    played = Played(steps("at: 2s, hide: {window: overlay}"), Drawn({Label.PHASE: [PHASE_US]}))
    played.until(20 * SECOND)
    lags_us = [
        one.at_us - played.trace.records[one.cause].at_us
        for one in played.all(MessageDelivered, "overlay", 3 * SECOND)
    ]
    assert len(lags_us) > 10
    assert max(lags_us) <= 30 * MILLISECOND


def test_a_timer_that_no_timer_has_set_keeps_the_grid_of_a_second() -> None:
    rig = Rig()
    page = rig.page()
    page.hide()
    rig.run_for(INTENSIVE_AFTER_US + 11 * SECOND)
    asked_us = rig.kernel.now_us
    page.after(1_000, rig.note, "timeout")
    page.after(0, rig.note, "immediate")
    rig.run_for(2 * SECOND)
    assert rig.names() == ["immediate", "timeout"]
    assert rig.times_us()[0] == asked_us
    assert rig.times_us()[1] - asked_us <= HIDDEN_GRID_US


def test_a_chain_of_0_ms_is_held_back_after_six() -> None:
    rig = Rig()
    page = rig.page()
    page.hide()

    def link(left: int) -> None:
        rig.note("link")
        if left:
            page.after(0, link, left - 1)

    page.after(0, link, 7)
    rig.run_for(3 * SECOND)
    assert rig.times_us() == [0] * CHAIN_LEVELS + [PHASE_US, PHASE_US + HIDDEN_GRID_US]


@pytest.mark.parametrize("stand_still", STAND_STILL)
@pytest.mark.parametrize("frozen", [False, True])
def test_what_the_process_does_waits_for_the_main_thread_and_not_for_a_thaw(
    stand_still: Callable[[EventLoop], None], frozen: bool
) -> None:
    rig = Rig()
    page = rig.page()
    if frozen:
        page.freeze()
    stand_still(page)
    arrive(rig, page, BUS, PROCESS)
    assert rig.names() == []
    GO_ON[stand_still](page)
    assert rig.names() == (["PROCESS", "BUS"] if frozen else ["BUS", "PROCESS"])
    assert len([record for record in rig.trace.records if isinstance(record, TurnRan)]) == 1, (
        "it is no turn"
    )
