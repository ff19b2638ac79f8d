"""The comparison of two versions of an app or a policy, run for run under the same draws.

Rules: the first version is the reference. A run of the second is worse if it breaks a check or a
limit that the same run of the reference does not, or if an entry of the ledger is higher by more
than a tolerance; better, the other way round. Entries that count what is neither good nor bad are
shown and judge nothing.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from oneroom.checks.compared_run import ComparedRun
from oneroom.checks.ledger import KEYS
from oneroom.confidence import more_often_than_chance
from oneroom.report import figures
from oneroom.report.html.distribution import quantiles_of
from oneroom.report.json_lines import VERSION
from oneroom.report.style import PLAIN, Style

_NEUTRAL = ("handoffs", "elections")
_JUDGED = tuple(key for key in KEYS if key not in _NEUTRAL)


class Rule(enum.StrEnum):
    """The rule by which a version is worse, for the exit code."""

    CHECKS = "checks"  # a check or a limit is broken that the reference does not break
    LEDGER = "ledger"  # ... or an entry of the ledger is worse more often than chance explains
    ANY = "any"  # ... or any run is worse in anything
    NEVER = "never"


class CheckDifference(msgspec.Struct, frozen=True):
    """Runs that broke a check or limit under one version alone; `repro` is the first new one."""

    check: str
    newly_broken: int
    no_longer: int
    repro: str


class KeyDifference(msgspec.Struct, frozen=True):
    """The differences of one entry of the ledger over all runs, the second version's less the
    reference's; `worst` is the highest, `seed` and `repro` are of the first run that has it.
    """

    key: str
    worse: int
    better: int
    median: int
    p95: int
    worst: int
    scenario: str
    seed: int
    repro: str
    judged: bool
    beyond_chance: bool


class Comparison(msgspec.Struct, frozen=True):
    """The outcome of a comparison. `worse` and `better` count runs; a run may be both."""

    reference: str
    candidate: str
    runs: int
    worse: int
    better: int
    checks: tuple[CheckDifference, ...]
    ledger: tuple[KeyDifference, ...]

    def is_worse(self, rule: Rule) -> bool:
        """Return whether the second version is worse by `rule`."""
        if rule is Rule.NEVER:
            return False
        checks = any(one.newly_broken for one in self.checks)
        ledger = any(one.beyond_chance for one in self.ledger)
        return (
            checks or (rule is not Rule.CHECKS and ledger) or (rule is Rule.ANY and self.worse > 0)
        )


def compare(
    names: tuple[str, str],
    reference: Iterable[ComparedRun],
    candidate: Iterable[ComparedRun],
    tolerance_ms: int,
) -> Comparison:
    """Compare the runs that both versions have made."""
    before = {run.key: run for run in reference}
    pairs = [(before[run.key], run) for run in candidate if run.key in before]
    return Comparison(
        *names,
        runs=len(pairs),
        worse=sum(_is_worse(one, other, tolerance_ms) for one, other in pairs),
        better=sum(_is_worse(other, one, tolerance_ms) for one, other in pairs),
        checks=tuple(_checks(pairs)),
        ledger=tuple(_key(key, pairs, tolerance_ms) for key in KEYS if _differs(key, pairs)),
    )


_Pairs = Sequence[tuple[ComparedRun, ComparedRun]]


def _tolerance(key: str, tolerance_ms: int) -> int:
    return tolerance_ms if key.endswith("_ms") else 0


def _is_worse(before: ComparedRun, after: ComparedRun, tolerance_ms: int) -> bool:
    return bool(set(after.broken) - set(before.broken)) or any(
        after.ledger[key] - before.ledger[key] > _tolerance(key, tolerance_ms) for key in _JUDGED
    )


def _differs(key: str, pairs: _Pairs) -> bool:
    return any(one.ledger[key] != other.ledger[key] for one, other in pairs)


def _checks(pairs: _Pairs) -> Iterable[CheckDifference]:
    newly: dict[str, list[ComparedRun]] = {}
    no_longer: dict[str, int] = {}
    for before, after in pairs:
        for check in after.broken:
            if check not in before.broken:
                newly.setdefault(check, []).append(after)
        for check in before.broken:
            if check not in after.broken:
                no_longer[check] = no_longer.get(check, 0) + 1
    for check in dict.fromkeys((*newly, *no_longer)):
        runs = newly.get(check, [])
        repro = runs[0].repro if runs else ""
        yield CheckDifference(check, len(runs), no_longer.get(check, 0), repro)


def _key(key: str, pairs: _Pairs, tolerance_ms: int) -> KeyDifference:
    slack = _tolerance(key, tolerance_ms)
    differences = [after.ledger[key] - before.ledger[key] for before, after in pairs]
    worse = sum(one > slack for one in differences)
    better = sum(one < -slack for one in differences)
    median, p95, _ = quantiles_of(sorted(differences))
    worst = max(differences)
    run = pairs[differences.index(worst)][1]
    judged = key in _JUDGED
    beyond = judged and more_often_than_chance(worse, better, len(_JUDGED))
    return KeyDifference(
        key,
        worse,
        better,
        median,
        p95,
        worst,
        run.scenario,
        run.seed,
        run.repro,
        judged,
        beyond,
    )


def line(comparison: Comparison, verdict: Mapping[str, object]) -> str:
    """The comparison as one JSON object, with the `verdict` by the rule that was asked for."""
    facts = {"version": VERSION, "kind": "comparison", **msgspec.to_builtins(comparison), **verdict}
    return msgspec.json.encode(facts).decode()


def text(comparison: Comparison, style: Style = PLAIN) -> str:
    """The comparison as people read it."""
    runs = figures.plural(comparison.runs, "run")
    lines = [
        f"{style.strong(comparison.reference)} → {style.strong(comparison.candidate)}  "
        f"{runs} of each, under the same draws",
        "",
    ]
    if comparison.checks:
        lines.append("checks and limits                newly broken   no longer")
    for check in comparison.checks:
        row = f"  {check.check:<30} {check.newly_broken:>12,} {check.no_longer:>11,}"
        lines.append(style.bad(row) if check.newly_broken else row)
        if check.repro:
            lines.append(style.faint(f"    {check.repro}"))
    if comparison.ledger:
        lines.append("ledger                worse   better     median        p95      worst")
    for key in comparison.ledger:
        lines += _key_rows(key, style)
    if comparison.checks or comparison.ledger:
        lines.append("")
    else:
        lines[-1] = "no check, no limit and no entry of the ledger differs\n"
    return "\n".join(lines)


def conclusion(comparison: Comparison) -> str:
    """`mine:Policy is worse than web-lock in 180 of 600 runs, better in 4`."""
    return (
        f"{comparison.candidate} is worse than {comparison.reference} in {comparison.worse:,} of "
        f"{figures.plural(comparison.runs, 'run')}, better in {comparison.better:,}"
    )


def _key_rows(key: KeyDifference, style: Style) -> list[str]:
    values = [_signed(key.key, value) for value in (key.median, key.p95, key.worst)]
    row = f"  {key.key:<16} {key.worse:>8,} {key.better:>8,} " + " ".join(
        f"{value:>10}" for value in values
    )
    if not key.judged:
        return [style.faint(f"{row}  (judges nothing)")]
    rows = [style.bad(row) if key.beyond_chance else row]
    return [*rows, style.faint(f"    {key.repro}")] if key.worse else rows


def _signed(key: str, value: int) -> str:
    if value == 0:
        return "0"
    size = abs(value)
    words = figures.duration(size * 1_000) if key.endswith("_ms") else figures.count(size)
    return f"{'+' if value > 0 else '−'}{words}"
