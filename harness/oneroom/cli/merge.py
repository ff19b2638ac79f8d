"""`oneroom merge`: the reports of several calls, shards of a suite above all, as one."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
import msgspec

from oneroom.checks.results import RunGroup, Skipped, Summary
from oneroom.checks.verdict import EXIT_CODE, Exit, Verdict, worst, worst_exit
from oneroom.cli import options
from oneroom.explore.bugs import counted
from oneroom.explore.merged_groups import Overlap, merged
from oneroom.report import failure_text, json_lines, junit, suite_file, text
from oneroom.report.folder import PAGE, RESULTS, Folder, versions
from oneroom.report.html import document as page_document
from oneroom.report.html.suite_data import SuiteData
from oneroom.report.suite_file import NoSuite, SuiteFile

# What an exit code of a part says beside its verdicts, which are judged again of the whole.
_NO_VERDICTS = (Exit.NONDETERMINISTIC, Exit.INFRASTRUCTURE, Exit.INTERNAL, Exit.INTERRUPTED)


@click.command("merge")
@click.argument(
    "folders", nargs=-1, required=True, metavar="DIR...", type=click.Path(path_type=Path)
)
@click.option(
    "--junit", "junit_file", type=click.Path(path_type=Path), help="A second copy of JUnit."
)
@options.report_dir_option
def command(folders: tuple[Path, ...], junit_file: Path | None, report_dir: Path) -> int:
    """Join the reports of several calls into one.

    DIR is a report's folder: reports/latest of each shard, as CI has kept it. What a scenario
    expects of all seeds together is judged of all parts together. A shard that is missing, a run
    that is there twice and shards of different suites are errors. The exit code is that of the
    whole suite.
    """
    try:
        # Not in the order of the command line: that of the shards is the plan's.
        read = sorted(
            ((suite_file.read(folder), folder) for folder in folders),
            key=lambda one: int(one[0].shard.partition("/")[0] or 0),
        )
        parts = [part for part, _ in read]
        _check_shards(parts)
        groups = merged(group for part in parts for group in part.groups)
    except (NoSuite, Overlap, _Unfit) as error:
        raise click.ClickException(str(error)) from error
    skipped = tuple(dict.fromkeys(one for part in parts for one in part.skipped))
    troubles = (*(trouble for part in parts for trouble in part.summary.troubles), *_missing(parts))
    summary = _summary(parts, groups, skipped, troubles)
    try:
        folder = Folder(report_dir)
        texts = _texts(parts, groups, folder.latest)
        document = junit.render(groups, texts, troubles, skipped)
        for _, other in read:
            folder.take_over(other if other.is_dir() else other.parent)
        told = tuple((*key, one) for key, one in texts.items())
        whole = SuiteFile(suite_file.VERSION, parts[0].plan, "", summary, groups, told, skipped)
        folder.page(_page([one for _, one in read], summary, groups, skipped))
        folder.finish(summary, groups, sys.argv[1:], document, whole)
        if junit_file is not None:
            junit_file.write_text(document, encoding="utf-8")
    except OSError as error:
        raise click.ClickException(f"the report cannot be written: {error}") from error
    _print(summary, groups, texts, folder.latest)
    return summary.exit_code


def _print(
    summary: Summary,
    groups: Sequence[RunGroup],
    texts: Mapping[tuple[str, str], str],
    report: str,
) -> None:
    for group in groups:
        if group.verdict != Verdict.HELD:
            told = texts.get((group.scenario, group.policy), f"x {group.scenario}:{group.line}")
            missing = "".join(f"\n  {sentence}" for sentence in group.shortfalls)
            click.echo(f"{told}{missing}\n")
    click.echo(text.summary_line(summary, report))
    for trouble in summary.troubles:
        click.echo(trouble, err=True)


class _RunLine(msgspec.Struct, frozen=True, gc=False):
    """The fields of a line of results.ndjson that the page needs."""

    scenario: str
    policy: str
    seed: int
    ledger: dict[str, int]


def _page(
    reports: Sequence[Path],
    summary: Summary,
    groups: Sequence[RunGroup],
    skipped: Sequence[Skipped],
) -> str:
    """The page of the whole, with the runs of failures that the parts' pages have. Limits and tags
    are in scenario files, which are not read.
    """
    data, runs = SuiteData("run", skipped), dict[tuple[str, ...], str]()
    decoder = msgspec.json.Decoder(_RunLine)
    cells: dict[tuple[str, str], list[_RunLine]] = {}
    for report in reports:
        path = report if report.is_dir() else report.parent
        for line in (path / RESULTS).read_text(encoding="utf-8").splitlines():
            if not line.startswith(json_lines.SUMMARY_START):
                run = decoder.decode(line)
                data.add(run)
                cells.setdefault((run.scenario, run.policy), []).append(run)
        if (path / PAGE).is_file():
            runs.update(page_document.runs_of((path / PAGE).read_text(encoding="utf-8")))
    for group in groups:
        if found := cells.get((group.scenario, group.policy)):
            data.group(group, found)
    return data.page(summary, sys.argv[1:], versions(), runs)


class _Unfit(Exception):
    """Reports that are no parts of one suite; `args` are one sentence."""


def _check_shards(parts: Sequence[SuiteFile]) -> None:
    """Check that shards, if they are, are of one plan. Raises _Unfit."""
    shards = [part for part in parts if part.shard]
    if shards and len(shards) < len(parts):
        raise _Unfit("a shard and a whole suite cannot be joined")
    if len({part.plan for part in shards}) > 1:
        raise _Unfit(
            "the shards are of different plans: other scenarios, seeds or times "
            "(--run-times must be the same for all of them)"
        )


def _missing(parts: Sequence[SuiteFile]) -> tuple[str, ...]:
    """A sentence for each shard that is not there."""
    there = {part.shard for part in parts if part.shard}
    of = next((int(shard.partition("/")[2]) for shard in there), 0)
    return tuple(
        f"shard {number}/{of} is missing: its runs are not in this report"
        for number in range(1, of + 1)
        if f"{number}/{of}" not in there
    )


def _summary(
    parts: Sequence[SuiteFile],
    groups: tuple[RunGroup, ...],
    skipped: tuple[Skipped, ...],
    troubles: tuple[str, ...],
) -> Summary:
    codes = [EXIT_CODE[Verdict(group.verdict)] for group in groups]
    asked = [Exit(part.summary.exit_code) for part in parts]
    codes += [code for code in asked if code in _NO_VERDICTS]
    if _missing(parts):
        codes.append(Exit.INFRASTRUCTURE)
    code = worst_exit(codes)
    verdict = worst([Verdict(group.verdict) for group in groups]).value if groups else ""
    verdicts: dict[str, int] = {}
    for group in groups:
        for name, count in group.verdicts.items():
            verdicts[name] = verdicts.get(name, 0) + count
    judged = verdict and (code in EXIT_CODE.values() or verdict != Verdict.HELD)
    first = groups[0].vacuous if groups else ()
    return Summary(
        runs=sum(group.seeds for group in groups),
        scenarios=len({group.scenario for group in groups}),
        policies=tuple(dict.fromkeys(group.policy for group in groups)),
        seeds=",".join(dict.fromkeys(part.summary.seeds for part in parts)),
        failed=len({group.scenario for group in groups if group.verdict != Verdict.HELD}),
        verdicts=verdicts,
        excused=sum(group.excused for group in groups),
        failures=tuple(dict.fromkeys(one for part in parts for one in part.summary.failures)),
        troubles=troubles,
        verdict=verdict if judged else code.name.lower(),
        exit_code=int(code),
        wall_ms=round(sum(part.summary.wall_ms for part in parts), 1),
        vacuous=tuple(name for name in first if all(name in group.vacuous for group in groups)),
        skipped=len(skipped),
        bugs=counted(bug for group in groups for bug in group.bugs),
    )


def _texts(
    parts: Sequence[SuiteFile], groups: Sequence[RunGroup], report: str
) -> dict[tuple[str, str], str]:
    """The failure text of each group: that of the part whose failure stands for the whole, with
    the figures of all.
    """
    found: dict[tuple[str, str], str] = {}
    of_group = {(group.scenario, group.policy): group for group in groups}
    for part in parts:
        leading = {(one.scenario, one.policy): one.failures[:1] for one in part.groups}
        for scenario, policy, told in part.texts:
            key = scenario, policy
            first, *others = of_group[key].failures or (None,)
            if first is None:
                found[key] = told  # of a run that differs from itself
            elif any(case.id == first.id for case in leading[key]):
                filed = f"{report}/failures/{first.id}.txt" if first.stored else ""
                seeds = of_group[key].seeds
                found[key] = failure_text.of_more_seeds(told, first, others, seeds, filed)
    return found
