"""A failure as a Mermaid sequence: what is drawn, and that no name can break out of its line."""

from __future__ import annotations

import re

import pytest

from oneroom.checks.results import Finding
from oneroom.report import mermaid
from tests.histories import History
from tests.report.examples import frozen_owner

LINE = re.compile(
    r"sequenceDiagram"
    r"|    participant p\d+ as [^;#\n]+"
    r"|    Note over p\d+(?:,p\d+)?: (?:[^#;\n]|#\d+;)+"
    r"|    p\d+(?:->>|--x)p\d+: (?:[^#;\n]|#\d+;)+"
)


def test_windows_steps_messages_and_the_failure_are_drawn() -> None:
    trace, finding = frozen_owner()
    drawn = mermaid.render(trace, finding)
    lines = drawn.split("\n")
    assert lines[0] == "sequenceDiagram"
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    assert "    participant p0 as main" in lines
    assert lines[-1] == "    Note over p0,p1: ✗ 7.104 s: main and overlay both hold a Room (1.9 s)"
    assert any("opens its Room (t2)" in line for line in lines)


def test_a_long_run_is_cut_to_what_leads_to_the_failure() -> None:
    trace, finding = frozen_owner()
    short = mermaid.render(trace, finding, 3)
    events = [line for line in short.split("\n") if "Note over" in line or ">>" in line]
    assert len(events) == 4, "three and the failure"
    assert "opens its Room (t2)" in short


def test_a_run_that_held_has_no_failure() -> None:
    trace, _ = frozen_owner()
    assert "✗" not in mermaid.render(trace, None)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a; b", "a#59; b"),
        ("end", "#101;nd"),
        ("the END of it", "the #69;ND of it"),
        ("weekend", "weekend"),
        ("#35;", "#35;35#59;"),
        ("<script>", "#60;script#62;"),
        ("two\nlines\there", "two lines here"),
        ("x" * 300, f"{'x' * 119}…"),
    ],
)
def test_a_text_cannot_say_anything_to_mermaid(text: str, shown: str) -> None:
    assert mermaid.escaped(text) == shown


def test_a_hostile_window_is_a_name_like_any_other() -> None:
    told = History("end; %% </script>")
    finding = Finding("single_room", 0, ("end; %% </script>",), "no\nway", told.n)
    assert mermaid.render(told.trace, finding).split("\n") == [
        "sequenceDiagram",
        "    participant p0 as #101;nd#59; #37;#37; #60;/script#62;",
        "    participant p1 as SFU",
        "    Note over p0: 0.000 s: opens",
        "    Note over p0: ✗ 0.000 s: no way",
    ]
