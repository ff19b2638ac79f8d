"""One search from its plan to its exit code: runs, failures shrunk and stored, a report.

Rules: whatever ends a search (its time, Ctrl-C, a worker that died), the failures found until then
are shrunk as far as there was time, stored and reported.
"""

from __future__ import annotations

import math
import os
import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import click
import msgspec

from oneroom.checks.results import Bug, Failure, Result, Summary
from oneroom.checks.verdict import Exit, Verdict, worst_exit
from oneroom.cli.github_outlet import GithubOutlet
from oneroom.cli.interrupts import Interrupts
from oneroom.cli.output import Output
from oneroom.explore import suite
from oneroom.explore.bugs import bug_of, counted, mechanism_of
from oneroom.explore.fuzz import FailureDedup, Search, fuzz_once
from oneroom.explore.judged_run import JudgedRun
from oneroom.explore.plan import Job, WorkerDied
from oneroom.explore.shrink import Shrinker, Shrunk
from oneroom.explore.store import Nondeterministic, Store, shrunk_failure
from oneroom.explore.stored_failure import render, text_of
from oneroom.explore.strategies.campaign import SearchJob
from oneroom.explore.strategies.registry import FOLLOWING
from oneroom.report import failure_text, json_lines, text
from oneroom.report.folder import versions
from oneroom.report.html.run_pages import RunPages
from oneroom.report.html.suite_data import SuiteData
from oneroom.report.progress import Progress
from oneroom.report.style import style_for
from oneroom.scenario.diagnostic import printable


class SearchSession:
    """One call of `oneroom fuzz`. `goes_on` after a failure, or stops."""

    def __init__(
        self,
        plan: Search,
        kinds: Mapping[str, str],
        reports: Path,
        progress: Progress,
        *,
        goes_on: bool,
    ) -> None:
        self.plan = plan
        self.kinds = kinds
        self.goes_on = goes_on
        self.started_s = time.perf_counter()
        self.style = style_for(sys.stdout, os.environ)
        self.interrupts = Interrupts()
        self.dedup = FailureDedup()
        self.runs: dict[str, int] = {}
        self.verdicts: dict[str, int] = {}
        self.excused = 0
        self.drawn: Counter[str] = Counter()
        self.vacuous: list[str] | None = None
        self.hits: dict[tuple[str, str, str], int] = {}
        self.bugs: tuple[Bug, ...] = ()
        self.deadline_s = math.inf
        self.broken: set[str] = set()
        self.stored: list[str] = []
        self.troubles: list[str] = []
        self.code = Exit.HELD
        self.last_seed = plan.seeds.start
        self.data = SuiteData("fuzz")
        self.pages = RunPages()
        self.output = Output(reports, progress, self._disk)
        self.github: GithubOutlet | None = None
        if "github" in kinds:
            self.github = GithubOutlet(os.environ, self.output.print)

    def run(self, processes: int, most_s: float | None) -> int:
        """Search for at most `most_s` seconds. Returns the exit code."""
        with self.interrupts:
            outcome = Exit.INTERNAL
            try:
                self._search(processes, most_s)
                outcome = Exit.HELD
                if self.plan.symptom is not None and not self.broken:
                    self.troubles.append("the symptom did not show")
                    outcome = Exit.UNPROVEN
            except KeyboardInterrupt:
                self.troubles.append("interrupted; what was found until then is kept")
                outcome = Exit.INTERRUPTED
            except WorkerDied as error:
                self.troubles.append(f"{error}; what was found until then is kept")
            finally:
                with self.interrupts.deferred:
                    self.code = worst_exit((self.code, outcome))
                    self._finish()
        return self.code

    def _search(self, processes: int, most_s: float | None) -> None:
        if most_s is not None:
            self.deadline_s = self.started_s + most_s
        results = suite.run(self.plan, processes or suite.processors(), eager=processes > 0)
        try:
            for job, found in results:
                symptom = self.plan.symptom
                result = found if symptom is None else symptom.alone(found)
                self.plan.campaign.learn(job, result)
                self._count(job, result)
                check = self.dedup.worth_shrinking(result)
                if check:
                    self._caught(job, result, check)
                    if not self.goes_on:
                        return
                if self._out_of_time():
                    return
        finally:
            results.close()

    def _out_of_time(self) -> bool:
        return time.perf_counter() >= self.deadline_s

    def _count(self, job: Job, result: Result) -> None:
        self.last_seed = job.seed
        self.runs[result.policy] = self.runs.get(result.policy, 0) + 1
        self.verdicts[result.verdict] = self.verdicts.get(result.verdict, 0) + 1
        self.drawn.update(result.verbs)
        vacuous = result.vacuous if self.vacuous is None else self.vacuous
        self.vacuous = [name for name in vacuous if name in result.vacuous]
        self.excused += bool(result.violations) and not result.unexpected
        for check in result.unexpected:
            key = result.policy, check, mechanism_of(result, check)
            self.hits[key] = self.hits.get(key, 0) + 1
            self.broken.add(result.scenario)
        if result.unexpected:
            self.bugs = counted((*self.bugs, *bug_of(result)))
        self.data.add(result)
        self.output.step(result, failed=bool(result.unexpected))

    def _caught(self, job: Job, result: Result, check: str) -> None:
        """Repeat a failing run in this process and shrink it.

        Interrupted in the middle, the smallest run so far is kept.
        """
        self.code = worst_exit((self.code, Exit.VIOLATED))
        symptom = self.plan.symptom
        expect = None if symptom is None else symptom.expect
        assert isinstance(job, SearchJob)
        scenario = self.plan.scenarios[job.scenario]
        first = fuzz_once(scenario, job.policy, job.seed, expect, job.recipe)
        if first.result.digest != result.digest:
            self._differs(Nondeterministic(job.policy))
            return
        shrinker = Shrinker(first, check, out_of_time=self._out_of_time)
        try:
            shrinker.run()
        finally:
            with self.interrupts.deferred:
                if self.dedup.is_new(shrinker.result, check):
                    self._keep(shrinker.result, check)

    def _differs(self, error: Nondeterministic) -> None:
        """Report a policy that does not repeat itself, once."""
        self.code = worst_exit((self.code, Exit.NONDETERMINISTIC))
        if str(error) not in self.troubles:
            self.troubles.append(str(error))

    def _keep(self, shrunk: Shrunk, check: str) -> None:
        try:
            kept = shrunk_failure(shrunk, check, versions())
        except Nondeterministic as error:
            self._differs(error)
            return
        failure, stored = kept.failure, kept.stored
        try:
            Store().keep(stored, with_scenario=True)
        except OSError as error:
            self.output.give_up(error)
            failure = msgspec.structs.replace(failure, stored=False)
        else:
            self.stored.append(failure.id)
            self.output.file(
                lambda folder: folder.stored(stored.id, render(stored), text_of(stored))
            )
        self._report_failure(failure, kept.made, shrunk)

    def _report_failure(self, failure: Failure, made: JudgedRun, shrunk: Shrunk) -> None:
        policy = failure.result.policy
        finding = failure.finding
        hits = self.hits.get((policy, finding.check, finding.mechanism), 1)
        failure = msgspec.structs.replace(failure, hits=hits)
        before = failure_text.shrunk_from(shrunk.records_before, shrunk.steps_before)
        report = self.output.failure_file(failure.id)
        runs, trace = self.runs[policy], made.run.trace
        plain = failure_text.render(failure, (), runs, trace, report, before=before)
        scenario = made.run.scenario.text.rstrip()
        filed = f"{plain.block}\n\n{scenario}\n\n{plain.timeline}"
        self.data.found(failure, runs)
        if self.pages.has_room(failure.result):
            self.pages.add(made.run, failure.result, (failure,), runs)
        self.output.file(lambda folder: folder.result(failure.result))
        self.output.file(lambda folder: folder.failure(failure.id, filed))
        if self.github is not None:
            self.github.shrunk(failure, made, shrunk.steps_before, plain.block)
        if "json" in self.kinds:
            self._print(json_lines.run_line(failure.result))
        if "text" in self.kinds:
            rendered = failure_text.render(failure, (), runs, trace, report, self.style, before)
            self._print(f"{rendered.block}\n\n{_indented(scenario)}\n\n{rendered.timeline}\n")

    def _finish(self) -> None:
        self.troubles.extend(self.plan.campaign.problems())
        summary = self._summary()
        folder = self.output.folder
        page = self.data.page(summary, sys.argv[1:], versions(), self.pages.packed)
        self.output.file(lambda files: files.page(page))
        self.output.file(lambda files: files.finish(summary, (), sys.argv[1:]))
        if "json" in self.kinds:
            self._print(json_lines.summary_line(summary, (), folder))
        if "text" in self.kinds:
            if summary.verdict == Verdict.HELD:
                self._print(text.drawn_lines(summary, self.style))
                if summary.vacuous:
                    self._print(text.vacuous_lines(summary, self.style))
            if self.plan.strategies != ("swarm",):
                self._print("\n".join(self.plan.campaign.told()))
            if bugs := text.bug_lines(summary.bugs, self.style):
                self._print(f"{bugs}\n")
            self._print(text.summary_line(summary, folder, self.style))
        if self.github is not None and (failed := self.github.end(summary, (), folder)):
            self.code = worst_exit((self.code, Exit.INFRASTRUCTURE))
            self.troubles.append(failed)
        for trouble in self.troubles:
            click.echo(trouble, err=True)

    def _summary(self) -> Summary:
        verdict = Verdict.VIOLATED.value if self.broken else Verdict.HELD.value
        if self.code is Exit.UNPROVEN:
            verdict = Verdict.INCONCLUSIVE.value  # the symptom did not show
        if self.code in (Exit.INTERRUPTED, Exit.INTERNAL, Exit.NONDETERMINISTIC):
            verdict = self.code.name.lower()
        first = self.plan.seeds.start
        return Summary(
            runs=sum(self.runs.values()),
            scenarios=len(self.plan.scenarios),
            policies=tuple(self.runs),
            seeds=str(first) if first == self.last_seed else f"{first}..{self.last_seed}",
            failed=len(self.broken),
            verdicts=self.verdicts,
            excused=self.excused,
            failures=tuple(self.stored),
            troubles=tuple(self.troubles),
            verdict=verdict,
            exit_code=int(self.code),
            bugs=self.bugs,
            wall_ms=round((time.perf_counter() - self.started_s) * 1_000, 1),
            vacuous=tuple(self.vacuous or ()),
            drawn=dict(self.drawn),
            dependent=sum(self.plan.campaign.runs.get(name, 0) for name in FOLLOWING),
        )

    def _disk(self, error: OSError, stale_latest: str) -> None:
        """Report a disk that is full or read-only; the search goes on without files."""
        self.code = worst_exit((self.code, Exit.INFRASTRUCTURE))
        older = f"; {stale_latest} is an older run's" if stale_latest else ""
        self.troubles.append(
            f"files cannot be written: {error.strerror}; what is printed is complete{older}"
        )

    def _print(self, block: str) -> None:
        self.output.print(block)
        sys.stdout.flush()


def _indented(block: str) -> str:
    """A block of a scenario's text; a title in it must not control the reader's terminal."""
    return "\n".join(f"    {printable(line)}" for line in block.split("\n"))
