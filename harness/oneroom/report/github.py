"""Annotations and a job summary, as GitHub Actions shows them of a run.

Rules, all of them GitHub's: an annotation is a line `::error file=…,line=…,title=…::message` in a
step's output, whose values have `%`, line ends and (in properties) `:` and `,` escaped; of one
level 10 are shown for each step and the rest is dropped without a word, so there is one for each
distinct bug and the last one says how many more there are. A summary of more than 1 MiB is lost as
a whole.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import msgspec

from oneroom.checks.results import RunGroup, Summary
from oneroom.report import figures
from oneroom.report.text import TICKS, outcome, summary_line

MOST_ANNOTATIONS = 10
MOST_BYTES = 1 << 20
# Kept free, for the line that says what was left out.
_RESERVE = 1_000
_HEAD = "| | scenario | policy | seeds | outcome |\n|---|---|---|---|---|\n"
_FENCE = re.compile(r"~{3,}")


class Bug(msgspec.Struct, frozen=True):
    """A distinct bug: its place (`file` "" for none in the repository), and what is told of it.

    `block` is the failure in text, `sequence` its smallest known run as a Mermaid diagram ("" for
    none), `steps` and `steps_before` the sizes of that run and of the one that was found; `more` is
    how many further scenarios break the same check under the same policy.
    """

    file: str
    line: int
    title: str
    message: str
    block: str = ""
    sequence: str = ""
    steps: int = 0
    steps_before: int = 0
    more: int = 0


def error_lines(bugs: Sequence[Bug], others: str) -> list[str]:
    """The lines for those bugs, worst first; `others` says where to read of those left out."""
    shown = bugs if len(bugs) <= MOST_ANNOTATIONS else bugs[: MOST_ANNOTATIONS - 1]
    lines = [_annotation(bug) for bug in shown]
    if len(shown) < len(bugs):
        left = figures.plural(len(bugs) - len(shown), "more bug")
        lines.append(_annotation(Bug("", 0, f"oneroom: {left}", f"{left}: {others}")))
    return lines


def _annotation(bug: Bug) -> str:
    where = {"file": bug.file, "line": str(bug.line)} if bug.file else {}
    facts = {**where, "title": bug.title}
    properties = ",".join(f"{key}={_property(value)}" for key, value in facts.items())
    return f"::error {properties}::{_data(f'{bug.message}{_further(bug)}')}"


def _further(bug: Bug) -> str:
    return f"\n(and in {figures.plural(bug.more, 'more scenario')})" if bug.more else ""


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(
    summary: Summary, groups: Sequence[RunGroup], bugs: Sequence[Bug], room: int = MOST_BYTES
) -> str:
    """The summary as Markdown, of at most `room` bytes.

    What does not fit is left out from the end: first the bugs, worst kept longest, then rows.
    """
    head = f"## oneroom: {summary.verdict}\n\n{_line(summary_line(summary, ''))}\n"
    parts = [*_table(groups), *(_section(bug) for bug in bugs)]
    left = room - _RESERVE - len(head.encode())
    kept = [head]
    for number, part in enumerate(parts):
        left -= len(part.encode())
        if left < 0:
            count = figures.plural(len(parts) - number, "more part")
            kept.append(f"\n… and {count}, in the report: GitHub shows 1 MiB.\n")
            break
        kept.append(part)
    whole = "".join(kept)
    return whole if len(whole.encode()) <= room else ""


def _table(groups: Sequence[RunGroup]) -> list[str]:
    """A table a row a part; the groups that held are folded below those that did not."""
    bad = [group for group in groups if group.verdict != "held"]
    good = [group for group in groups if group.verdict == "held"]
    parts = [f"\n{_HEAD}"] if bad else []
    parts += [_row(group) for group in bad]
    if good:
        rows = "".join(map(_row, good))
        count = figures.plural(len(good), "scenario")
        parts.append(
            f"\n<details><summary>{count} as expected</summary>\n\n{_HEAD}{rows}\n</details>\n"
        )
    return parts


def _row(group: RunGroup) -> str:
    tick = TICKS.get(group.verdict, "!")
    cells = (tick, group.scenario, group.policy, f"{group.seeds:,}", outcome(group))
    return f"| {' | '.join(_cell(cell) for cell in cells)} |\n"


def _section(bug: Bug) -> str:
    fence = "~" * max(4, *(len(found) + 1 for found in _FENCE.findall(bug.block)), 4)
    place = f" <code>{_cell(bug.file)}:{bug.line}</code>" if bug.file else ""
    parts = [f"\n### {_cell(bug.title)}{place}\n", f"\n{fence}text\n{bug.block}\n{fence}\n"]
    if bug.more:
        parts.append(f"\nAnd in {figures.plural(bug.more, 'more scenario')}.\n")
    if bug.sequence:
        small = f"{bug.steps} of {figures.plural(bug.steps_before, 'step')}"
        parts.append(f"\nThe smallest run found, with {small}:\n")
        parts.append(f"\n```mermaid\n{bug.sequence}\n```\n")
    return "".join(parts)


def _line(text: str) -> str:
    return html.escape(" ".join(text.split()), quote=False)


def _cell(text: str) -> str:
    """`text` in a cell or a headline: no line end, no Markdown, no HTML."""
    return re.sub(r"([\\`*_\[\]|~])", r"\\\1", _line(text))
