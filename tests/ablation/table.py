"""The value of every protection in figures: writes docs/ablation.md (`make ablation`).

Each planted bug plays its scenario under the seeds 1 to N, and so does the same scenario without
it. The same tree and the same N give the same page.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from oneroom.ablation import safeguards
from oneroom.checks.registry import CHECKS, KEYS, NAMES
from oneroom.checks.results import Result
from oneroom.confidence import interval
from oneroom.explore.plan import Plan, Play
from oneroom.explore.suite import run
from oneroom.policies.registry import RECOMMENDED
from tests.ablation.bugs import CASES, OTHERS, SAFEGUARDS, Bug, play_healthy
from tests.project import ROOT

PAGE = ROOT / "docs" / "ablation.md"
TEXT = Path(__file__).with_name("ablation.md")


class Row:
    """What came of one bug: in how many runs it was caught, first in which seed (0 for none), in
    how many runs of its control the same was seen, and how many runs broke which check.
    """

    def __init__(self, bug: Bug) -> None:
        self.bug = bug
        self.caught = 0
        self.first_seed = 0
        self.control = 0
        self.broken: Counter[str] = Counter()

    def with_bug(self, result: Result) -> None:
        """Take in a run with the bug. Seeds come in order."""
        self.broken.update({finding.check for finding in result.violations} & set(NAMES))
        if self.bug.shows_in(result):
            self.caught += 1
            self.first_seed = self.first_seed or result.seed

    def without_bug(self, result: Result) -> None:
        """Take in a run of the control."""
        self.control += self.bug.shows_in(result)


Take = Callable[[Row, Result], None]


def batches(rows: Sequence[Row]) -> list[tuple[list[Row], tuple[str, ...], Play, Take]]:
    """What can be run as one suite: those rows, under those policies (none: their own), so played,
    so taken in.
    """
    found: dict[tuple[tuple[str, ...], Play, Take], list[Row]] = {}
    for row in rows:
        policies = (row.bug.policy,) if row.bug.policy else ()
        control = (RECOMMENDED,) if row.bug.policy else ()
        found.setdefault((policies, row.bug.play, Row.with_bug), []).append(row)
        found.setdefault((control, play_healthy, Row.without_bug), []).append(row)
    return [(group, *how) for how, group in found.items()]


def measure(seeds: int, processes: int) -> list[Row]:
    """All runs of all bugs, and of their controls."""
    rows = [Row(bug) for bug in (*SAFEGUARDS, *OTHERS)]
    started_s = time.monotonic()
    done = 0
    for group, policies, how, take in batches(rows):
        plan = Plan(tuple(row.bug.scenario for row in group), policies, range(1, seeds + 1), how)
        for job, result in run(plan, processes, eager=False):
            row = group[job.scenario]
            take(row, result)
            if job.seed == seeds:
                done += 1
                about = (
                    f"caught {row.caught:,}" if take is Row.with_bug else f"control {row.control:,}"
                )
                tell(
                    f"{done}/{2 * len(rows)} {row.bug.name}: {about} "
                    f"({time.monotonic() - started_s:.0f} s)"
                )
    return rows


def tell(text: str) -> None:
    """How far it is."""
    print(text, file=sys.stderr, flush=True)


# -- the page ------------------------------------------------------------------------------------


def harm(bug: Bug) -> str:
    """What catches it: a check, or the limit that a run with the bug reaches."""
    if bug.caught_by not in KEYS:
        return f"`{bug.caught_by}`"
    return f"`{bug.scenario.expect.limits[bug.caught_by]}`"


def place(bug: Bug) -> str:
    """A link to its scenario."""
    path = bug.path.removeprefix("../") if bug.path.startswith(CASES) else f"scenarios/{bug.path}"
    return f"[{Path(path).stem}](../{path})"


def share(caught: int, seeds: int) -> str:
    """`0.29 % (0.20 to 0.42)`."""
    low, high = (100 * bound for bound in interval(caught, seeds))
    percent = 100 * caught / seeds
    digits = 2 if percent < 1 else 1 if percent < 10 else 0
    return f"{percent:.{digits}f} % ({low:.{digits}f} to {high:.{digits}f})"


def safeguard_line(row: Row, seeds: int) -> str:
    """One line of the first table."""
    bug = row.bug
    cells = [
        f"`{bug.name}`",
        safeguards.SAFEGUARDS[bug.name].protects,
        harm(bug),
        f"{row.caught:,}",
        share(row.caught, seeds),
    ]
    return f"| {' | '.join([*cells, str(row.first_seed), str(row.control), place(bug)])} |"


def check_line(check: str, rows: Sequence[Row]) -> str:
    """One line of the second table: every bug that trips the check, the one that does most often
    first.
    """
    most: dict[str, int] = {}
    for row in rows:
        if row.broken[check]:
            most[told(row.bug)] = max(most.get(told(row.bug), 0), row.broken[check])
    ordered = sorted(most.items(), key=lambda named: -named[1])
    return f"| `{check}` | {', '.join(f'{name} {count:,}' for name, count in ordered)} |"


def told(bug: Bug) -> str:
    """A bug's name on the page."""
    return f"`{bug.name}`" if bug.name in safeguards.SAFEGUARDS else bug.name


def page(rows: Sequence[Row], seeds: int) -> str:
    """docs/ablation.md."""
    switches, others = rows[: len(SAFEGUARDS)], rows[len(SAFEGUARDS) :]
    head = (
        "| {} | what it protects | caught by | runs | share (95 % CI) | first seed | control | "
        "scenario |"
    )
    first = [
        head.format("off"),
        "|---|---|---|---:|---:|---:|---:|---|",
        *[safeguard_line(row, seeds) for row in switches],
    ]
    second = [
        "| check | trips in so many runs |",
        "|---|---|",
        *[check_line(check, rows) for check in NAMES],
    ]
    third = [
        "| bug | caught by | runs | first seed | control | scenario |",
        "|---|---|---:|---:|---:|---|",
    ]
    for row in others:
        cells = [
            told(row.bug),
            harm(row.bug),
            f"{row.caught:,}",
            str(row.first_seed),
            str(row.control),
            place(row.bug),
        ]
        third.append(f"| {' | '.join(cells)} |")
    return TEXT.read_text(encoding="utf-8").format(
        seeds=f"{seeds:,}",
        switches=len(switches),
        checks=len(CHECKS),
        recommended=RECOMMENDED,
        safeguards="\n".join(first),
        tripped="\n".join(second),
        others="\n".join(third),
    )


def main() -> None:
    """Measure all bugs, and write the page."""
    parser = argparse.ArgumentParser(prog="python -m tests.ablation.table", description=__doc__)
    parser.add_argument(
        "--seeds", type=int, default=10_000, metavar="N", help="seeds 1 to N (default: 10000)"
    )
    parser.add_argument(
        "-j", "--jobs", type=int, default=2, metavar="N", help="processes (default: 2)"
    )
    wanted = parser.parse_args()
    if wanted.seeds < 1 or wanted.jobs < 1:
        parser.error("--seeds and --jobs are 1 or more")
    PAGE.write_text(page(measure(wanted.seeds, wanted.jobs), wanted.seeds), encoding="utf-8")
    tell(f"{PAGE.relative_to(ROOT)} is written")


if __name__ == "__main__":
    main()
