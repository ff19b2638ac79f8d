"""One search of `oneroom exhaust`, from its frontier to its exit code.

Rules: the frontier is written every few seconds and whenever the search ends early, so SIGINT loses
nothing but the batch under way, and SIGKILL some seconds. A search that is complete leaves none.
"""

from __future__ import annotations

import time

import click
import msgspec

from oneroom.checks.verdict import Exit, worst_exit
from oneroom.cli import exhaustion_text
from oneroom.cli.interrupts import Interrupts
from oneroom.explore import suite
from oneroom.explore.exhaustive.explorers import Explorers
from oneroom.explore.exhaustive.frontier import (
    Unusable,
    frontier_path,
    new_frontier,
    read_frontier,
    search_id,
    write_frontier,
)
from oneroom.explore.exhaustive.search import Found, can_compare, run_again, step
from oneroom.explore.plan import WorkerDied
from oneroom.explore.scenario_text import scenario_text
from oneroom.explore.shrink import Shrinker
from oneroom.explore.store import FOLDER, Nondeterministic, Store, shrunk_failure
from oneroom.report import failure_text
from oneroom.report.folder import versions
from oneroom.report.progress import Progress
from oneroom.scenario import Scenario

_WRITTEN_EVERY_S = 5.0


class Exhaustion:
    """Of one scenario under one policy, with at most so many departures."""

    def __init__(
        self, scenario: Scenario, policy: str, departures: int, progress: Progress, *, as_json: bool
    ) -> None:
        self._scenario = scenario
        self._policy = policy
        self._as_json = as_json
        self._progress = progress
        text = scenario_text(scenario)
        self._of = search_id(text, policy, departures, versions()["oneroom"])
        self._path = frontier_path(FOLDER, self._of)
        self._frontier = new_frontier(self._of, departures)
        self._before_s = 0.0
        self._started_s = time.perf_counter()
        self._failure = ""
        self._troubles: list[str] = []

    def run(self, processes: int, most_s: float | None, *, resume: bool) -> int:
        """Search for at most `most_s` seconds. Returns the exit code."""
        if resume:
            self._resume()
        code = Exit.INTERNAL
        interrupts = Interrupts()
        with interrupts:
            try:
                code = self._search(processes or suite.processors(), most_s, interrupts)
            except KeyboardInterrupt:
                self._troubles.append("interrupted; --resume goes on from here")
                code = Exit.INTERRUPTED
            except WorkerDied as error:
                self._troubles.append(f"{error}; --resume goes on from here")
            with interrupts.deferred:
                code = worst_exit((code, self._write()))
                self._say()
        return code

    def _resume(self) -> None:
        try:
            self._frontier = read_frontier(self._path, self._of)
        except FileNotFoundError as error:
            raise click.UsageError(
                "there is nothing to resume: no search of this scenario, policy and bounds was "
                "stopped"
            ) from error
        except (Unusable, OSError) as error:
            raise click.UsageError(f"{self._path} cannot be resumed: {error}") from error
        self._before_s = self._frontier.spent_s

    def _search(self, processes: int, most_s: float | None, interrupts: Interrupts) -> Exit:
        frontier = self._frontier
        explorers = Explorers(
            self._scenario,
            self._policy,
            frontier.known,
            compare=can_compare(self._scenario),
            processes=processes,
        )
        written_s = time.perf_counter()
        try:
            while done := step(frontier, explorers):
                interrupts.check()
                for _ in range(done):
                    self._progress.step(failed=False)
                now_s = time.perf_counter()
                if most_s is not None and now_s - self._started_s >= most_s:
                    break
                if now_s - written_s >= _WRITTEN_EVERY_S:
                    self._write()
                    written_s = time.perf_counter()
        except Found as found:
            return worst_exit((Exit.VIOLATED, self._caught(found)))
        finally:
            explorers.close()
        unproven = frontier.given_up or any(frontier.waiting()) or exhaustion_text.empty(frontier)
        return Exit.UNPROVEN if unproven else Exit.HELD

    def _caught(self, found: Found) -> Exit:
        """Make the failing run again, shrink it and keep it."""
        first = run_again(self._scenario, self._policy, found.schedule)
        check = found.broken[0]
        shrinker = Shrinker(first, check)
        shrinker.run()
        shrunk = shrinker.result
        try:
            kept = shrunk_failure(shrunk, check, versions())
            Store().keep(kept.stored, with_scenario=True)
        except Nondeterministic as error:
            self._troubles.append(str(error))
            return Exit.NONDETERMINISTIC
        except OSError as error:
            self._troubles.append(f"files cannot be written: {error.strerror}")
            return Exit.INFRASTRUCTURE
        self._failure = kept.failure.id
        if not self._as_json:
            before = failure_text.shrunk_from(shrunk.records_before, shrunk.steps_before)
            trace, runs = kept.made.run.trace, self._frontier.runs
            rendered = failure_text.render(kept.failure, (), runs, trace, "", before=before)
            block = "\n".join(
                # of schedules that were not drawn there is no rate
                line
                for line in rendered.block.split("\n")
                if not line.startswith("  rate")
            )
            text = kept.made.run.scenario.text.rstrip()
            self._print(f"{block}\n\n{text}\n\n{rendered.timeline}\n")
        return Exit.VIOLATED

    def _write(self) -> Exit:
        """Write the frontier, or remove it if nothing is left to resume."""
        frontier = self._frontier
        frontier.spent_s = self._before_s + time.perf_counter() - self._started_s
        try:
            if any(frontier.waiting()) and not self._failure:
                write_frontier(self._path, frontier)
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            self._troubles.append(f"the frontier cannot be written: {error.strerror}")
            return Exit.INFRASTRUCTURE
        return Exit.HELD

    def _say(self) -> None:
        facts = exhaustion_text.Facts(
            self._scenario, self._policy, self._frontier, self._failure, tuple(self._troubles)
        )
        if self._as_json:
            self._print(msgspec.json.encode(exhaustion_text.summary(facts)).decode())
        else:
            self._print(exhaustion_text.render(facts))
        for trouble in self._troubles:
            click.echo(trouble, err=True)

    def _print(self, block: str) -> None:
        self._progress.wipe()
        click.echo(block)
