"""One sweep from its plan to its exit code: runs, a table, a recommendation, files.

Rules: whatever ends a sweep early (Ctrl-C, a worker that died), the runs made until then are
compared and filed; all settings have had their share of them.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click
import msgspec

from oneroom.checks.results import Summary
from oneroom.checks.sweep_results import Setting, SweepResult
from oneroom.checks.verdict import Exit, Verdict, worst_exit
from oneroom.cli.interrupts import Interrupts
from oneroom.cli.options import format_seeds
from oneroom.cli.output import Output
from oneroom.explore import suite
from oneroom.explore.plan import WorkerDied
from oneroom.explore.sweep.costs import Tally, over_environments
from oneroom.explore.sweep.plan import SweepPlan
from oneroom.explore.sweep.recommendation import recommendation
from oneroom.report import figures, sweep_file, sweep_svg, sweep_text
from oneroom.report.folder import Folder
from oneroom.report.html import sweep_page
from oneroom.report.progress import Progress
from oneroom.report.style import style_for
from oneroom.report.wrap import wrap
from oneroom.scenario.shown_path import quoted, shown_path

PICTURE = "sweep.svg"


class SweepSession:
    """One call of `oneroom sweep`, with `confirm` fresh seeds for the recommended setting, which
    may cost `tolerated` calls torn down in 100 runs more than another.
    """

    def __init__(
        self,
        plan: SweepPlan,
        settings: Sequence[Setting],
        confirm: int,
        tolerated: float,
        reports: Path,
        *,
        as_json: bool,
        parquet: bool,
    ) -> None:
        self.plan = plan
        self.settings = settings
        self.confirm = confirm
        self.tolerated = tolerated
        self.as_json = as_json
        self.parquet = parquet
        self.started_s = time.perf_counter()
        self.interrupts = Interrupts()
        self.troubles: list[str] = []
        self.codes: list[Exit] = []
        self.runs = 0
        each = len(plan.cells) // len(settings)
        total = len(plan.cells) * len(plan.seeds) + each * confirm
        self.output = Output(reports, Progress(sys.stderr, total), self._disk)

    def run(self, processes: int) -> int:
        """Make all runs. Returns the exit code."""
        tally, fresh = Tally(self.settings), Tally(self.settings)
        with self.interrupts:
            outcome = Exit.INTERNAL
            try:
                self._make(self.plan, tally, processes)
                if self.confirm:
                    best = self._best(recommendation(tally.rows(), self.tolerated))
                    seeds = range(self.plan.seeds.stop, self.plan.seeds.stop + self.confirm)
                    self._make(self.plan.only_setting(best, seeds), fresh, processes)
                outcome = Exit.HELD
            except KeyboardInterrupt:
                self.troubles.append("interrupted; what was run until then is compared")
                outcome = Exit.INTERRUPTED
            except WorkerDied as error:
                self.troubles.append(f"{error}; what was run until then is compared")
            finally:
                self.codes.append(outcome)
                with self.interrupts.deferred:
                    self._finish(tally, fresh)
        return worst_exit(self.codes)

    def _make(self, plan: SweepPlan, tally: Tally, processes: int) -> None:
        cells = {(place, policy): cell for place, policy, cell in plan.cells}
        results = suite.run(plan, processes or suite.processors(), eager=processes > 0)
        try:
            for job, result in results:
                with self.interrupts.deferred:
                    before = tally.violations
                    tally.add(cells[job.scenario, job.policy], result)
                    self.runs += 1
                    self.output.step(result, failed=tally.violations > before)
        finally:
            results.close()

    def _best(self, sweep: SweepResult) -> int:
        """The place of the recommended setting among all, of which some may have no run yet."""
        return self.settings.index(sweep.settings[sweep.recommended].setting)

    def _finish(self, tally: Tally, fresh: Tally) -> None:
        rows = tally.rows()
        if not rows:
            self._print_troubles()
            return
        sweep = recommendation(rows, self.tolerated)
        if fresh.runs:
            (confirmed,) = over_environments(fresh.rows())
            sweep = msgspec.structs.replace(sweep, confirmed=confirmed)
        best = sweep.settings[sweep.recommended]
        unsafe = best.violations + (sweep.confirmed.violations if sweep.confirmed else 0)
        self.codes.append(Exit.VIOLATED if unsafe else Exit.HELD)
        self._file(sweep)
        self._print(sweep)
        self._print_troubles()

    def _file(self, sweep: SweepResult) -> None:
        command = " ".join(["oneroom", *(quoted(shown_path(one)) for one in sys.argv[1:])])

        def write(folder: Folder) -> None:
            sweep_file.write_csv(folder.path / sweep_file.CSV, sweep.rows)
            if self.parquet:
                sweep_file.write_parquet(folder.path / sweep_file.PARQUET, sweep.rows)
            picture = sweep_svg.render(sweep, sweep_text.sentence(sweep))
            (folder.path / PICTURE).write_text(picture, encoding="utf-8")
            folder.page(sweep_page.render(sweep, command, self.troubles))
            folder.finish(self._summary(sweep), (), sys.argv[1:])

        self.output.file(write)

    def _print(self, sweep: SweepResult) -> None:
        if self.as_json:
            for row in sweep.rows:
                self.output.print(_json_line("row", row))
            self.output.print(
                _json_line("sweep", {"sentence": sweep_text.sentence(sweep), **_facts(sweep)})
            )
        else:
            style = style_for(sys.stdout, os.environ)
            self.output.print(sweep_text.table(sweep, style))
            told = [sweep_text.sentence(sweep), sweep_text.confirmation(sweep)]
            paragraphs = ["\n".join(wrap(text, style.width, "  ")) for text in told if text]
            self.output.print("\n" + "\n".join(paragraphs))
            spent = figures.duration(round((time.perf_counter() - self.started_s) * 1e6))
            runs = figures.plural(self.runs, "run")
            self.output.print(f"\n{runs}; {spent}  {self.output.folder}")
        sys.stdout.flush()

    def _print_troubles(self) -> None:
        self.output.progress.wipe()
        for trouble in self.troubles:
            click.echo(trouble, err=True)

    def _summary(self, sweep: SweepResult) -> Summary:
        code = worst_exit(self.codes)
        violated = sum(row.violations for row in sweep.settings)
        verdict = Verdict.VIOLATED if code is Exit.VIOLATED else Verdict.HELD
        return Summary(
            runs=self.runs,
            scenarios=len(self.plan.scenarios),
            policies=self.plan.policies,
            seeds=format_seeds(self.plan.seeds),
            failed=0,
            verdicts={"violated": violated} if violated else {},
            excused=0,
            failures=(),
            troubles=tuple(self.troubles),
            verdict=verdict.value if code in (Exit.HELD, Exit.VIOLATED) else code.name.lower(),
            exit_code=int(code),
            wall_ms=round((time.perf_counter() - self.started_s) * 1_000, 1),
        )

    def _disk(self, error: OSError, stale_latest: str) -> None:
        """Report a disk that is full or read-only; what is printed is complete."""
        self.codes.append(Exit.INFRASTRUCTURE)
        older = f"; {stale_latest} is an older run's" if stale_latest else ""
        self.troubles.append(
            f"files cannot be written: {error.strerror}; what is printed is complete{older}"
        )


def _facts(sweep: SweepResult) -> dict[str, object]:
    return {
        "recommended": sweep.settings[sweep.recommended],
        "front": [sweep.settings[place].setting for place in sweep.front],
        "confirmed": sweep.confirmed,
        "confirmation": sweep_text.confirmation(sweep),
    }


def _json_line(kind: str, value: object) -> str:
    facts = msgspec.to_builtins(value)
    return msgspec.json.encode({"kind": kind, **facts}).decode()
