"""One suite from its plan to its exit code.

Runs, groups, stored failures, the determinism check, reports.

Rules: whatever ends a suite early (Ctrl-C, SIGTERM, a worker that died), the runs made until then
are reported.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from oneroom.checks.results import Result, RunGroup, Skipped, Summary
from oneroom.checks.verdict import EXIT_CODE, Exit, Verdict, worst, worst_exit
from oneroom.cli.interrupts import Interrupts
from oneroom.cli.options import format_seeds
from oneroom.cli.outlets import Outlets, simulated_again
from oneroom.explore import suite
from oneroom.explore.bugs import counted
from oneroom.explore.determinism import DeterminismCheck
from oneroom.explore.determinism_client import DeterminismClient, DeterminismWorkerFailed
from oneroom.explore.live_suite import LiveSuite
from oneroom.explore.plan import Job, Plan, WorkerDied
from oneroom.explore.result_collector import MOST_KEPT, ResultCollector
from oneroom.live.errors import Unavailable
from oneroom.report.progress import Progress
from oneroom.report.style import style_for
from oneroom.report.text import columns_for


class Invocation:
    """One call of the command, once its plan is made. With `live` its runs are on a real server."""

    def __init__(
        self,
        plan: Plan,
        kinds: Mapping[str, str],
        reports: Path,
        exit_first: bool,
        live: LiveSuite | None = None,
        skipped: Sequence[Skipped] = (),
    ) -> None:
        scenarios = [scenario.path for scenario in plan.scenarios]
        self.plan = plan
        self.live = live
        self.exit_first = exit_first
        self.started_s = time.perf_counter()
        progress = Progress(sys.stderr, len(plan.jobs()))
        style = style_for(sys.stdout, os.environ)
        columns = columns_for(scenarios, plan.all_policies(), len(plan.seeds))
        again = simulated_again if live is None else live.again
        self.outlets = Outlets(kinds, reports, style, columns, progress, again, skipped)
        self.groups: list[RunGroup] = []
        self.suspects: dict[Job, Result] = {}
        self.codes: list[Exit] = []
        self.runs = 0
        self.collector: ResultCollector | None = None
        self.interrupts = Interrupts()

    def run(self, processes: int, repeated: int, companion: DeterminismClient | None) -> int:
        """Make all runs, `repeated` of each group in `companion` as well. Returns the exit code."""
        check = DeterminismCheck(self.plan, repeated, companion)
        with self.interrupts:
            # Unless something better is known, an error of our own is on its way out; what was run
            # is worth having.
            outcome = Exit.INTERNAL
            try:
                self._make_runs(processes, check)
                self._compare(check)
                outcome = Exit.HELD
            except Unavailable as error:
                self.outlets.troubles.append(str(error))
                outcome = Exit.INFRASTRUCTURE
            except KeyboardInterrupt:
                self.outlets.troubles.append("interrupted; what was run until then is reported")
                outcome = Exit.INTERRUPTED
            except WorkerDied as error:
                self.outlets.troubles.append(f"{error}; what was run until then is reported")
            finally:
                self.codes.append(outcome)
                with self.interrupts.deferred:
                    self._close(complete=False)
                    code = self._finish()
        return code

    def _make_runs(self, processes: int, check: DeterminismCheck) -> None:
        if self.live is not None:
            results = self.live.run()
        else:
            results = suite.run(self.plan, processes or suite.processors(), eager=processes > 0)
        try:
            for job, result in results:
                with self.interrupts.deferred:
                    check.note(job, result)
                    self._take(job, result)
                    if self.live is not None:
                        self.outlets.transcript(result, self.live.trace)
                if self.exit_first and not result.expected:
                    return
        finally:
            results.close()
        self._close(complete=True)
        if self.live is not None and self.live.troubles:
            self.outlets.troubles.extend(self.live.troubles)
            self.codes.append(Exit.INFRASTRUCTURE)

    def _take(self, job: Job, result: Result) -> None:
        scenario = self.plan.scenarios[job.scenario]
        collector = self.collector
        if (
            collector is None
            or collector.scenario is not scenario
            or collector.policy != job.policy
        ):
            self._close(complete=True)
            collector = self.collector = ResultCollector(
                scenario, job.policy, MOST_KEPT - len(self.outlets.stored)
            )
        shown, fresh = collector.add(result)
        self.runs += 1
        for case in fresh:
            if not self.outlets.keep(collector, case):
                self.suspects[job] = result
        self.outlets.result(shown)

    def _close(self, complete: bool) -> None:
        """Close the present group. An incomplete one reports no shortfalls."""
        collector, self.collector = self.collector, None
        if collector is None or not collector.results:
            return
        # What is expected of all seeds together cannot be asked of a shard's part of them.
        group = collector.close(complete and len(collector.results) == len(self.plan.seeds))
        self.groups.append(group)
        self.codes.append(EXIT_CODE[Verdict(group.verdict)])
        self.outlets.group(collector.scenario, group, collector.results)

    def _compare(self, check: DeterminismCheck) -> None:
        self._close(complete=False)
        try:
            found = check.differences(self.suspects)
        except DeterminismWorkerFailed as error:
            self.outlets.troubles.append(
                "whether runs repeat themselves could not be checked: "
                f"{error.args[0]}\n{error.args[1]}"
            )
            self.codes.append(Exit.INTERNAL)
            return
        for difference in found:
            self.outlets.difference(difference, self.plan.scenarios[difference.job.scenario])
            self.codes.append(Exit.NONDETERMINISTIC)

    def _finish(self) -> int:
        """Write the last reports.

        A disk error at the very end must still show in what is printed after it.
        """
        shard = "" if self.plan.shard is None else str(self.plan.shard)
        suite = (self.plan.fingerprint(), shard)
        self.outlets.file_end(self._summary(self._code()), self.groups, sys.argv[1:], suite)
        code = self._code()
        self.outlets.print_end(self._summary(code), self.groups)
        code = self._code()
        for trouble in self.outlets.troubles:
            click.echo(trouble, err=True)
        if code in (Exit.INFRASTRUCTURE, Exit.INTERNAL):
            self._tell_outranked(code)
        return code

    def _tell_outranked(self, code: Exit) -> None:
        """Say which verdicts the exit code of an incomplete suite does not show."""
        for judged in (Exit.NONDETERMINISTIC, Exit.VIOLATED):
            if judged in self.codes:
                click.echo(
                    f"exit code {code:d} ({code.name.lower()}) outranks {judged:d}, but runs were "
                    f"{judged.name.lower()}; they are in the results above",
                    err=True,
                )

    def _code(self) -> Exit:
        return worst_exit(
            [*self.codes, Exit.INFRASTRUCTURE] if self.outlets.disk_failed else self.codes
        )

    def _summary(self, code: Exit) -> Summary:
        verdict = ""
        verdicts: dict[str, int] = {}
        for group in self.groups:
            for verdict, count in group.verdicts.items():
                verdicts[verdict] = verdicts.get(verdict, 0) + count
        if self.groups:
            verdict = worst([Verdict(group.verdict) for group in self.groups]).value
        # Reports that cannot be written leave the verdict as it is, runs that could not be made do
        # not leave it `held`.
        missing = Exit.INFRASTRUCTURE in self.codes and verdict == Verdict.HELD
        outright = code in (Exit.NONDETERMINISTIC, Exit.INTERRUPTED, Exit.INTERNAL)
        if not self.groups or missing or outright:
            verdict = code.name.lower()
        return Summary(
            runs=self.runs,
            scenarios=len({group.scenario for group in self.groups}),
            policies=tuple(dict.fromkeys(group.policy for group in self.groups)),
            seeds=format_seeds(self.plan.seeds),
            failed=len({group.scenario for group in self.groups if group.verdict != Verdict.HELD}),
            verdicts=verdicts,
            excused=sum(group.excused for group in self.groups),
            failures=tuple(self.outlets.stored),
            troubles=tuple(self.outlets.troubles),
            verdict=verdict,
            exit_code=int(code),
            wall_ms=round((time.perf_counter() - self.started_s) * 1_000, 1),
            skipped=len(self.outlets.skipped),
            bugs=counted(bug for group in self.groups for bug in group.bugs),
            vacuous=tuple(
                name
                for name in (self.groups[0].vacuous if self.groups else ())
                if all(name in group.vacuous for group in self.groups)
            ),
        )
