"""Time in a window: when timers fire that are throttled, frozen or stalled, and in which order all
comes after.
"""

from __future__ import annotations

import itertools

import pytest

from tests.conformance.windows.browser_rig import Rig, Window, after, log, times, told, windows
from tests.conformance.windows.steps import (
    chain,
    channel,
    connect,
    elapsed,
    every,
    fetch,
    lock,
    note,
    port,
    post,
    put,
    react,
    release,
    spin,
    timer,
)
from tests.units import MILLISECOND, SECOND

WHILE_US = 500 * MILLISECOND
CHAIN = 400


def gaps(at: list[int]) -> list[int]:
    """The times between one and the next."""
    return [later - earlier for earlier, later in itertools.pairwise(at)]


def is_second(rig: Rig, gap_us: int) -> bool:
    return abs(gap_us - SECOND) <= 60 * MILLISECOND + rig.slack_us // 5


def chained(rig: Rig, name: str, *, peer: str = "") -> Window:
    """A hidden window with a long chain of timers of 0.1 s."""
    window = rig.window(name)
    if peer:
        window.do(connect(peer))
        told(rig, window, "peer connected", within_us=5 * SECOND)
    window.hide()
    window.do(chain(100, CHAIN, name))
    return window


def ran_in_the_last(window: Window, now_us: int, span_us: int) -> int:
    """How many links of the window's chain fired so lately."""
    return sum(at_us > now_us - span_us for at_us in times(window, f"link {window.name}"))


def test_timers_of_a_shown_window_fire_when_they_are_due(rig: Rig) -> None:
    a = rig.window("a")
    a.do(timer(100, "t"))
    set_us = rig.now_us
    assert told(rig, a, "timer t") - set_us <= 100 * MILLISECOND + rig.slack_us // 5


def test_timers_of_hidden_windows_fire_on_one_grid_of_a_second(rig: Rig) -> None:
    hidden = windows(rig, "a", "b")
    for window in hidden:
        window.hide()
    for window in hidden:
        window.do(chain(100, 5, window.name))
    for window in hidden:
        told(rig, window, f"link {window.name}", 5, 6 * SECOND)
    at = [times(window, f"link {window.name}") for window in hidden]
    assert [is_second(rig, gap) for one in at for gap in gaps(one)] == [True] * 8
    phases = [one[-1] % SECOND for one in at]
    apart = abs(phases[0] - phases[1])
    assert min(apart, SECOND - apart) <= 20 * MILLISECOND + rig.slack_us // 10


def test_a_tab_that_was_never_shown_is_hidden_too(rig: Rig) -> None:
    rig.window("front")
    a = rig.window("a", background=True)
    a.do(chain(100, 4, "a"))
    told(rig, a, "link a", 4, 5 * SECOND)
    assert [is_second(rig, gap) for gap in gaps(times(a, "link a"))] == [True] * 3


def test_a_window_that_is_shown_again_catches_up_at_once(rig: Rig) -> None:
    a = rig.window("a")
    a.hide()
    a.do(chain(100, 20, "a"))
    told(rig, a, "link a", 2, 3 * SECOND)
    a.show()
    shown_us = rig.now_us
    told(rig, a, "link a", 20, 3 * SECOND)
    assert times(a, "link a")[-1] - shown_us <= 1_900 * MILLISECOND + rig.slack_us


def test_0_ms_from_a_message_is_prompt_in_a_hidden_window_but_not_a_chain_nor_1_ms(
    rig: Rig,
) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), react("b hears", timer(0, "zero"), timer(1, "one"), chain(0, 8, "b")))
    b.hide()
    # Wherever the grid is, of three messages at least two do not come just before it.
    for number in range(3):
        a.do(post("a", number))
        told(rig, b, "link b", 8 * (number + 1), 3 * SECOND)
        rig.run_for(230 * MILLISECOND)
    heard = [times(b, f"b hears {number}")[0] for number in range(3)]
    prompt = [zero - at for zero, at in zip(times(b, "timer zero"), heard, strict=True)]
    late = [one - at for one, at in zip(times(b, "timer one"), heard, strict=True)]
    assert sum(delay <= 20 * MILLISECOND for delay in prompt) >= 2
    assert sum(delay >= 25 * MILLISECOND for delay in late) >= 2
    for number in range(3):
        links = times(b, "link b")[8 * number : 8 * (number + 1)]
        assert links[5] - links[0] <= 300 * MILLISECOND
        assert is_second(rig, links[7] - links[6])


def test_long_chains_of_a_hidden_window_come_to_rest_but_for_one_that_has_a_peer_connection(
    rig: Rig,
) -> None:
    rig.window("front")
    a = chained(rig, "a")
    told(rig, a, "link a", 4, 6 * SECOND)
    f = rig.window("f")
    f.do(lock("f"), chain(100, CHAIN, "f"))
    f.hide()
    calls = [chained(rig, kind, peer=kind) for kind in ("data", "audio")]
    assert [is_second(rig, gap) for gap in gaps(times(a, "link a"))[:3]] == [True] * 3
    rig.run_for(rig.intensive_after_us + 5 * SECOND)
    # Whether a wake-up of the minute grid falls into these seconds or not: at most one.
    rig.run_for(6 * SECOND)
    assert ran_in_the_last(a, rig.now_us, 5 * SECOND) <= 1
    assert ran_in_the_last(f, rig.now_us, 5 * SECOND) <= 1  # a lock does not help
    for window in calls:
        assert ran_in_the_last(window, rig.now_us, 5 * SECOND) >= 4


def test_long_chains_of_a_tab_that_was_never_shown_come_to_rest_after_a_minute(rig: Rig) -> None:
    # No flag shortens this one.
    rig.window("front")
    a = rig.window("a", background=True)
    a.do(chain(100, CHAIN, "a"))
    rig.run_for(56 * SECOND)
    assert len(times(a, "link a")) >= 50
    rig.run_for(14 * SECOND)
    assert ran_in_the_last(a, rig.now_us, 6 * SECOND) <= 1


def test_a_timer_set_from_a_message_keeps_the_second_when_chains_are_at_rest(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), react("b hears", timer(100, "t")), every(1_000, "i"))
    b.hide()
    rig.run_for(rig.intensive_after_us + 6 * SECOND)
    a.do(post("a", 1))
    posted_us = rig.now_us
    assert (
        told(rig, b, "timer t", within_us=2 * SECOND) - posted_us
        <= 1_300 * MILLISECOND + rig.slack_us // 5
    )
    assert len([at for at in times(b, "tick i") if at > posted_us - 5 * SECOND]) <= 1


def test_a_frozen_window_runs_no_timer_and_an_interval_ticks_once_when_it_resumes(rig: Rig) -> None:
    a = rig.window("a")
    a.do(timer(100, "t"), every(300, "i"))
    a.hide()
    a.freeze()
    rig.run_for(2 * SECOND)
    assert after(a, "freeze") == []
    a.show()
    told(rig, a, "timer t")
    rig.run_for(400 * MILLISECOND)
    # The overdue one, and the next one of its phase.
    shown_us = times(a, "visibilitychange to visible")[-1]
    ticks = [at_us for at_us in times(a, "tick i") if 0 <= at_us - shown_us < 300 * MILLISECOND]
    assert 1 <= len(ticks) <= 2


def test_after_a_freeze_come_resume_then_messages_then_timers_then_the_lock_if_shown(
    rig: Rig,
) -> None:
    a, b = windows(rig, "a", "b")
    backlog(rig, a, b)
    b.show()
    told(rig, b, "b granted")
    rig.run_for(WHILE_US)
    came = after(b, "freeze")
    assert came[:2] == ["resume", "visibilitychange to visible"]
    assert sorted(came[2:4]) == ["port p", "storage k: null to 1"]
    assert came[4:] == ["timer t", "b granted"]


def test_after_a_freeze_the_lock_comes_before_the_timers_if_still_hidden(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    backlog(rig, a, b)
    b.resume()
    told(rig, b, "timer t", within_us=2 * SECOND)
    rig.run_for(WHILE_US)
    came = after(b, "freeze")
    assert came[0] == "resume"
    assert sorted(came[1:3]) == ["port p", "storage k: null to 1"]
    assert came[3:] == ["b granted", "timer t"]


def backlog(rig: Rig, a: Window, b: Window) -> None:
    """`b` is frozen, and there are a lock, a message, a storage event, and a timer for it."""
    a.do(lock("a"))
    told(rig, a, "a granted")
    b.hide()
    # Long enough that the freeze comes first.
    b.do(lock("b"), timer(1_000, "t"))
    rig.run_for(50 * MILLISECOND)
    b.freeze()
    a.do(release("a"))
    rig.run_for(WHILE_US)
    b.do(port("p"))
    a.do(put("k", "1"))
    # Nobody looks whether all has arrived: to ask a frozen page lets its promises go on.
    rig.run_for(3 * SECOND)
    assert after(b, "freeze") == []


def test_timers_of_one_wake_up_ring_in_the_order_of_their_deadlines_then_of_setting(
    rig: Rig,
) -> None:
    a = rig.window("a")
    a.hide()
    # Wherever the grid is: behind its wake-up the next one is a second away.
    a.do(timer(1, "wake"))
    told(rig, a, "timer wake", within_us=2 * SECOND)
    a.do(
        timer(400, "400"),
        timer(300, "300"),
        timer(200, "200"),
        timer(300, "300 again"),
        every(250, "250"),
    )
    told(rig, a, "timer 400", within_us=2 * SECOND)
    first = log(a)[log(a).index("timer wake") + 1 :][:5]
    assert first == ["timer 200", "tick 250", "timer 300", "timer 300 again", "timer 400"]


def test_overdue_timers_of_a_page_that_is_still_hidden_after_a_freeze_wait_for_its_wake_up(
    rig: Rig,
) -> None:
    hidden = windows(rig, "a", "b", "c")
    for window in hidden:
        window.hide()
        window.do(timer(900, "late"), timer(800, "t"))
        window.freeze()
    rig.run_for(1_500 * MILLISECOND)
    waited_us = []
    for window in hidden:
        window.resume()
        resumed_us = rig.now_us
        rig.run_for(330 * MILLISECOND)
        told(rig, window, "timer late", within_us=SECOND)
        waited_us.append(times(window, "timer t")[0] - resumed_us)
        assert after(window, "resume") == ["timer t", "timer late"]
    # Of three moments a third of a second apart at least two are not just before a wake-up.
    assert sum(waited > 50 * MILLISECOND for waited in waited_us) >= 2


def test_a_timer_of_0_ms_that_a_frozen_page_sets_rings_when_it_resumes(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), react("b hears", timer(0, "zero"), port("p"), timer(1, "one")))
    b.hide()
    b.freeze()
    a.do(post("a", 1))
    told(rig, b, "b hears 1")
    rig.run_for(WHILE_US)
    b.resume()
    told(rig, b, "timer one", within_us=2 * SECOND)
    assert after(b, "resume") == ["timer zero", "port p", "timer one"]


def test_overdue_timers_of_a_hidden_page_wait_for_its_wake_up_after_a_long_task_too(
    rig: Rig,
) -> None:
    a = rig.window("a")
    a.hide()
    a.do(timer(1, "wake"))
    told(rig, a, "timer wake", within_us=2 * SECOND)
    # The wake-up after 1 s comes while the task lasts, the one after that does not.
    a.start(timer(300, "late"), timer(100, "early"), spin(1_100), note("over"), timer(10, "behind"))
    told(rig, a, "timer behind", within_us=4 * SECOND)
    assert after(a, "over") == ["timer early", "timer late", "timer behind"]
    assert is_second(rig, times(a, "timer early")[0] - times(a, "timer wake")[0] - SECOND)


def test_an_interval_keeps_its_phase_on_the_grid(rig: Rig) -> None:
    a = rig.window("a")
    a.hide()
    a.do(timer(1, "wake"))
    told(rig, a, "timer wake", within_us=2 * SECOND)
    a.do(every(1_500, "i"))
    rig.run_for(6_500 * MILLISECOND)
    wakes = [round((at - times(a, "timer wake")[0]) / SECOND) for at in times(a, "tick i")]
    assert wakes[:4] == [2, 4, 5, 7][: len(wakes[:4])]
    assert len(wakes) >= 3


def test_an_interval_rings_once_for_what_a_long_task_made_it_miss(rig: Rig) -> None:
    a = rig.window("a")
    a.do(every(100, "i"))
    a.start(spin(650), note("over"))
    rig.run_for(2 * SECOND)
    began = times(a, "over")[0]
    assert sum(at <= began + 60 * MILLISECOND for at in times(a, "tick i")) <= 2


@pytest.mark.parametrize("source", ["message", "port", "fetch", "lock", "storage"])
def test_a_timer_is_as_deep_as_the_task_that_sets_it(rig: Rig, source: str) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    asks = {"port": port("p"), "fetch": fetch("f"), "lock": lock("k", of="k")}
    start = {"message": "b hears", "storage": "storage", "lock": "k granted"}.get(source, source)
    b.do(channel("b"), react(start, timer(0, "zero"), timer(100, "t")), every(1_000, "i"))
    if source in asks:
        b.do(react("b hears", asks[source]))
    b.hide()
    rig.run_for(rig.intensive_after_us + 7 * SECOND)
    if source == "storage":
        a.do(put("k", "1"))
    else:
        a.do(post("a", 1))
    told(rig, b, "timer t", within_us=3 * SECOND)
    came = [entry for entry in b.entries()[-1] if entry.what.startswith(start)]
    set_us = came[-1].at_us
    assert times(b, "timer zero")[0] - set_us <= 50 * MILLISECOND + rig.slack_us // 5
    assert times(b, "timer t")[0] - set_us <= 1_200 * MILLISECOND + rig.slack_us // 5


def test_after_a_stall_timers_and_messages_are_all_there(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"), timer(100, "t"))
    b.stall(SECOND)
    a.do(post("a", 1), post("a", 2), put("k", "1"))
    rig.run_for(WHILE_US)
    told(rig, b, "b hears 2", within_us=2 * SECOND)
    told(rig, b, "timer t")
    told(rig, b, "storage k: null to 1")
    assert log(b, "b hears") == ["b hears 1", "b hears 2"]


def test_both_clocks_go_on_through_a_freeze(rig: Rig) -> None:
    a = rig.window("a")
    a.do(elapsed())
    a.freeze()
    rig.run_for(2 * SECOND)
    a.resume()
    a.do(elapsed())
    first, second = ([float(part) for part in line.split()[1:]] for line in log(a, "elapsed"))
    for before_ms, after_ms in zip(first, second, strict=True):
        assert 1_990 <= after_ms - before_ms <= 2_050 + rig.slack_us / MILLISECOND
