"""Windows that share a process with their opener: one main thread, one fate, one replica of
localStorage.
"""

from __future__ import annotations

import pytest

from oneroom.trace import records as r
from oneroom.trace.records import Life
from tests.sim.played import Played, steps
from tests.units import SECOND

HEAD = """\
scenario: a
why: b
windows:
  main: {kind: main, opens: 0s}
  popup: {kind: overlay, opens: 1s, opener: main}
  overlay: {kind: overlay, opens: 0s}
"""


def play(*lines: str, head: str = HEAD, until_us: int = 20 * SECOND) -> Played:
    return Played(steps(*lines, head=head)).until(until_us)


@pytest.mark.parametrize("first", ["main", "popup"])
def test_a_crash_takes_every_window_of_the_process(first: str) -> None:
    played = play(f"at: 5s, crash: {{window: {first}}}")
    assert [played.lives(window)[-1] for window in ("main", "popup", "overlay")] == [
        Life.CRASHED,
        Life.CRASHED,
        Life.OPENED,
    ]
    assert played.owner() == "overlay"


def test_the_shell_loads_every_window_of_the_process_again() -> None:
    played = play("at: 5s, crash_reload: {window: popup, after: 1s}")
    assert [played.lives(window)[-2:] for window in ("main", "popup")] == [
        [Life.CRASHED, Life.OPENED]
    ] * 2


@pytest.mark.parametrize(
    ("verb", "begins", "ends"),
    [
        ("stall", Life.STALLED, Life.UNSTALLED),
        ("stop", Life.STOPPED, Life.CONTINUED),
    ],
)
def test_a_main_thread_and_a_process_stand_still_for_all_and_for_as_long(
    verb: str, begins: Life, ends: Life
) -> None:
    played = play(f"at: 5s, {verb}: {{window: popup, lasts: 1s..3s}}")
    times = {
        window: [
            one.at_us for one in played.all(r.LifeChanged, window) if one.life in (begins, ends)
        ]
        for window in ("main", "popup", "overlay")
    }
    assert times["overlay"] == []
    assert times["main"] == times["popup"]
    assert len(times["main"]) == 2
    assert not [one for one in played.faults() if one[0] == "overlay"]


def test_a_freeze_is_of_one_page() -> None:
    played = play("at: 5s, freeze: {window: main}", "at: 9s, resume: {window: main}")
    assert played.lives("main")[-3:] == [Life.HIDDEN, Life.FROZEN, Life.RESUMED]
    assert played.lives("popup") == [Life.OPENED]


def test_neither_of_two_related_windows_is_cached() -> None:
    for leaving in ("main", "popup"):
        played = play(f"at: 5s, leave_page: {{window: {leaving}}}")
        assert played.lives(leaving)[-1] is Life.REPLACED
    played = play("at: 4s, close: {window: popup}", "at: 5s, leave_page: {window: main}")
    assert Life.CACHED in played.lives("main")


def test_a_close_is_of_one_window_alone() -> None:
    played = play("at: 5s, close: {window: main}")
    assert (played.lives("main")[-1], played.lives("popup")[-1]) == (Life.CLOSED, Life.OPENED)


def test_a_popup_that_closes_itself_runs_pagehide() -> None:
    ends = (
        "at: 5s, connect: {window: popup, channel: lobby}",
        "at: 9s, close: {window: popup, by: script}",
    )
    roles = play("at: 3s, close: {window: main}", "at: 4s, close: {window: overlay}", *ends).all(
        r.RoleChanged, "popup"
    )
    assert roles[-1].role == r.Role.RETIRED


def test_they_share_one_replica_of_local_storage_and_nobody_else_does() -> None:
    world = play("at: 5s, gesture: {window: main}").world
    main, popup, overlay = (
        world.windows.handles[name].area.process for name in ("main", "popup", "overlay")
    )
    assert main is popup
    assert overlay is not main


def test_a_popup_has_a_copy_of_its_openers_session() -> None:
    world = play("at: 5s, gesture: {window: main}", head=HEAD + "instance: session\n").world
    names = [
        world.windows.handles[name].window.instance_id for name in ("main", "popup", "overlay")
    ]
    assert names == ["main", "main", "overlay"]
