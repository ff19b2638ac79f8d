"""The timeline and the failure text, read as a user reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.checks.results import Finding
from oneroom.core.messages import CommandVerb
from oneroom.ports.observer import Presence
from oneroom.report import cause_chain
from oneroom.report.failure_text import render
from oneroom.report.lanes import Lanes
from oneroom.report.style import PLAIN, Style
from oneroom.report.timeline import LINES, timeline
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, SFU, Trace
from tests.histories import History
from tests.report.examples import case, frozen_owner

TESTDATA = Path(__file__).parent / "testdata"


def drawn(trace: Trace, finding: Finding, style: Style = PLAIN) -> list[str]:
    return timeline(trace, finding, cause_chain.explain(trace, finding), style).split("\n")


def test_a_failure_reads_like_this(rewrite: bool) -> None:
    trace, finding = frozen_owner()
    told = render(case(finding), (), 10_000, trace, "reports/latest/failures/Xt9Kp2.txt")
    text = f"{told.block}\n\n{told.timeline}\n"
    path = TESTDATA / "frozen_owner.txt"
    if rewrite:
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def test_the_failing_record_and_its_causes_are_marked() -> None:
    trace, finding = frozen_owner()
    rows = drawn(trace, finding)
    (failing,) = [row for row in rows if row.startswith("x")]
    assert "opens its Room (t2)" in failing
    marked = [row for row in rows if row.startswith("*")]
    assert any("freezes" in row for row in marked)
    assert any("step freeze main (line 14)" in row for row in marked)
    # What main did at 1 s is half of the failure: it opened the Room that it still holds.
    assert any("opens its Room (t1)" in row for row in marked)
    # The witness was only told; it caused nothing.
    assert not any("w: +" in row for row in marked)


def test_two_heavy_lanes_stand_side_by_side_when_two_windows_hold_a_room() -> None:
    trace, finding = frozen_owner()
    (failing,) = [row for row in drawn(trace, finding) if row.startswith("x")]
    assert "┇" in failing  # main, frozen, still holds its Room
    assert "┃ opens" in failing  # overlay


def test_runs_of_heartbeats_are_folded_and_counted() -> None:
    trace, finding = frozen_owner()
    rows = drawn(trace, finding)
    assert not any("heartbeat t1 →" in row for row in rows)
    assert any("… 2.87 s: 3 heartbeats and 3 other records" in row for row in rows)


def test_a_late_message_says_so() -> None:
    trace, finding = frozen_owner()
    assert any("← probe t1 from overlay, 312 ms" in row for row in drawn(trace, finding))


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("windows", [1, 2, 4, 12])
def test_however_long_the_run_the_picture_fits(windows: int, width: int) -> None:
    told = History(bare=True)
    names = ["main", *(f"w{n}-has-a-long-name" for n in range(1, windows))]
    for name in names:
        told.at(0).life(name, r.Life.OPENED)
    for n in range(3_000):
        name = names[n % max(1, windows - 1)]
        step = told.at(1_000 + 100 * n).step("connect", name, n).n
        click = told.because(step).acts(name, "connect", "lobby").n
        told.because(click).issues(name, 1, CommandVerb.CONNECT).then().posts(
            name, r.MessageKind.COMMAND, 1, n
        )
    last = told.at(400_000).because(click).room(names[-1], r.RoomState.OPENING, 1).n
    style = Style(colour=False, width=width)
    rows = drawn(told.trace, Finding("single_room", 400_000_000, (names[-1],), "", last), style)
    assert len(rows) <= LINES
    assert max(len(row) for row in rows) <= width
    assert sum(row.startswith("x") for row in rows) == 1
    if windows == 12:
        told_below = "\n".join(rows).partition("not shown: ")[2]
        assert all(name[:10] in rows[0] or name in told_below for name in names)
        assert names[-1] in rows[0], (
            "the window of the failure keeps its column, though it did least"
        )


@pytest.mark.parametrize("width", [60, 66, 72])
def test_a_narrow_terminal_narrows_columns_and_drops_no_window(width: int) -> None:
    trace, finding = frozen_owner()
    rows = drawn(trace, finding, Style(colour=False, width=width))
    assert rows[0].split() == ["main", "overlay", "SFU"]
    assert max(map(len, rows)) <= width
    assert not any("not shown" in row for row in rows)
    assert any(row.count("┃") >= 2 for row in rows), "the two Rooms stand side by side"


def test_a_chain_longer_than_the_picture_keeps_what_is_near() -> None:
    told = History(bare=True)
    told.at(0).life("main", r.Life.OPENED)
    cause = NO_CAUSE
    for n in range(500):
        cause = told.at(1_000 * n).because(cause).posts("main", r.MessageKind.SNAPSHOT, 1, n).n
    rows = drawn(told.trace, Finding("snapshot_monotonic", 0, ("main",), "", cause))
    assert len(rows) <= LINES
    assert any("snapshot t1.498 →" in row for row in rows)
    assert not any("snapshot t1.100 →" in row for row in rows)


def test_a_window_that_is_gone_has_no_lane_and_the_sfu_counts_sessions() -> None:
    told = History(bare=True)
    told.life("main", r.Life.OPENED)
    told.life("overlay", r.Life.OPENED)
    main, overlay = told.trace.intern("main"), told.trace.intern("overlay")
    lanes = Lanes()

    def after(*numbers: int) -> str:
        lanes.follow([told.trace.records[n] for n in numbers])
        return lanes.of(main) + lanes.of(overlay) + lanes.of(SFU)

    assert after(0, 1) == "│││"
    assert after(told.because(0).room("main", r.RoomState.OPENING, 1).n) == "┃││"
    assert after(told.because(0).session("main", Presence.JOINED).n) == "┃│┃"
    assert after(told.because(0).session("overlay", Presence.JOINED).n) == "┃│║"
    assert after(told.life("main", r.Life.STALLED).n) == "┇│║"
    assert (
        after(
            told.life("main", r.Life.UNSTALLED).n,
            told.because(0).room("main", r.RoomState.CLOSING, 1).n,
        )
        == "││║"
    )
    assert after(told.because(0).session("main", Presence.LEFT).n) == "││┃"
    assert (
        after(told.life("overlay", r.Life.FROZEN).n, told.life("main", r.Life.CRASHED).n) == " ┆┃"
    )
