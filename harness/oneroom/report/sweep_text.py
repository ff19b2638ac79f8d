"""A sweep in words: a table of settings, and the recommendation as a sentence with its price."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, log10

from oneroom.checks.sweep_results import Setting, SweepResult, SweepRow
from oneroom.report import figures
from oneroom.report.style import Style
from oneroom.scenario.diagnostic import printable
from oneroom.scenario.duration import format_duration

HEADS = (
    *("policy", "time-outs", "environment", "runs", "violations", "of a million"),
    *("no owner p50", "p99", "torn down of 100", "two rooms", "messages/s"),
)
_ON_THE_FRONT, _RECOMMENDED = "*", ">"


def timings(setting: Setting) -> str:
    """The time-outs of a setting: `lease 4s, heartbeat 1s`; "as they are" for none."""
    spelt = ", ".join(f"{name} {format_duration(us)}" for name, us in setting.timings_us.items())
    return spelt or "as they are"


def cells(row: SweepRow) -> tuple[str, ...]:
    """The columns of a row, under HEADS."""
    _, low, high = row.per_million
    bounds = f"{_rounded(low)} to {_rounded(high)}" if row.violations else f"< {_rounded(high)}"
    return (
        printable(row.setting.policy),
        timings(row.setting),
        printable(row.environment),
        f"{row.runs:,}",
        f"{row.violations:,}",
        bounds,
        _ms(row.no_owner_p50_ms),
        _ms(row.no_owner_p99_ms),
        f"{row.torn_per_100:.1f}",
        _ms(row.two_rooms_ms),
        f"{row.messages_per_s:.1f}",
    )


def table(sweep: SweepResult, style: Style) -> str:
    """All settings, over all environments: `*` are on the front, `>` is recommended. A policy or an
    environment that all have in common has no column.
    """
    whole = [cells(row) for row in sweep.settings]
    same = {place for place in (0, 2) if len({line[place] for line in whole}) == 1}
    heads, *body = [
        [text for place, text in enumerate(line) if place not in same] for line in (HEADS, *whole)
    ]
    left = 3 - len(same)
    widths = [max(map(len, column)) for column in zip(heads, *body, strict=True)]
    lines = [style.faint(f"  {_line(heads, widths, left)}")]
    for place, row in enumerate(body):
        mark = _ON_THE_FRONT if place in sweep.front else " "
        if place == sweep.recommended:
            lines.append(style.strong(f"{_RECOMMENDED} {_line(row, widths, left)}"))
        else:
            lines.append(f"{mark} {_line(row, widths, left)}")
    lines.append(style.faint("  * no other setting is better in everything; > recommended"))
    return "\n".join(lines)


def sentence(sweep: SweepResult) -> str:
    """The recommendation, with its price."""
    best = sweep.settings[sweep.recommended]
    told = f"{_name(sweep, best)}: {safety(best)}, {costs(best)}"
    if best.violations:
        return (
            f"No setting is safe. The least unsafe is {told}. Repeat a violation: "
            f"{best.first_violation}"
        )
    if sweep.quicker < 0:
        return f"{told}; no setting that is as safe has an owner sooner."
    other = sweep.settings[sweep.quicker]
    saved_ms = best.no_owner_p99_ms - other.no_owner_p99_ms
    more = other.torn_per_100 - best.torn_per_100
    return (
        f"{told}; {_name(sweep, other)} would save {_ms(saved_ms)} and tears down {more:.1f} more."
    )


def confirmation(sweep: SweepResult) -> str:
    """The fresh runs of the recommended setting, "" without any."""
    fresh = sweep.confirmed
    if fresh is None:
        return ""
    if fresh.violations:
        return (
            f"Not confirmed with fresh seeds: {safety(fresh)}. Repeat one: {fresh.first_violation}"
        )
    return f"Confirmed with fresh seeds: {safety(fresh)}, {costs(fresh)}."


def safety(row: SweepRow) -> str:
    """The violations of a row, with what so many runs say of their rate."""
    _, low, high = row.per_million
    runs = figures.plural(row.runs, "run")
    if not row.violations:
        return f"no violation in {runs} (at most {_rounded(high)} per million)"
    return (
        f"{figures.plural(row.violations, 'violation')} in {runs} ({_rounded(low)} to "
        f"{_rounded(high)} per million)"
    )


def costs(row: SweepRow) -> str:
    """The costs of a row."""
    return (
        f"{_ms(row.no_owner_p99_ms)} without an owner at p99, {row.torn_per_100:.1f} calls torn "
        "down in 100 runs"
    )


def _name(sweep: SweepResult, row: SweepRow) -> str:
    """The name of a setting among all: its policy is told if there are several."""
    several = len({one.setting.policy for one in sweep.settings}) > 1
    spelt = timings(row.setting)
    if not row.setting.timings_us:
        return printable(row.setting.policy)
    return f"{printable(row.setting.policy)}, {spelt}" if several else spelt


def _line(row: Sequence[str], widths: Sequence[int], left: int) -> str:
    aligned = [
        text.ljust(width) if place < left else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(aligned).rstrip()


def _ms(span_ms: float) -> str:
    return figures.duration(round(1_000 * span_ms)) if span_ms else "0"


def _rounded(value: float) -> str:
    """Two digits that count: 1,497 is 1,500."""
    if value <= 0:
        return "0"
    step = 10 ** (floor(log10(value)) - 1)
    return f"{round(value / step) * step:,.0f}"
