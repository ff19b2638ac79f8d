"""The lines of a suite."""

from __future__ import annotations

import fcntl
import io
import os
import re
import struct
import termios

import msgspec
import pytest

from oneroom.checks.results import RunGroup
from oneroom.report import cause_chain, failure_text, text
from oneroom.report.failure_text import FailureText
from oneroom.report.style import PLAIN, Style, style_for
from oneroom.report.text import columns_for
from oneroom.report.timeline import timeline
from tests.report.examples import case, frozen_owner, group, summary

COLUMNS = columns_for(["scenarios/stage1/freeze.yaml"], ["web-lock"], 100)
HEAD = "scenarios/stage1/freeze.yaml  web-lock  100 seeds"


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (group(), f"✓ {HEAD}  held  worst no_owner 1.2 s, evictions 2"),
        (
            group(frozen_owner()[1]),
            f"✗ {HEAD}  violated: single_room 29×  worst no_owner 1.2 s, evictions 2",
        ),
        (
            group(violated={"single_room": 100}, excused=100, worst={}),
            f"✓ {HEAD}  as expected: single_room violated",
        ),
        (
            group(
                violated=dict.fromkeys(("owner_elected", "mirrors_converge", "single_room"), 9),
                excused=9,
                worst={},
            ),
            f"✓ {HEAD}  as expected: single_room, owner_elected and 1 more violated",
        ),
        (
            group(shortfalls=("expected single_room to be violated, it never was in 100 seeds",)),
            f"✗ {HEAD}  expected single_room to be violated, it never was in 100 seeds",
        ),
        (group(verdict="vacuous", worst={}), f"∅ {HEAD}  vacuous"),
        (group(verdict="inconclusive", worst={}), f"? {HEAD}  inconclusive"),
        (group(verdict="nondeterministic", worst={}), f"≠ {HEAD}  nondeterministic"),
    ],
)
def test_a_line_for_each_scenario(one: RunGroup, line: str) -> None:
    assert text.group_line(one, COLUMNS) == line


def test_a_green_line_stays_on_one_line_however_much_it_cost() -> None:
    worst = dict.fromkeys(
        ("no_owner_ms", "no_room_ms", "two_rooms_ms", "silent_ms", "evictions", "flaps"), 123_456
    )
    wide = columns_for(["x" * 54], ["web-lock-lease"], 10_000)
    line = text.group_line(group(scenario="x" * 54, policy="web-lock-lease", worst=worst), wide)
    assert len(line) <= 120
    assert "worst no_owner 123 s" in line


def test_the_last_line_says_what_it_comes_to() -> None:
    assert text.summary_line(summary(), "reports/latest") == (
        "VIOLATED  1 of 2 scenarios not as expected; 200 runs: 121 held, 50 violated as expected, "
        "29 violated; "
        "seeds 1..100; 1.53 s  reports/latest"
    )
    green = summary(
        failed=0,
        verdicts={"held": 1},
        excused=0,
        runs=1,
        scenarios=1,
        seeds="7",
        verdict="held",
        exit_code=0,
    )
    assert text.summary_line(green, "") == "HELD  1 scenario; 1 run: 1 held; seed 7; 1.53 s"
    many = msgspec.structs.replace(green, runs=100, verdicts={"held": 100}, seeds="1..100")
    assert text.summary_line(many, "") == (
        "HELD  1 scenario; 100 runs: 100 held; at most 3.0 % fail (95 %); seeds 1..100; 1.53 s"
    )
    assert msgspec.structs.replace(many, verdict="inconclusive").upper_bound is None


def test_a_search_names_what_it_has_played_and_what_it_never_has() -> None:
    lines = text.drawn_lines(summary(drawn={"freeze": 1_200, "crash": 3}))
    played, never = lines.split("never: ")
    assert played.startswith("steps of all runs: freeze 1,200, crash 3\n")
    assert "stall" in never
    assert "crash" not in re.split(r",\s+", never)


def test_only_the_first_failure_is_printed_with_its_picture() -> None:
    printed = text.failures(
        [FailureText("one", "picture of one"), FailureText("two", "picture of two")],
        1,
        3,
        "reports/latest",
    )
    assert (
        printed == "one\n\npicture of one\n\ntwo\n\n… and 3 more failures: reports/latest/failures"
    )
    assert text.failures([], 1, 0, "") == ""


def test_colour_adds_nothing_that_the_text_does_not_say() -> None:
    coloured = text.group_line(group(frozen_owner()[1]), COLUMNS, Style(colour=True))
    stripped = coloured
    for code in ("\x1b[31;1m", "\x1b[2m", "\x1b[0m"):
        stripped = stripped.replace(code, "")
    assert coloured != stripped == text.group_line(group(frozen_owner()[1]), COLUMNS)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "environment", "colour"),
    [
        (io.StringIO(), {}, False),
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
        (Terminal(), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        # Empty means unset: no-color.org says so.
        (Terminal(), {"NO_COLOR": ""}, True),
    ],
)
def test_who_gets_colour(stream: io.StringIO, environment: dict[str, str], colour: bool) -> None:
    assert style_for(stream, environment).colour is colour
    assert PLAIN.bad("x") == "x"


@pytest.mark.parametrize(("columns", "width"), [(200, 120), (100, 100), (20, 40), (0, 120)])
def test_lines_are_as_wide_as_the_terminal_within_reason(columns: int, width: int) -> None:
    theirs, ours = os.openpty()
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with os.fdopen(theirs, "rb"), os.fdopen(ours, "w") as terminal:
        assert style_for(terminal, {"NO_COLOR": "1"}).width == width
        assert style_for(terminal, {"TERM": "xterm"}).width == width
    assert style_for(io.StringIO(), {"FORCE_COLOR": "1"}).width == 120, "a file is as wide as ever"


@pytest.mark.parametrize("width", [40, 60, 100])
def test_everything_that_is_no_command_fits_a_narrow_terminal(width: int) -> None:
    style = Style(False, width)
    trace, finding = frozen_owner()
    one = group(finding)
    whole = failure_text.render(case(finding), (), 10_000, trace, "reports/latest/a.txt", style)
    lines = [
        text.group_line(one, COLUMNS, style),
        whole.block,
        whole.timeline,
        text.vacuous_lines(summary(vacuous=("mute_is_sticky", "chat_once") * 9), style),
        text.summary_line(summary(), "reports/latest", style),
    ]
    wide = [
        line
        for part in lines
        for line in part.split("\n")
        if len(line) > width and "oneroom" not in line and "report  " not in line
    ]
    assert wide == []
    flat = " ".join(" ".join(lines).split())
    assert "29 of 10,000 seeds" in flat
    assert "both hold a Room (1.9 s)" in flat
    assert "violated: single_room 29×" in flat
    assert "50 violated as expected, 29 violated" in flat


def test_a_list_stands_for_the_diagram_where_columns_have_no_room() -> None:
    trace, finding = frozen_owner()
    chain = cause_chain.explain(trace, finding)
    rows = timeline(trace, finding, chain, Style(False, 40)).split("\n")
    assert "x   7.104 s  overlay opens its Room (t2)" in rows
    assert "*   0.100 s  main is granted the lock" in rows
    assert len(timeline(trace, finding, chain, Style(False, 40), 12).split("\n")) <= 12
    assert rows[-1] == "* leads to it  x shows it"
