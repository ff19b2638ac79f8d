"""Tabs and the machine: documents that follow each other in one window, sleep, and the wall
clock.
"""

from __future__ import annotations

from typing import ClassVar

import pytest

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.driver.page import CHAIN_LEVELS
from oneroom.driver.page_timer import PageTimer
from oneroom.driver.script import INSTANCE, config
from oneroom.policies.heartbeat import HeartbeatTimeout
from oneroom.policies.web_lock_lease import WebLockLease
from oneroom.ports.observer import LockChange
from oneroom.sim.machine import BEGINS_US
from oneroom.sim.tabs import CACHED_US, LOAD_HIGH_US, LOAD_LOW_US
from oneroom.sim.world import World
from oneroom.trace import chat_records as c
from oneroom.trace import records as r
from oneroom.trace.records import Life
from oneroom.trace.trace import Trace
from oneroom_fakes.page_events import UNLOAD_US, UnloadCause
from tests.sim.played import HEAD, JOIN, Played, driven, play, scenario, steps
from tests.units import MILLISECOND, SECOND
from tests.virtual_time import Drawn

# Nothing is let go in pagehide, and the only policy that never asks.
CLINGS = HEAD + "policy: web-lock\nwithout: [release_on_pagehide]\n"
SESSION = HEAD + "instance: session\n"
LEAVES = "at: 5s, leave_page: {window: main}"
BACK = "at: 8s, come_back: {window: main}"
# Until a document that is replaced has gone, at the latest.
UNLOADED_US = UNLOAD_US[UnloadCause.REPLACED][-1]


def granted_us(played: Played, window: str = "overlay") -> list[int]:
    """When the window was granted the lock."""
    return [
        one.at_us for one in played.all(r.LockChanged, window) if one.change == LockChange.GRANTED
    ]


def instance(played: Played, window: str) -> str:
    """What the window is called on the bus."""
    return driven(played.world, window).instance_id


def test_a_reload_runs_pagehide_and_begins_a_new_runtime_of_the_same_session() -> None:
    played = play(JOIN, "at: 5s, reload: {window: main}", until_us=8 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.REPLACED, Life.OPENED]
    gone = [one.at_us for one in played.all(r.LifeChanged, "main") if one.life is Life.REPLACED]
    retired = [one.at_us for one in played.all(r.RoleChanged, "main") if one.role == r.Role.RETIRED]
    assert gone == retired
    assert UNLOAD_US[UnloadCause.REPLACED][0] <= gone[0] - 5 * SECOND <= UNLOADED_US
    assert instance(played, "main") == "main~2"
    assert played.world.windows.sessions == {
        "main": {INSTANCE: "main"},
        "overlay": {INSTANCE: "overlay"},
    }


@pytest.mark.parametrize("way", ["close", "reload", "leave_page"])
def test_a_page_runs_on_between_beforeunload_and_pagehide(way: str) -> None:
    cause = UnloadCause.CLOSED if way == "close" else UnloadCause.REPLACED
    longest = Drawn({Label.UNLOAD_TIME: [len(UNLOAD_US[cause]) - 1]})
    played = Played(steps(JOIN, f"at: 5s, {way}: {{window: main}}"), longest).until(
        5 * SECOND + UNLOAD_US[cause][-1] - 1
    )
    assert played.lives("main") == [Life.OPENED]
    assert played.rooms("main")[-1] is r.RoomState.ENDED, "the SDK hears beforeunload"
    assert r.Role.RETIRED not in [one.role for one in played.all(r.RoleChanged, "main")]
    played.until(6 * SECOND)
    assert r.Role.RETIRED in [one.role for one in played.all(r.RoleChanged, "main")]


def test_a_window_that_is_opened_while_it_goes_begins_when_it_has_gone() -> None:
    lines = ("at: 5s, close: {window: main}", "at: 5001ms, open: {window: main}")
    played = play(JOIN, *lines, until_us=6 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CLOSED, Life.OPENED]
    lines = ("at: 5s, leave_page: {window: main}", "at: 5010ms, come_back: {window: main}")
    silent = HEAD + "bus: {kind: storage-event}\n"
    played = Played(steps(*lines, head=silent)).until(6 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CACHED, Life.RESTORED]


def test_who_is_told_beforeunload_and_crashes_hears_no_pagehide() -> None:
    lines = ("at: 5s, reload: {window: main}", "at: 5010ms, crash: {window: main}")
    played = play(JOIN, *lines, until_us=6 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CRASHED, Life.OPENED]
    assert r.Role.RETIRED not in [one.role for one in played.all(r.RoleChanged, "main")]


def test_a_reload_keeps_the_name_of_a_window_that_has_it_from_its_session() -> None:
    lines = (
        "at: 5s, reload: {window: main}",
        "at: 7s, close: {window: overlay}",
        "at: 8s, open: {window: overlay}",
    )
    played = Played(steps(*lines, head=SESSION)).until(9 * SECOND)
    assert instance(played, "main") == "main"
    assert instance(played, "overlay") == "overlay~2", "a closed window takes its session with it"


def test_a_content_process_that_dies_is_reloaded_without_pagehide() -> None:
    played = play(
        JOIN, "at: 5s, crash_reload: {window: main, after: 1s}", until_us=5_999 * MILLISECOND
    )
    assert played.lives("main") == [Life.OPENED, Life.CRASHED]
    assert played.until(7 * SECOND).lives("main")[-1] is Life.OPENED
    assert not [one for one in played.all(r.RoleChanged, "main") if one.role == r.Role.RETIRED]


def test_a_discarded_tab_says_nothing_and_keeps_its_session() -> None:
    played = Played(
        steps(JOIN, "at: 5s, discard: {window: main}", "at: 9s, open: {window: main}", head=SESSION)
    )
    assert played.until(6 * SECOND).lives("main") == [Life.OPENED, Life.DISCARDED]
    assert not [one for one in played.all(r.RoleChanged, "main") if one.role == r.Role.RETIRED]
    assert max(granted_us(played)) < 5 * SECOND + 60 * MILLISECOND
    assert instance(played.until(10 * SECOND), "main") == "main"


@pytest.mark.parametrize(("head", "name"), [(HEAD, "third"), (SESSION, "main")])
def test_a_duplicate_has_a_copy_of_the_session(head: str, name: str) -> None:
    head = head.replace("windows:\n", "windows:\n  third: {kind: overlay, opens: later}\n")
    played = Played(steps("at: 5s, duplicate: {window: third, of: main}", head=head)).until(
        6 * SECOND
    )
    assert instance(played, "third") == name
    assert played.world.windows.sessions["third"] == {INSTANCE: name if head is SESSION else "main"}


def test_closing_by_script_runs_no_pagehide_and_the_room_is_left_all_the_same() -> None:
    by_user = play(JOIN, "at: 5s, close: {window: main}")
    by_script = play(JOIN, "at: 5s, close: {window: main, by: script}")
    for played, retires in ((by_user, True), (by_script, False)):
        assert (
            r.Role.RETIRED in [one.role for one in played.all(r.RoleChanged, "main")]
        ) is retires
        left = [one for one in played.all(r.PresenceChanged) if one.presence == r.Presence.GHOST]
        assert left == [], "the SDK hears beforeunload"


# -- the back/forward cache ----------------------------------------------------------------------


def test_a_page_that_is_left_is_cached_and_comes_back_as_it_was() -> None:
    played = Played(
        scenario(
            f"bus: {{kind: storage-event}}\nsteps:\n  - {{{JOIN}}}\n  - {{{LEAVES}}}\n  - "
            f"{{{BACK}}}\n"
        )
    )
    played.until(7 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CACHED]
    assert not played.all(r.TimerRan, "main", since_us=5 * SECOND + UNLOADED_US)
    played.until(20 * SECOND)
    assert played.lives("main")[-1] is Life.RESTORED
    assert instance(played, "main") == "main"
    assert played.owner() == "main", "it asks for the ownership as every main window does"


def test_one_message_throws_a_page_out_of_the_cache() -> None:
    played = play(
        JOIN, LEAVES, "at: 7s, toggle_mute: {window: overlay}", BACK, until_us=20 * SECOND
    )
    assert played.lives("main") == [Life.OPENED, Life.CACHED, Life.EVICTED, Life.OPENED]
    assert instance(played, "main") == "main~2"


def test_webkit_drops_the_message_and_restores_the_page() -> None:
    webkit = HEAD + "engine: webkit\n"
    clicked = "at: 7s, toggle_mute: {window: overlay}"
    played = Played(steps(JOIN, LEAVES, clicked, BACK, head=webkit)).until(20 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CACHED, Life.RESTORED]


def test_a_cached_holder_starves_who_waits_until_the_cache_lets_it_go() -> None:
    played = Played(steps(LEAVES, head=CLINGS)).until(CACHED_US)
    assert granted_us(played) == []
    played.until(CACHED_US + 6 * SECOND)
    assert [at_us // SECOND for at_us in granted_us(played)] == [CACHED_US // SECOND + 5]


def test_a_holder_that_lets_go_in_pagehide_starves_nobody() -> None:
    played = play(LEAVES, until_us=6 * SECOND)
    assert len(granted_us(played)) == 1
    assert granted_us(played)[0] < 5 * SECOND + UNLOADED_US + 20 * MILLISECOND


def test_a_new_document_in_the_tab_stands_behind_who_waits_and_nobody_is_granted() -> None:
    # Its request throws the holder out, and is then looked at alone: somebody waits already.
    silent = CLINGS + "bus: {kind: storage-event}\n"
    played = Played(steps(LEAVES, "at: 6s, open: {window: main}", head=silent)).until(60 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CACHED, Life.OPENED, Life.EVICTED]
    assert granted_us(played) == []
    assert [at_us // SECOND for at_us in granted_us(played, "main")] == [0]


def test_a_page_that_stands_still_is_not_cached() -> None:
    played = play("at: 4s, stall: {window: main, lasts: 3s}", LEAVES, until_us=6 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.STALLED, Life.REPLACED]
    assert played.world.faults.counts() == {}


def test_every_document_that_was_left_is_kept_and_closing_the_tab_forgets_them() -> None:
    again = ("at: 6s, open: {window: main}", "at: 8s, leave_page: {window: main}")
    played = Played(steps(LEAVES, *again, head=HEAD + "bus: {kind: storage-event}\n")).until(
        9 * SECOND
    )
    tabs = played.world.tabs
    assert played.lives("main") == [Life.OPENED, Life.CACHED] * 2
    assert len(tabs.cached) == 2
    tabs.come_back("main")
    assert played.lives("main")[-1] is Life.RESTORED
    assert instance(played, "main") == "main~2"
    played.world.windows.close("main", "shell")
    assert played.lives("main")[-2:] == [Life.CLOSED, Life.EVICTED]
    assert tabs.cached == []


def test_a_page_that_came_back_is_kept_for_its_whole_time_when_it_is_left_again() -> None:
    again = ("at: 9m, come_back: {window: main}", "at: 570s, leave_page: {window: main}")
    silent = HEAD + "bus: {kind: storage-event}\n"
    played = Played(steps(LEAVES, *again, head=silent)).until(CACHED_US + 20 * SECOND)
    assert played.lives("main")[-1] is Life.CACHED
    assert played.until(2 * CACHED_US).lives("main")[-1] is Life.EVICTED


# -- sleep and clocks ----------------------------------------------------------------------------

SLEEPS = "at: 5s, sleep: {{lasts: 60s, clock: {}}}"


def fenced(played: Played) -> bool:
    """Whether the owner doubted its ownership when it woke."""
    return r.Role.CANDIDATE in [
        one.role for one in played.all(r.RoleChanged, "main", since_us=65 * SECOND)
    ]


@pytest.mark.parametrize("clock", ["stops", "runs"])
def test_a_sleeping_machine_does_nothing(clock: str) -> None:
    played = play(JOIN, SLEEPS.format(clock), until_us=64 * SECOND)
    for window in ("main", "overlay"):
        assert not played.all(r.TimerRan, window, since_us=5 * SECOND)
        assert played.lives(window)[-1] is Life.SLEPT
    assert played.world.faults.counts() == {("main", "sleep"): 1, ("overlay", "sleep"): 1}
    played.until(80 * SECOND)
    assert played.world.faults.counts() == {}
    assert [played.lives(window)[-1] for window in ("main", "overlay")] == [Life.WOKE] * 2


def test_a_clock_that_stopped_hides_the_gap_and_timers_go_on_from_it() -> None:
    stops, runs = (
        play(JOIN, SLEEPS.format(clock), until_us=80 * SECOND) for clock in ("stops", "runs")
    )
    assert (fenced(stops), fenced(runs)) == (False, True)
    for played in (stops, runs):
        beats = [
            one for one in played.all(r.TimerRan, "main", since_us=66 * SECOND) if one.timer == 0
        ]
        assert 10 <= len(beats) <= 15, "one a second, as before"


def rings_us(clock: str) -> int:
    """When a timer rings that has 2 s to go as the machine falls asleep."""
    played = play(JOIN, SLEEPS.format(clock), until_us=4 * SECOND)
    rang_us: list[int] = []

    def ring(_: object) -> None:
        rang_us.append(played.trace.now_us)

    delay_us = 7 * SECOND - played.trace.now_us
    played.world.windows.handles["overlay"].window.after(delay_us, ring, None)
    played.until(80 * SECOND)
    (at_us,) = rang_us
    return at_us


def test_the_timers_of_a_page_wait_with_the_clock_that_stopped() -> None:
    assert (rings_us("stops"), rings_us("runs")) == (67 * SECOND, 65 * SECOND)


def gives_up_us(clock: str, *lacks: str) -> int:
    """When a window gives up its chat socket, which dies a second before the machine sleeps."""
    dies = "at: 4s, drop_network: {window: main, path: app}"
    what = steps("at: 2s, chat_arrives: {text: one}", dies, SLEEPS.format(clock))
    chat = Played(what.model_copy(update={"without": lacks})).until(120 * SECOND)
    return chat.all(c.ChatSocketChanged, "main", 5 * SECOND)[0].at_us


def test_the_chat_of_a_window_sleeps_by_the_same_clock() -> None:
    """A silent socket is given up after 45 s. In a sleep in which the clock stood still the timer
    for that has waited, and the wall clock alone tells.
    """
    assert gives_up_us("runs") == gives_up_us("stops") == 65 * SECOND
    assert gives_up_us("stops", "chat_looks_after_sleep") > 100 * SECOND


class WallClocked(HeartbeatTimeout):
    """Measures with `Date.now`."""

    name = "wall-clocked"
    clock: ClassVar[str] = "wall"


def elections(policy: str, step: str) -> int:
    what = steps(JOIN, step).model_copy(update={"policies": (policy,)})
    return len(
        [
            one
            for one in Played(what).until(30 * SECOND).all(r.RoleChanged)
            if one.role == r.Role.OWNER
        ]
    )


@pytest.mark.parametrize("direction", ["ahead", "back"])
def test_a_step_of_the_wall_clock_is_seen_by_who_reads_it_alone(direction: str) -> None:
    step = f"at: 8100ms, step_clock: {{by: 1h, direction: {direction}}}"
    assert elections("heartbeat", step) == elections("web-lock-lease", step) == 1
    assert (elections("tests.sim.test_tabs:WallClocked", step) > 1) is (direction == "ahead")


def test_a_window_that_opens_after_the_step_reads_the_same_wall_clock() -> None:
    again = ("at: 3s, crash: {window: overlay}", "at: 4s, open: {window: overlay}")
    what = steps("at: 1s, step_clock: {by: 1h}", *again)
    world = World(what, WallClocked, Seeded(1), Trace())
    world.begin()
    world.kernel.run(6 * SECOND)
    heard = {
        name: driven(world, name).coordinator.policy.election.heard_us
        for name in world.windows.handles
    }
    assert abs(heard["main"] - heard["overlay"]) < 5 * SECOND
    assert heard["main"] > BEGINS_US + 3600 * SECOND


def test_a_wall_clock_that_was_set_back_shows_a_date_all_the_same() -> None:
    """The coordinator of an election by the wall clock never sees a time below 0."""
    back = "at: 1s, step_clock: {by: 1h, direction: back}"
    world = World(steps(back, JOIN), WallClocked, Seeded(1), Trace())
    world.begin()
    world.kernel.run(6 * SECOND)
    heard_us = driven(world, "overlay").coordinator.policy.election.heard_us
    assert BEGINS_US - 3600 * SECOND < heard_us < BEGINS_US


# -- opening -------------------------------------------------------------------------------------


def test_a_window_that_opens_in_the_background_was_never_shown() -> None:
    head = HEAD.replace("opens: 100ms", "opens: 100ms, hidden: true")
    played = Played(steps(JOIN, head=head)).until(2 * SECOND)
    assert played.lives("overlay") == [Life.OPENED, Life.HIDDEN]
    page = played.until(70 * SECOND).world.windows.handles["overlay"].window
    chained = PageTimer(print, "", level=CHAIN_LEVELS + 1)
    assert page.align(70 * SECOND, chained) - 70 * SECOND > SECOND, "once a minute, after a minute"


def test_a_runtime_has_a_name_of_its_own_unless_the_session_names_it() -> None:
    plain, named = steps(JOIN), steps(JOIN, head=SESSION)
    names = [
        config(what, WebLockLease, "main", 3, Seeded(1), "kept").instance_id
        for what in (plain, named)
    ]
    assert names == ["main~3", "kept"]


@pytest.mark.parametrize(
    "ways", [("at: 5s, reload: {window: main}",), (LEAVES, "at: 700s, come_back: {window: main}")]
)
def test_a_document_loads_within_its_time(ways: tuple[str, ...]) -> None:
    took_us = []
    for seed in range(20):
        played = Played(steps(*ways, head=SESSION), Seeded(seed)).until(702 * SECOND)
        lives = {one.life: one.at_us for one in played.all(r.LifeChanged, "main")}
        took_us.append(lives[Life.OPENED] - lives.get(Life.REPLACED, 700 * SECOND))
    assert LOAD_LOW_US <= min(took_us) < LOAD_LOW_US + 100 * MILLISECOND
    assert LOAD_HIGH_US - 100 * MILLISECOND < max(took_us) <= LOAD_HIGH_US
