"""`--json`: one line a run, and a summary line last.

Rules: a published format. `version` grows when a key changes its meaning or goes; new keys may come
at any time. Every line is one whole JSON object in UTF-8; a line that is cut off was not printed by
oneroom.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from oneroom.checks.results import Finding, Result, RunGroup, Summary
from oneroom.report.describe import Describer
from oneroom.trace.records import Record

VERSION = 1
SUMMARY_START = f'{{"version":{VERSION},"kind":"summary"'
"""The beginning of a summary line."""


def run_line(result: Result) -> str:
    """The line of one run.

    Its keys: scenario, policy, bus, sfu, seed, verdict, digest, records, sim_ms, wall_ms,
    violations, ledger, id, repro, and more.
    """
    return _line(
        {
            "version": VERSION,
            "kind": "run",
            "scenario": result.scenario,
            "title": result.title,
            "policy": result.policy,
            "bus": result.bus,
            "sfu": result.sfu,
            "seed": result.seed,
            "verdict": result.verdict,
            "expected": result.expected,
            "digest": result.digest,
            "records": result.records,
            "sim_ms": result.sim_ms,
            "wall_ms": result.wall_ms,
            "violations": [_violation(finding) for finding in result.violations],
            "vacuous": list(result.vacuous),
            "inconclusive": list(result.inconclusive),
            "gave_up": result.gave_up,
            "ledger": result.ledger,
            "id": result.id,
            "repro": result.repro,
        }
    )


def record_line(describer: Describer, record: Record) -> str:
    """One record of a run as one JSON object."""
    facts: dict[str, object] = {
        "version": VERSION,
        "kind": "record",
        "n": record.n,
        "at_us": record.at_us,
        "where": describer.place(record),
        "cause": record.cause,
        "record": type(record).__name__,
        "text": describer.describe(record),
    }
    return _line(facts)


def summary_line(
    summary: Summary, groups: tuple[RunGroup, ...], folder: str, left_out: int = 0
) -> str:
    """The last line.

    `failures` holds the ids that `oneroom replay` takes; `bugs` the mechanisms behind all failing
    runs, each with its policy, check and number of runs; `shortfalls` what was expected of all
    seeds and did not happen; `limits` the broken limits on the ledger, each with the value that is
    furthest from it and the seed that has it; `vacuous` the checks that had nothing to guard in any
    run. `left_out` is how many runs have no line.
    """
    shortfalls = [
        {"scenario": group.scenario, "policy": group.policy, "message": message}
        for group in groups
        for message in group.shortfalls
    ]
    limits = [
        {
            "scenario": group.scenario,
            "policy": group.policy,
            "ledger": failure.finding.check,
            "broken_in": failure.hits,
            "worst": failure.worst,
            "seed": failure.worst_seed,
        }
        for group in groups
        for failure in group.failures
        if failure.worst_seed >= 0
    ]
    return _line(
        {
            "version": VERSION,
            "kind": "summary",
            "verdict": summary.verdict,
            "exit_code": summary.exit_code,
            "runs": summary.runs,
            "runs_left_out": left_out,
            "scenarios": summary.scenarios,
            "policies": list(summary.policies),
            "seeds": summary.seeds,
            "failed": summary.failed,
            "skipped": summary.skipped,
            "verdicts": summary.verdicts,
            "excused": summary.excused,
            "failures": list(summary.failures),
            "bugs": [msgspec.structs.asdict(bug) for bug in summary.bugs],
            "shortfalls": shortfalls,
            "limits": limits,
            "troubles": list(summary.troubles),
            "vacuous": list(summary.vacuous),
            "upper_bound": summary.upper_bound,
            "drawn": summary.drawn,
            "wall_ms": summary.wall_ms,
            "report": folder,
        }
    )


def stored_line(facts: Mapping[str, object]) -> str:
    """The line of a stored failure."""
    return _line({"version": VERSION, "kind": "stored", **facts})


def _violation(finding: Finding) -> dict[str, object]:
    return {
        "check": finding.check,
        "at_us": finding.at_us,
        "windows": list(finding.windows),
        "message": finding.message,
        "record": finding.record,
        "mechanism": finding.mechanism,
    }


def _line(value: dict[str, object]) -> str:
    return msgspec.json.encode(value).decode()
