"""Text of a failure: what broke, why, how often, and the command that shows it again.

    x main-crash.yaml:14  single_room violated at 5.204 s: main and overlay both hold a Room
      cause  main freezes (line 14) → overlay becomes owner (t2) → opens its Room (t2)
             12 records of the cause chain, from 1,904
      rate   29 of 10,000 seeds (0.29 %, 95 % CI 0.20–0.42)
      repro  oneroom run main-crash.yaml --policy web-lock --seed 7
      stored oneroom replay Xt9Kp2        report  reports/latest/failures/Xt9Kp2.txt

Rules: one block for each scenario and policy, not for each seed and not for each check: whatever
else broke in the same runs is one line. The first line starts with file:line, so that editors and
terminals can jump to it. `repro` works on every machine that has the scenario or, with a token,
without it; `stored` where the failure was found.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.checks.results import (
    APP_RAISED,
    APP_SERVER_RAISED,
    CHECK_RAISED,
    POLICY_RAISED,
    Failure,
)
from oneroom.report import cause_chain, figures
from oneroom.report.style import PLAIN, Style
from oneroom.report.timeline import timeline
from oneroom.report.wrap import wrap
from oneroom.trace.trace import Trace

_RAISED = {
    POLICY_RAISED: "the policy raised an exception",
    CHECK_RAISED: "a check of your own raised an exception",
    APP_RAISED: "the app failed",
    APP_SERVER_RAISED: "a handler of your own raised an exception",
}
_INDENT = 9  # "  cause  "


class FailureText(msgspec.Struct, frozen=True):
    """A failure in words, ready to be printed or filed.

    `timeline` is "" where there is no trace to draw; `line` is the scenario's line to look at.
    """

    block: str
    timeline: str
    line: int = 0


def render(
    failure: Failure,
    others: Sequence[Failure],
    seeds: int,
    trace: Trace | None,
    report: str,
    style: Style = PLAIN,
    before: str = "",
) -> FailureText:
    """Words and timeline of `failure`, the first failure of `seeds` runs.

    `others` broke in the same scenario under the same policy. `trace` is the run of
    `failure.result` again, None if it is not available. `report` is the path of the failure's file,
    "" for none. `before` describes the run before it was shrunk.
    """
    reason = None if trace is None else cause_chain.explain(trace, failure.finding)
    line = (
        failure.finding.line
        or (reason.step_line if reason is not None else 0)
        or failure.result.line
    )
    lines = _headline(failure, line, style)
    if reason is not None and trace is not None:
        lines.extend(
            _field("cause", f"{reason.line}\n{cause_chain.size(reason, trace)}{before}", style)
        )
    lines.extend(
        _field(
            "rate",
            f"{figures.rate(failure.hits, seeds)}   policy {failure.result.policy}, seed "
            f"{failure.result.seed}",
            style,
        )
    )
    if failure.worst_seed >= 0 and failure.hits > 1:
        lines.extend(_field("worst", worst_line(failure), style))
    if others:
        lines.extend(_field("also", _also(failure, others, seeds), style))
    lines.append(f"  {style.faint('repro')}  {style.strong(failure.repro)}")
    lines.extend(_kept(failure, report, style))
    drawn = (
        "" if reason is None or trace is None else timeline(trace, failure.finding, reason, style)
    )
    return FailureText("\n".join(lines), drawn, line)


def _also(failure: Failure, others: Sequence[Failure], seeds: int) -> str:
    """The other failures of the same runs; of a check that breaks by several mechanisms, which."""
    checks = [one.finding.check for one in (failure, *others)]
    found = []
    for other in others:
        check = other.finding.check
        by = f" by {other.finding.mechanism}" if checks.count(check) > 1 else ""
        found.append(f"{check}{by} ({other.id}, {other.hits:,} of {seeds:,})")
    return ", ".join(found)


def _headline(failure: Failure, line: int, style: Style) -> list[str]:
    """The first line; on a narrow terminal the lines that it takes, the place alone on its own."""
    finding, result = failure.finding, failure.result
    where = f"{result.scenario}:{line}"
    broke = _RAISED.get(finding.check, f"{finding.check} violated")
    told = f" at {figures.timestamp(finding.at_us)}: {finding.message}"
    head = f"{style.bad('x')} {style.strong(where)}"
    if style.folds and len(f"x {where}  {broke}{told}") > style.width:
        return [head, *(f"  {line}" for line in wrap(f"{broke}{told}", style.width - 2))]
    return [f"{head}  {style.bad(broke)}{told}"]


def _kept(failure: Failure, report: str, style: Style) -> list[str]:
    """The line that says where the failure is kept, if it is."""
    again = f"{style.faint('stored')} oneroom replay {failure.id}" if failure.stored else ""
    filed = f"{style.faint('report')}  {report}" if report else ""
    parts = [part for part in (again, filed) if part]
    plain = len(f"  stored oneroom replay {failure.id}        report  {report}")
    if style.folds and plain > style.width:
        return [f"  {part}" for part in parts]
    return [f"  {'        '.join(parts)}"] * bool(parts)


def worst_line(failure: Failure) -> str:
    """`no_owner_ms 8,412 in seed 17`: the seed furthest from a limit on the ledger."""
    return f"{failure.finding.check} {failure.worst:,} in seed {failure.worst_seed}"


def _field(name: str, text: str, style: Style) -> list[str]:
    """A line `  name   text`, wrapped under itself; a newline in the text starts a new line."""
    found: list[str] = []
    for part in text.split("\n"):
        for piece in wrap(part, style.width - _INDENT):
            head = (
                f"  {style.faint(name)}{' ' * (_INDENT - 2 - len(name))}"
                if not found
                else " " * _INDENT
            )
            found.append(head + piece)
    return found


def of_more_seeds(
    block: str, failure: Failure, others: Sequence[Failure], seeds: int, report: str
) -> str:
    """The block of a failure with the figures of more `seeds` than it was made of."""
    head: list[str] = []
    for line in block.split("\n"):
        if line.startswith("  rate"):
            break
        head.append(line)
    figured = render(failure, others, seeds, None, report).block.split("\n")
    return "\n".join([*head, *figured[1:]])


def shrunk_from(records: int, steps: int) -> str:
    """`; 1,904 records and 9 steps before shrinking`, "" for a run that was not shrunk."""
    if not records:
        return ""
    return (
        f"; {figures.plural(records, 'record')} and {figures.plural(steps, 'step')} before "
        "shrinking"
    )
