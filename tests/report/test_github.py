"""GitHub is told in lines that its runner reads, within its limits, and a summary in Markdown."""

from __future__ import annotations

import re

import msgspec

from oneroom.report import github
from oneroom.report.github import Bug
from tests.report.examples import frozen_owner, group, summary

BUG = Bug("scenarios/freeze.yaml", 14, "single_room under naive", "both hold a Room", "x it\nbroke")


def read(line: str) -> tuple[str, dict[str, str], str]:
    """A workflow command as GitHub's runner parses it: name, properties, message."""
    match = re.fullmatch(r"::(\w+) ([^\n]*?)::([^\n]*)", line)
    assert match is not None, line

    def unescaped(text: str) -> str:
        for code, sign in (("%3A", ":"), ("%2C", ","), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            text = text.replace(code, sign)
        return text

    pairs = (part.partition("=") for part in match[2].split(","))
    return match[1], {key: unescaped(value) for key, _, value in pairs}, unescaped(match[3])


def test_an_annotation_says_file_line_and_title_whatever_is_in_them() -> None:
    hostile = Bug("a,b::c\n%.yaml", 3, "100 %, or: so", "first\nsecond: 5 %\r\n::error::x")
    (line,) = github.error_lines([hostile], "")
    assert read(line) == (
        "error",
        {"file": "a,b::c\n%.yaml", "line": "3", "title": "100 %, or: so"},
        "first\nsecond: 5 %\r\n::error::x",
    )


def test_a_bug_of_no_file_in_the_repository_has_no_place() -> None:
    (line,) = github.error_lines([Bug("", 9, "single_room", "broke", more=2)], "")
    assert read(line) == ("error", {"title": "single_room"}, "broke\n(and in 2 more scenarios)")


def test_ten_are_shown_of_many_and_the_last_one_counts_the_rest() -> None:
    ten = [msgspec.structs.replace(BUG, title=f"bug {number}") for number in range(10)]
    assert len(github.error_lines(ten, "")) == 10
    lines = github.error_lines([*ten, BUG, BUG], "see the report")
    assert len(lines) == 10
    assert read(lines[8])[1]["title"] == "bug 8"
    assert read(lines[9])[1:] == ({"title": "oneroom: 3 more bugs"}, "3 more bugs: see the report")


def test_the_summary_has_a_table_the_failure_and_its_sequence() -> None:
    bug = msgspec.structs.replace(BUG, sequence="sequenceDiagram\n    x", steps=2, steps_before=3)
    told = github.step_summary(summary(), [group(frozen_owner()[1]), group()], [bug])
    assert told.startswith("## oneroom: violated\n\nVIOLATED 1 of 2 scenarios not as expected;")
    row = "| ✗ | scenarios/stage1/freeze.yaml | web-lock | 100 | violated: single\\_room 29× |\n"
    assert row in told
    assert "<details><summary>1 scenario as expected</summary>" in told
    assert "### single\\_room under naive <code>scenarios/freeze.yaml:14</code>" in told
    assert "~~~~text\nx it\nbroke\n~~~~" in told
    assert "with 2 of 3 steps:\n\n```mermaid\nsequenceDiagram\n    x\n```" in told


def test_a_text_of_the_user_stays_text() -> None:
    hostile = group(scenario="a|b`</script>\n# c.yaml", shortfalls=("*never*",))
    told = github.step_summary(
        summary(), [hostile], [msgspec.structs.replace(BUG, block="~~~~~\n")]
    )
    assert "| ✗ | a\\|b\\`&lt;/script&gt; # c.yaml |" in told
    assert "\\*never\\*" in told
    assert "~~~~~~text\n~~~~~\n" in told, "the fence is longer than any in the text"


def test_a_summary_is_never_larger_than_github_takes() -> None:
    big = [msgspec.structs.replace(BUG, block="é" * 100_000) for _ in range(20)]
    told = github.step_summary(summary(), [group()], big)
    assert 500_000 < len(told.encode()) <= 1 << 20
    assert "more parts, in the report: GitHub shows 1 MiB." in told
    assert github.step_summary(summary(), [group()], big, room=50) == ""
