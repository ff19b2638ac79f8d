"""The reporter `github`: what one call found, as annotations on standard output and as the job's
summary in the file that `GITHUB_STEP_SUMMARY` names.

Rules: a bug is a check that breaks under a policy, whatever the number of scenarios. The worst ones
are shrunk for the summary, within a bound of runs, since what a reader can follow is the small run.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from oneroom.checks.results import RAISED, Failure, RunGroup, Summary
from oneroom.explore.expectation import rank
from oneroom.explore.judged_run import SFU, JudgedRun
from oneroom.explore.shrink import Shrinker
from oneroom.report import figures, github, mermaid
from oneroom.report.failure_text import FailureText
from oneroom.report.github import Bug
from oneroom.report.text import outcome
from oneroom.scenario import Scenario

# Shrinking takes as many runs again as a small suite, so it is for what is read first.
_SHRUNK = 3
_SHRINKING_RUNS = 200

Again = Callable[[], JudgedRun]


class GithubOutlet:
    """The bugs of one call. `environment` has GitHub's variables, `print_line` prints one line."""

    def __init__(self, environment: Mapping[str, str], print_line: Callable[[str], None]) -> None:
        self._summary_file = environment.get("GITHUB_STEP_SUMMARY", "")
        self._workspace = Path(environment.get("GITHUB_WORKSPACE") or Path.cwd())
        self._print_line = print_line
        # (policy, check) -> the bug, and its run once more if it can be shrunk
        self._bugs: dict[tuple[str, str], tuple[Bug, Again | None]] = {}

    def failure(
        self,
        scenario: Scenario,
        failure: Failure,
        seeds: int,
        text: FailureText,
        again: Callable[[Scenario, Failure], JudgedRun],
    ) -> None:
        """Note a scenario's first failure, whose run can be made `again`."""
        result, check = failure.result, failure.finding.check
        shrinkable = result.sfu == SFU and check not in RAISED
        message = (
            f"{failure.finding.message}\n{figures.rate(failure.hits, seeds)}, first seed "
            f"{result.seed}\nrepro: {failure.repro}"
        )
        bug = Bug(
            self._file(result.scenario),
            text.line,
            f"{check} under {result.policy}",
            message,
            text.block,
        )
        later = (lambda: again(scenario, failure)) if shrinkable else None
        self._note((result.policy, check), bug, later)

    def shrunk(self, failure: Failure, made: JudgedRun, steps_before: int, block: str) -> None:
        """Note a failure of a search, which is shrunk already."""
        key = (failure.result.policy, failure.finding.check)
        bug = Bug(
            self._file(failure.result.scenario),
            failure.result.line,
            f"{key[1]} under {key[0]}",
            f"{failure.finding.message}\nrepro: {failure.repro}",
            block,
            mermaid.render(made.run.trace, failure.finding),
            len(made.run.scenario.steps),
            steps_before,
        )
        self._note(key, bug, None)

    def not_as_expected(self, group: RunGroup) -> None:
        """Note a group without a failure that is not as expected all the same."""
        told = outcome(group)
        bug = Bug(
            self._file(group.scenario), group.line, f"{group.verdict} under {group.policy}", told
        )
        self._note((group.policy, told), msgspec.structs.replace(bug, block=told), None)

    def difference(self, scenario: Scenario, policy: str, block: str) -> None:
        """Note a run that differs from itself."""
        title = f"nondeterministic under {policy}"
        bug = Bug(self._file(scenario.path), scenario.line, title, block.partition("\n")[0], block)
        self._note((policy, ""), bug, None)

    def end(self, summary: Summary, groups: Sequence[RunGroup], report: str) -> str:
        """Print the annotations and write the summary. Returns why that failed, "" if it did not.

        `report` is the report's folder, "" for none.
        """
        ranked = sorted(self._bugs.items(), key=lambda entry: rank(entry[0][1]))
        bugs = [bug for _, (bug, _) in ranked]
        for place, ((_, check), (bug, again)) in enumerate(ranked[:_SHRUNK]):
            if again is not None and self._summary_file:
                bugs[place] = _with_sequence(bug, check, again())
        for trouble in summary.troubles:
            bugs.insert(0, Bug("", 0, "oneroom: the suite itself", trouble, trouble))
        where = f"see the summary, or {report} in the artifacts" if report else "see the summary"
        for line in github.error_lines(bugs, where):
            self._print_line(line)
        return self._write(summary, groups, bugs) if self._summary_file else ""

    def _write(self, summary: Summary, groups: Sequence[RunGroup], bugs: Sequence[Bug]) -> str:
        path = Path(self._summary_file)
        try:
            taken = path.stat().st_size if path.exists() else 0
            text = github.step_summary(summary, groups, bugs, github.MOST_BYTES - taken)
            with path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            return f"the job's summary cannot be written to {path}: {error.strerror}"
        return ""

    def _note(self, key: tuple[str, str], bug: Bug, again: Again | None) -> None:
        if key in self._bugs:
            first, its_again = self._bugs[key]
            self._bugs[key] = msgspec.structs.replace(first, more=first.more + 1), its_again
        else:
            self._bugs[key] = bug, again

    def _file(self, scenario: str) -> str:
        """The scenario's path in the repository, "" if it is not in it."""
        if not Path(scenario).is_file():
            return ""
        path = os.path.relpath(Path(scenario).resolve(), self._workspace.resolve())
        hidden = any(part.startswith(".") for part in Path(path).parts)
        return "" if hidden else Path(path).as_posix()


def _with_sequence(bug: Bug, check: str, first: JudgedRun) -> Bug:
    """`bug` with the smallest run that was found from its `first` one."""
    found = Shrinker(first, check, _SHRINKING_RUNS).run()
    finding = next((one for one in found.judged.result.violations if one.check == check), None)
    return msgspec.structs.replace(
        bug,
        sequence=mermaid.render(found.judged.run.trace, finding),
        steps=found.steps,
        steps_before=found.steps_before,
    )
