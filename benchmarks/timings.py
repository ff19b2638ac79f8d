"""Costs and benefits of a policy's time-outs: a sweep of heartbeat, lease and probe.

It is part of docs/policies.md. Each combination runs the scenarios of `scenarios/stage1` that set
no time-outs of their own, and calls whose owner is well but looks dead, or is dead. Rules: virtual
time alone, so the figures are the same on every machine.
"""

from __future__ import annotations

from typing import NamedTuple

from benchmarks import markdown
from benchmarks.faults import call, lost, messages, spell_ms, succeeded_ms
from oneroom.checks.registry import NAMES as CHECKS
from oneroom.core.timings import Timings
from oneroom.explore.judged_run import run_judged
from oneroom.policies.registry import RECOMMENDED
from oneroom.scenario import Scenario

SEEDS = range(1, 11)
POLICIES = (RECOMMENDED, "heartbeat", "web-lock")
SECOND, MILLISECOND = 1_000_000, 1_000
DEFAULT = (Timings().heartbeat_us, Timings().lease_us, Timings().probe_us)
# (heartbeat, lease, probe): the defaults, each of them changed alone, and all of them quicker and
# slower.
SWEEP = (
    DEFAULT,
    (500 * MILLISECOND, 1_500 * MILLISECOND, 500 * MILLISECOND),
    (2 * SECOND, 6 * SECOND, 500 * MILLISECOND),
    (1 * SECOND, 1_500 * MILLISECOND, 500 * MILLISECOND),
    (1 * SECOND, 2 * SECOND, 500 * MILLISECOND),
    (1 * SECOND, 5 * SECOND, 500 * MILLISECOND),
    (1 * SECOND, 3 * SECOND, 100 * MILLISECOND),
    (1 * SECOND, 3 * SECOND, 1_500 * MILLISECOND),
)
# A bare lock knows nothing but its heartbeat, which mirrors need.
_MATTER = {"web-lock": 3}
# The owner is well: its main thread is busy for a while, it is hidden on a bus that loses, it is
# frozen behind a slow bus.
WELL = {
    "busy": ("", "at: 6s..8s, stall: {window: main, lasts: 1500ms..2500ms}"),
    "hidden": ("bus: {loss: 0.1}\n", "at: 6s..8s, hide: {window: main}"),
    "slow": ("bus: {delay: 50ms..200ms}\n", "at: 6s..8s, freeze: {window: main}"),
}
GONE = {
    "crash": "at: 6s..8s, crash: {window: main}",
    "stop": "at: 6s..8s, stop: {window: main, lasts: 60s}",
}


class Cell(NamedTuple):
    """The figures of one policy with one set of time-outs.

    `well` and `gone` are times until another window owned.
    """

    policy: str
    timings: tuple[int, int, int]
    messages: int
    well: dict[str, list[int]]
    gone: dict[str, list[int]]
    broken: int
    runs: int


def measure(job: tuple[str, tuple[int, int, int], list[Scenario]]) -> Cell:
    """All figures of one cell; the scenarios are those of stage 1."""
    policy, timings, stories = job
    timings_us = dict(zip(("heartbeat", "lease", "probe"), timings, strict=True))
    well, gone = {}, {}
    for name, (head, step) in WELL.items():
        well[name] = succeeded_ms(policy, {"main": call(step, head=head, timings_us=timings_us)})
    for name, step in GONE.items():
        gone[name] = succeeded_ms(policy, {"main": call(step, timings_us=timings_us)})
    broken = runs = 0
    for story in stories:
        scenario = story.model_copy(update={"timings_us": timings_us})
        for seed in SEEDS:
            found = {
                finding.check for finding in run_judged(scenario, policy, seed).result.violations
            }
            runs += 1
            broken += bool(found & set(CHECKS))
    return Cell(policy, timings, messages(policy, timings_us), well, gone, broken, runs)


def jobs(stage1: list[Scenario]) -> list[tuple[str, tuple[int, int, int], list[Scenario]]]:
    """Every cell that is measured, without scenarios that set time-outs of their own."""
    plain = [
        scenario.model_copy(update={"without": ()})
        for scenario in stage1
        if not scenario.timings_us
    ]
    return [
        (policy, timings, plain) for policy in POLICIES for timings in SWEEP[: _MATTER.get(policy)]
    ]


def table(cells: list[Cell]) -> str:
    """The fourth table."""
    head = (
        *("heartbeat", "lease", "probe", "policy", "messages a minute", "crashes", "stands still"),
        *("busy: loses", "hidden: loses", "frozen, slow bus: loses", "broken"),
    )
    rows = []
    for cell in cells:
        spelt = [_spell(one_us) for one_us in cell.timings]
        gone = [spell_ms(max(cell.gone[name])) if cell.gone[name] else "" for name in GONE]
        well = [lost(cell.well[name]) for name in WELL]
        broken = f"{cell.broken:,} of {cell.runs:,}"
        rows.append([*spelt, f"`{cell.policy}`", f"{cell.messages:,}", *gone, *well, broken])
    return markdown.table(head, rows, text_columns=(3,))


def words(cells: list[Cell]) -> dict[str, str]:
    """The figures that the page's text refers to, by their names in it."""
    at = {(cell.policy, cell.timings): cell for cell in cells}
    best = at[RECOMMENDED, DEFAULT]
    quick, slow, _, short, _, hasty, patient = (at[RECOMMENDED, timings] for timings in SWEEP[1:])
    beats = at["heartbeat", DEFAULT]
    others = [cell.broken for cell in cells if cell.policy == "heartbeat"]
    return {
        "sweep_messages": f"{best.messages}",
        "sweep_quick_messages": f"{quick.messages}",
        "sweep_stop": spell_ms(max(best.gone["stop"])),
        "sweep_quick_stop": spell_ms(max(quick.gone["stop"])),
        "sweep_slow_stop": spell_ms(max(slow.gone["stop"])),
        "sweep_busy": lost(best.well["busy"]),
        "sweep_quick_busy": lost(quick.well["busy"]),
        "sweep_short_busy": lost(short.well["busy"]),
        "sweep_probe_slow": lost(best.well["slow"]),
        "sweep_hasty_slow": lost(hasty.well["slow"]),
        "sweep_patient_slow": lost(patient.well["slow"]),
        "sweep_patient_stop": spell_ms(max(patient.gone["stop"])),
        "sweep_heartbeat_slow": lost(beats.well["slow"]),
        "sweep_heartbeat_hidden": lost(beats.well["hidden"]),
        "sweep_hidden": lost(best.well["hidden"]),
        "sweep_heartbeat_broken": f"{min(others):,} to {max(others):,} of {beats.runs:,}",
        "sweep_crash": spell_ms(max(best.gone["crash"])),
        "sweep_heartbeat_crash": spell_ms(max(beats.gone["crash"])),
        "sweep_broken": f"{sum(cell.broken for cell in cells if cell.policy == RECOMMENDED):,}",
        "sweep_runs": f"{sum(cell.runs for cell in cells if cell.policy == RECOMMENDED):,}",
    }


def _spell(one_us: int) -> str:
    return f"{one_us // MILLISECOND} ms" if one_us % SECOND else f"{one_us // SECOND} s"
