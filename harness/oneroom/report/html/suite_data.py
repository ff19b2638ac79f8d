"""The data of the suite page: what came of all runs of one call, as values for JSON.

Rules: it is collected while the suite runs and holds no run: what it keeps grows with scenarios,
policies and failures, not with seeds. Times are as in the ledger (milliseconds) or microseconds by
name.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Protocol

import msgspec

from oneroom.checks.ledger import KEYS
from oneroom.checks.results import Failure, RunGroup, Skipped, Summary
from oneroom.confidence import interval
from oneroom.report import figures
from oneroom.report.html.distribution import Distribution, quantiles_of
from oneroom.scenario import Limit
from oneroom.scenario.shown_path import quoted, shown_path

FORMAT = 1


class LedgerRun(Protocol):
    """One run as the page takes it: a Result, or a line of results.ndjson."""

    @property
    def scenario(self) -> str: ...
    @property
    def policy(self) -> str: ...
    @property
    def seed(self) -> int: ...
    @property
    def ledger(self) -> Mapping[str, int]: ...


class SuiteData:
    """Collects the suite page of one call. `command` is `run` or `fuzz`."""

    def __init__(self, command: str, skipped: Sequence[Skipped] = ()) -> None:
        self.command = command
        self.skipped = skipped
        self._runs: dict[str, int] = {}
        self._ledgers: dict[str, dict[str, Distribution]] = {}
        self._rows: dict[tuple[str, int], dict[str, Any]] = {}
        self._cells: list[dict[str, Any]] = []
        self._limits: list[dict[str, Any]] = []
        self._failures: list[dict[str, Any]] = []
        self._differing: set[tuple[str, str]] = set()

    def add(self, run: LedgerRun) -> None:
        """Count one run."""
        policy = run.policy
        self._runs[policy] = self._runs.get(policy, 0) + 1
        ledgers = self._ledgers.setdefault(policy, {})
        for key, value in run.ledger.items():
            if value > 0:
                entry = ledgers.get(key)
                if entry is None:
                    entry = ledgers[key] = Distribution()
                entry.add(value, run.scenario, run.seed)

    def group(
        self,
        group: RunGroup,
        runs: Sequence[LedgerRun],
        limits: Mapping[str, Limit] | None = None,
        tags: Sequence[str] = (),
    ) -> None:
        """Add a cell: all runs of a scenario under a policy, at least one, with what the scenario
        says of limits and tags.
        """
        row = self._row(group.scenario, group.line, group.title, tags)
        cell = len(self._cells)
        unexpected = group.verdicts.get("violated", 0) - group.excused
        self._cells.append(
            {
                "row": row,
                "policy": group.policy,
                "verdict": group.verdict,
                "seeds": group.seeds,
                "unexpected": _rate(unexpected, group.seeds),
                "excused": _rate(group.excused, group.seeds),
                "verdicts": group.verdicts,
                "violated": group.violated,
                "shortfalls": list(group.shortfalls),
                "vacuous": list(group.vacuous),
                "gave_up": group.gave_up,
                "ledger": _ledger_of(runs),
                "show": f"oneroom show {quoted(group.scenario)} --policy "
                f"{shlex.quote(group.policy)} --seed ",
                "first": runs[0].seed,
            }
        )
        self._failures += [_failure(failure, group.seeds, cell) for failure in group.failures]
        for key, limit in (limits or {}).items():
            worst = max(runs, key=lambda run: _excess(limit, run.ledger[key]))
            self._limits.append(
                {
                    "cell": cell,
                    "ledger": key,
                    "relation": limit.relation,
                    "bound": limit.bound,
                    "line": limit.line,
                    "worst": worst.ledger[key],
                    "seed": worst.seed,
                    "broken": any(not limit.admits(one.ledger[key]) for one in runs),
                }
            )

    def found(self, failure: Failure, runs: int) -> None:
        """Add a failure of a search, which has no cells: seen in `failure.hits` of `runs` runs."""
        self._failures.append(_failure(failure, runs, -1))

    def differs(self, scenario: str, policy: str) -> None:
        """Mark a cell of which a run differed from itself."""
        self._differing.add((scenario, policy))

    def page(
        self,
        summary: Summary,
        arguments: Sequence[str],
        versions: Mapping[str, str],
        runs: Mapping[tuple[str, ...], str],
    ) -> str:
        """The report as one HTML file, with `runs` (packed, by the ids of their failures)."""
        from oneroom.report.html import document  # only a suite that ends needs it

        data = self.json(summary, arguments, versions)
        return document.render(f"oneroom: {summary.verdict}", data, runs)

    def json(
        self, summary: Summary, arguments: Sequence[str], versions: Mapping[str, str]
    ) -> bytes:
        """The data as JSON."""
        rows = list(self._rows.values())
        for cell in self._cells:
            if (rows[cell["row"]]["path"], cell["policy"]) in self._differing:
                cell["verdict"] = "nondeterministic"
        data = {
            "format": FORMAT,
            "command": self.command,
            "line": " ".join(["oneroom", *(quoted(shown_path(one)) for one in arguments)]),
            "summary": summary,
            "duration": figures.duration(round(summary.wall_ms * 1_000)),
            "versions": versions,
            "policies": list(self._runs),
            "rows": rows,
            "cells": self._cells,
            "failures": self._failures,
            "limits": self._limits,
            "skipped": list(self.skipped),
            "ledger": self._distributions(),
        }
        return msgspec.json.encode(data)

    def _row(self, path: str, line: int, title: str, tags: Sequence[str]) -> int:
        found = self._rows.get((path, line))
        if found is None:
            name = PurePosixPath(path.removeprefix("oneroom:"))
            prefix = "oneroom:" if path.startswith("oneroom:") else ""
            folder = "" if name.parent == PurePosixPath(".") else name.parent.as_posix()
            found = self._rows[path, line] = {
                "n": len(self._rows),
                "path": path,
                "line": line,
                "folder": f"{prefix}{folder}",
                "name": name.stem,
                "title": title,
                "tags": tags,
            }
        return int(found["n"])

    def _distributions(self) -> list[dict[str, Any]]:
        """The entries of the ledger that are above 0 in some run, one distribution a policy."""
        found = []
        for key in KEYS:
            policies = []
            for policy, runs in self._runs.items():
                entry = self._ledgers[policy].get(key) or Distribution()
                policies.append(
                    {
                        "policy": policy,
                        "runs": runs,
                        "quantiles": entry.quantiles(runs),
                        "highest": entry.highest,
                        "scenario": entry.scenario,
                        "seed": entry.seed,
                        "curve": entry.curve(runs),
                    }
                )
            if any(one["highest"] for one in policies):
                found.append({"key": key, "policies": policies})
        return found


def _rate(hits: int, runs: int) -> list[float]:
    """Hits, and the 95 % interval of their share."""
    low, high = interval(hits, runs)
    return [hits, round(low, 6), round(high, 6)]


def _failure(failure: Failure, runs: int, cell: int) -> dict[str, Any]:
    result, finding = failure.result, failure.finding
    return {
        "id": failure.id,
        "cell": cell,
        "check": finding.check,
        "scenario": result.scenario,
        "title": result.title,
        "line": finding.line or result.line,
        "policy": result.policy,
        "message": finding.message,
        "mechanism": finding.mechanism,
        "at": figures.timestamp(finding.at_us),
        "hits": failure.hits,
        "rate": figures.rate(failure.hits, runs) if runs >= failure.hits else "",
        "share": failure.hits / runs,
        "seed": result.seed,
        "worst": failure.worst,
        "worst_seed": failure.worst_seed,
        "repro": failure.repro,
        "stored": failure.stored,
    }


def _ledger_of(runs: Sequence[LedgerRun]) -> dict[str, list[int]]:
    """The quantiles of each entry that is not 0 in all runs, its maximum, and the first seed
    that has it.
    """
    found = {}
    for key in runs[0].ledger:
        values = [run.ledger[key] for run in runs]
        highest = max(values)
        if highest > 0:
            seed = runs[values.index(highest)].seed
            found[key] = [*quantiles_of(sorted(values)), highest, seed]
    return found


def _excess(limit: Limit, value: int) -> float:
    """The distance of a value from the limit in the direction that breaks it."""
    if limit.relation == "<=":
        return value - limit.bound
    if limit.relation == ">=":
        return limit.bound - value
    return abs(value - limit.bound)
