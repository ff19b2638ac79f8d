"""The suite in plain text: a line for each scenario, the failures in full, a summary line.

Rules: this goes to standard output unless JSON was asked for. A green line shows its cost (the
worst of the ledger over all seeds), because a suite that held at the price of ten silent seconds is
not a good suite.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import msgspec

from oneroom.checks.registry import NAMES
from oneroom.checks.results import Bug, RunGroup, Skipped, Summary
from oneroom.report import figures
from oneroom.report.failure_text import FailureText
from oneroom.report.style import PLAIN, Style
from oneroom.report.wrap import wrap
from oneroom.scenario import VERBS

TICKS = {
    "held": "✓",
    "violated": "✗",
    "inconclusive": "?",
    "vacuous": "∅",
    "nondeterministic": "≠",
}
# Ledger entries on the line of a green group; the rest of the ledger is in the report folder.
_COSTS = (
    "no_owner_ms",
    "no_room_ms",
    "two_rooms_ms",
    "silent_ms",
    "evictions",
    "flaps",
    "prompts",
    "commands_lost",
    "ghost_ms",
)
_MOST_COSTS = 4
_MOST_NAMES = 2
_MOST_BUGS = 10
_WIDTH = 110


class Columns(msgspec.Struct, frozen=True):
    """Widths of the first columns.

    They are taken from the plan, so that lines can be printed while the suite still runs.
    """

    scenario: int
    policy: int
    seeds: int


def columns_for(scenarios: Sequence[str], policies: Sequence[str], seeds: int) -> Columns:
    """Columns that fit all names, up to a limit: one long path does not widen every line."""
    longest = max((len(name) for name in scenarios), default=8)
    widest = max((len(name) for name in policies), default=6)
    return Columns(min(64, longest), min(24, widest), len(figures.plural(seeds, "seed")))


def group_line(group: RunGroup, columns: Columns, style: Style = PLAIN) -> str:
    """`✓ scenarios/stage1/crash.yaml  web-lock-lease  100 seeds  held   no_owner 1.2 s`."""
    paint = {"held": style.good, "violated": style.bad, "nondeterministic": style.bad}.get(
        group.verdict, style.odd
    )
    seeds = figures.plural(group.seeds, "seed")
    head = (
        f"{group.scenario:<{columns.scenario}}  {group.policy:<{columns.policy}}  "
        f"{seeds:>{columns.seeds}}"
    )
    said = outcome(group)
    if style.folds and len(head) + len(said) + 4 > style.width:
        rest = f"{group.policy}, {seeds}: {said}"
        folded = [f"  {paint(line)}" for line in wrap(rest, style.width - 2)]
        return "\n".join([f"{paint(TICKS.get(group.verdict, '!'))} {group.scenario}", *folded])
    costs = _costs(group, style.width - len(head) - len(said) - 6)
    tail = f"  {style.faint(costs)}" if costs else ""
    return f"{paint(TICKS.get(group.verdict, '!'))} {head}  {paint(said)}{tail}"


def outcome(group: RunGroup) -> str:
    """The outcome of a group in the fewest words that do not mislead."""
    if group.failures:
        hits: dict[str, int] = {}
        for case in group.failures:
            hits[case.finding.check] = hits.get(case.finding.check, 0) + case.hits
        names = ", ".join(f"{check} {hits[check]:,}×" for check in list(hits)[:_MOST_NAMES])
        more = f" and {len(hits) - _MOST_NAMES} more" if len(hits) > _MOST_NAMES else ""
        return f"violated: {names}{more}"
    if group.gave_up:
        return f"{group.verdict}: {group.gave_up}"
    if group.shortfalls:
        more = f" (and {len(group.shortfalls) - 1} more)" if len(group.shortfalls) > 1 else ""
        return f"{group.shortfalls[0]}{more}"
    if group.violated and group.verdict == "held":
        broken = [name for name in NAMES if name in group.violated]
        more = f" and {len(broken) - _MOST_NAMES} more" if len(broken) > _MOST_NAMES else ""
        return f"as expected: {', '.join(broken[:_MOST_NAMES])}{more} violated"
    return group.verdict


def _costs(group: RunGroup, room: int) -> str:
    found: list[str] = []
    for key in _COSTS:
        worst = group.worst.get(key, 0)
        if worst and len(found) < _MOST_COSTS:
            cost = figures.duration(worst * 1_000) if key.endswith("_ms") else figures.count(worst)
            text = f"{key.removesuffix('_ms')} {cost}"
            if len(", ".join([*found, text])) + 6 > room:
                break
            found.append(text)
    return f"worst {', '.join(found)}" if found else ""


def failures(texts: Sequence[FailureText], timelines: int, left_out: int, folder: str) -> str:
    """The failures one under the other, only the first `timelines` of them with a timeline."""
    parts: list[str] = []
    for number, one in enumerate(texts):
        parts.append(one.block)
        if number < timelines and one.timeline:
            parts.append(one.timeline)
    if left_out:
        where = f": {folder}/failures" if folder else ""
        parts.append(f"… and {figures.plural(left_out, 'more failure')}{where}")
    return "\n\n".join(parts)


def summary_line(summary: Summary, folder: str, style: Style = PLAIN) -> str:
    """The last line: the verdict, how much was run, how long it took."""
    paint = (
        style.good
        if summary.exit_code == 0
        else style.bad
        if summary.verdict in ("violated", "nondeterministic")
        else style.odd
    )
    scenarios = figures.plural(summary.scenarios, "scenario")
    failed = f"{summary.failed:,} of {scenarios} not as expected" if summary.failed else scenarios
    seeds = f"seed {summary.seeds}" if summary.seeds.isdigit() else f"seeds {summary.seeds}"
    spent = figures.duration(round(summary.wall_ms * 1_000))
    if summary.skipped:
        failed = f"{failed}, {summary.skipped:,} skipped"
    runs = f"{figures.plural(summary.runs, 'run')}: {_counted(summary)}"
    if summary.upper_bound is not None and summary.runs > 1:
        runs = f"{runs}; at most {figures.at_most(summary.independent)} fail (95 %)"
    verdict = summary.verdict.upper()
    told = f"{failed}; {runs}; {seeds}; {spent}"
    if style.folds and len(f"{verdict}  {told}  {folder}") > style.width:
        lines = [paint(verdict), *(f"  {line}" for line in wrap(told, style.width - 2))]
        return "\n".join([*lines, *[f"  {style.faint(folder)}"] * bool(folder)])
    line = f"{paint(verdict)}  {told}"
    return f"{line}  {style.faint(folder)}" if folder else line


def bug_lines(bugs: Sequence[Bug], style: Style = PLAIN) -> str:
    """`1,400 failing runs, 3 mechanisms:` and a line for each of the most frequent ones.

    "" for a single one, whose failure says all of it.
    """
    if len(bugs) < 2:
        return ""
    policies = len({bug.policy for bug in bugs}) > 1
    checks = max(len(bug.check) for bug in bugs)
    runs = figures.plural(sum(bug.runs for bug in bugs), "failing run")
    lines = [f"{runs}, {len(bugs):,} mechanisms:"]
    for bug in bugs[:_MOST_BUGS]:
        under = f"  ({bug.policy})" if policies else ""
        told = f"{bug.runs:>7,}  {bug.check:<{checks}}  {bug.mechanism}{under}"
        lines.extend(textwrap.wrap(told, style.width, subsequent_indent=" " * 11) or [told])
    if len(bugs) > _MOST_BUGS:
        lines.append(f"{'…':>7}  and {len(bugs) - _MOST_BUGS:,} more")
    return "\n".join(lines)


def skipped_lines(skipped: Sequence[Skipped], style: Style = PLAIN) -> str:
    """The scenarios that were not run, each with its reason."""
    lines = [f"- {one.scenario}:{one.line}  skipped: {one.reason}" for one in skipped]
    return style.odd("\n".join(lines))


def vacuous_lines(summary: Summary, style: Style = PLAIN) -> str:
    """The checks of which the suite says nothing, because no run had anything for them to guard.

    "" if each check had something to guard in some run.
    """
    if not summary.vacuous:
        return ""
    names = f"vacuous in every run: {', '.join(summary.vacuous)}"
    return style.faint(textwrap.fill(names, min(_WIDTH, style.width), subsequent_indent="  "))


def drawn_lines(summary: Summary, style: Style = PLAIN) -> str:
    """The verbs that a search has played, the most frequent first, and those that it never has."""
    counts = sorted(summary.drawn.items(), key=lambda one: (-one[1], one[0]))
    drawn = ", ".join(f"{name} {count:,}" for name, count in counts) or "no step"
    never = ", ".join(name for name in VERBS if name not in summary.drawn)
    lines = [f"steps of all runs: {drawn}", f"never: {never}"]
    width = min(_WIDTH, style.width)
    return style.faint(
        "\n".join(textwrap.fill(one, width, subsequent_indent="  ") for one in lines)
    )


def _counted(summary: Summary) -> str:
    """`440 held, 140 violated as expected, 20 violated`."""
    counts = dict(summary.verdicts)
    if summary.excused:
        counts["violated"] = counts.get("violated", 0) - summary.excused
        counts["violated as expected"] = summary.excused
    order = (
        "held",
        "violated as expected",
        "violated",
        "inconclusive",
        "vacuous",
        "nondeterministic",
    )
    return ", ".join(f"{counts[name]:,} {name}" for name in order if counts.get(name)) or "none"
