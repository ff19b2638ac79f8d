"""Outputs of a suite's results: standard output, the report folder, the store of failures.

Rules: results are on standard output whatever happens to files; a disk that is full or read-only
costs one clear line, once, and the exit code for infrastructure.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from oneroom.checks.results import Failure, Result, RunGroup, Skipped, Summary
from oneroom.checks.verdict import Verdict
from oneroom.cli.github_outlet import GithubOutlet
from oneroom.cli.output import Output
from oneroom.explore.determinism import Difference
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.result_collector import ResultCollector
from oneroom.explore.store import FOLDER, Store
from oneroom.explore.stored_failure import render, stored_failure
from oneroom.report import difference, failure_text, json_lines, junit, suite_file, text
from oneroom.report.failure_text import FailureText
from oneroom.report.folder import versions
from oneroom.report.html.run_pages import RunPages
from oneroom.report.html.suite_data import SuiteData
from oneroom.report.progress import Progress
from oneroom.report.style import Style
from oneroom.report.suite_file import SuiteFile
from oneroom.report.transcript import transcript
from oneroom.scenario import Scenario
from oneroom.scenario.shown_path import shown_path
from oneroom.trace.trace import Trace

# More are filed than printed: ten are read, a hundred are searched.
_MOST_PRINTED = 10
_TIMELINES_PRINTED = 1


Again = Callable[[Scenario, Result], JudgedRun]


def simulated_again(scenario: Scenario, result: Result) -> JudgedRun:
    """The run of `result`, made once more from its seed; the windows of an app each have an engine
    of their own, so that what is told does not come from sharing one.
    """
    return run_judged(scenario, result.policy, result.seed, isolation="own")


class Outlets:
    """All outputs of one suite.

    `kinds` are names of reporters with their files ("" for none), `reports` the folder of reports;
    `again` finds the trace of a result.
    """

    def __init__(
        self,
        kinds: Mapping[str, str],
        reports: Path,
        style: Style,
        columns: text.Columns,
        progress: Progress,
        again: Again,
        skipped: Sequence[Skipped] = (),
    ) -> None:
        self.kinds = kinds
        self.style = style
        self.skipped = tuple(skipped)
        self.troubles: list[str] = []
        self.disk_failed = False
        self.stored: list[str] = []
        self._columns = columns
        self._store: Store | None = Store()
        self._printed: list[FailureText] = []
        self._left_out = 0
        self._texts: dict[tuple[str, str], str] = {}
        self._judged_runs: dict[int, JudgedRun] = {}
        self._reports = reports
        self._suite = SuiteData("run", skipped)
        self._pages = RunPages()
        self._make_again = again
        self._output = Output(reports, progress, self._no_folder)
        self._github: GithubOutlet | None = None
        if "github" in kinds:
            self._github = GithubOutlet(os.environ, self._output.print)

    def result(self, result: Result) -> None:
        """Report a finished run."""
        self._suite.add(result)
        self._report(result)

    def _report(self, result: Result) -> None:
        self._output.step(result, failed=not result.expected)
        if "json" in self.kinds:
            self._output.print(json_lines.run_line(result))
        self._output.file(lambda folder: folder.result(result))

    def transcript(self, result: Result, trace: Trace) -> None:
        """File the whole trace of a run that cannot be repeated."""
        name = f"{Path(result.scenario).stem}-{result.policy.replace(':', '-')}-{result.seed}"
        self._output.file(lambda folder: folder.transcript(name, transcript(trace)))

    def keep(self, collector: ResultCollector, failure: Failure) -> bool:
        """Store a new failure. False if repeating it gave another run."""
        if not failure.stored:
            return True
        again = self._again(collector.scenario, failure.result)
        if self._store is not None:
            self._save(self._store, collector, failure, again)
        return again.result.digest == failure.result.digest

    def group(self, scenario: Scenario, group: RunGroup, results: Sequence[Result]) -> None:
        """Report the finished runs of a scenario under a policy."""
        self._suite.group(group, results, scenario.expect.limits, scenario.tags)
        if "text" in self.kinds:
            self._output.print(text.group_line(group, self._columns, self.style))
        for place, failure in enumerate(group.failures):
            others = group.failures[1:] if place == 0 else ()
            self._report_failure(scenario, group, failure, others)
            self._add_page(scenario, group, failure)
        if self._github is not None and group.verdict != Verdict.HELD and not group.failures:
            self._github.not_as_expected(group)
        self._judged_runs.clear()

    def difference(self, found: Difference, scenario: Scenario) -> None:
        """Report a run that differs from itself."""
        result = found.result
        traces = None if found.left is None or found.right is None else (found.left, found.right)
        run = f"seed {found.job.seed} under {found.job.policy}"
        where = f"{scenario.path}:{scenario.line}"
        repro = f"{result.repro} --check-determinism 1"
        block = difference.render(where, run, repro, found.divergence, traces)
        self._printed.insert(
            0,
            FailureText(
                difference.render(where, run, repro, found.divergence, traces, self.style), ""
            ),
        )
        self._texts[scenario.path, found.job.policy] = block
        if self._github is not None:
            self._github.difference(scenario, found.job.policy, block)
        self._output.file(lambda folder: folder.failure(result.id, block))
        self._suite.differs(scenario.path, found.job.policy)
        self._report(
            msgspec.structs.replace(result, verdict="nondeterministic", expected=False, repro=repro)
        )

    def file_end(
        self,
        summary: Summary,
        groups: Sequence[RunGroup],
        arguments: Sequence[str],
        suite: tuple[str, str],
    ) -> None:
        """Close the report folder; `suite` are the plan's fingerprint and the shard."""
        page = self._suite.page(summary, arguments, versions(), self._pages.packed)
        self._output.file(lambda folder: folder.page(page))
        document = junit.render(groups, self._texts, summary.troubles, self.skipped)
        with_junit = document if "junit" in self.kinds else ""
        texts = tuple((*key, told) for key, told in self._texts.items())
        as_data = SuiteFile(suite_file.VERSION, *suite, summary, tuple(groups), texts, self.skipped)
        self._output.file(
            lambda folder: folder.finish(summary, groups, arguments, with_junit, as_data)
        )
        if copy := self.kinds.get("junit", ""):
            try:
                Path(copy).write_text(document, encoding="utf-8")
            except OSError as error:
                self._fail(f"JUnit cannot be written to {shown_path(copy)}: {error.strerror}")

    def print_end(self, summary: Summary, groups: Sequence[RunGroup]) -> None:
        """Print the failures and the summary line."""
        folder = self._output.folder
        if "text" in self.kinds:
            block = text.failures(self._printed, _TIMELINES_PRINTED, self._left_out, folder)
            if block:
                self._output.print(f"\n{block}")
            if bugs := text.bug_lines(summary.bugs, self.style):
                self._output.print(f"\n{bugs}")
            if self.skipped:
                self._output.print(f"\n{text.skipped_lines(self.skipped, self.style)}")
            if summary.vacuous:
                self._output.print(f"\n{text.vacuous_lines(summary, self.style)}")
            self._output.print(f"\n{text.summary_line(summary, folder, self.style)}")
        if "json" in self.kinds:
            self._output.print(json_lines.summary_line(summary, tuple(groups), folder))
        if self._github is not None and (failed := self._github.end(summary, groups, folder)):
            self._fail(failed)

    def _fail(self, trouble: str) -> None:
        self.disk_failed = True
        self.troubles.append(trouble)

    def _report_failure(
        self, scenario: Scenario, group: RunGroup, failure: Failure, others: Sequence[Failure]
    ) -> None:
        printed = failure is group.failures[0] and len(self._printed) < _MOST_PRINTED
        trace = self._trace_of(scenario, failure.result) if failure.stored or printed else None
        report = self._output.failure_file(failure.id) if failure.stored else ""
        plain = failure_text.render(failure, others, group.seeds, trace, report)
        if failure.stored:
            filed = f"{plain.block}\n\n{plain.timeline}" if plain.timeline else plain.block
            self._output.file(lambda folder: folder.failure(failure.id, filed))
        if failure is not group.failures[0]:
            return
        self._texts[group.scenario, group.policy] = plain.block
        if self._github is not None:
            self._github.failure(scenario, failure, group.seeds, plain, self._run_of)
        if printed:
            self._printed.append(
                failure_text.render(failure, others, group.seeds, trace, report, self.style)
            )
        else:
            self._left_out += 1

    def _add_page(self, scenario: Scenario, group: RunGroup, failure: Failure) -> None:
        """Add the run of a failure to the report, unless an earlier failure has added it."""
        result = failure.result
        first = next(one for one in group.failures if one.result.seed == result.seed)
        if failure is not first or not failure.stored or not self._pages.has_room(result):
            return
        again = self._again(scenario, result)
        if again.result.digest == result.digest:
            self._pages.add(again.run, result, group.failures, group.seeds)

    def _save(
        self, store: Store, collector: ResultCollector, failure: Failure, again: JudgedRun
    ) -> None:
        try:
            stored = stored_failure(failure, again, versions())
            store.keep(stored)
        except OSError as error:
            self._store = None
            self.disk_failed = True
            self.troubles.append(
                f"failures cannot be kept in {FOLDER}: {error.strerror}; `oneroom replay` will not "
                "know them"
            )
            collector.forget(failure)
        else:
            self.stored.append(failure.id)
            self._output.file(lambda folder: folder.stored(stored.id, render(stored)))

    def _again(self, scenario: Scenario, result: Result) -> JudgedRun:
        """The run of `result` once more, for its trace.

        Several checks may break in one run, so it is kept for a while.
        """
        if result.seed not in self._judged_runs:
            self._judged_runs = {result.seed: self._make_again(scenario, result)}
        return self._judged_runs[result.seed]

    def _run_of(self, scenario: Scenario, failure: Failure) -> JudgedRun:
        return self._make_again(scenario, failure.result)

    def _trace_of(self, scenario: Scenario, result: Result) -> Trace | None:
        """The trace of `result`, None if its run does not repeat itself: that of another run
        explains nothing.
        """
        again = self._again(scenario, result)
        return again.run.trace if again.result.digest == result.digest else None

    def _no_folder(self, error: OSError, stale_latest: str) -> None:
        self.disk_failed = True
        older = f"{stale_latest} is an older run's; " if stale_latest else ""
        self.troubles.append(
            f"reports cannot be written to {shown_path(self._reports)}: {error.strerror}; {older}"
            "the results above are complete, --report-dir chooses another place"
        )
