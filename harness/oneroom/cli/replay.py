"""`oneroom replay`: stored failures, run again from their tapes."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from oneroom.checks.results import Failure
from oneroom.checks.verdict import Exit
from oneroom.cli import options, selection, stored_failures
from oneroom.explore.replay import Outcome, Outdated, Replayed, replay
from oneroom.explore.replay_token import replay_command
from oneroom.explore.store import FOLDER, Store, Unreadable
from oneroom.explore.stored_failure import StoredFailure, entry_words
from oneroom.report import failure_text, replays
from oneroom.report.style import style_for
from oneroom.scenario import ScenarioError

_EXIT = {Outcome.FAILED: Exit.VIOLATED, Outcome.STALE: Exit.UNPROVEN, Outcome.FIXED: Exit.HELD}
# A failure that is still there is never hidden by a file that cannot be read.
_RANK = (Exit.HELD, Exit.UNPROVEN, Exit.USAGE, Exit.VIOLATED)


@click.command("replay")
@click.argument("names", nargs=-1, metavar="[ID|FILE|TOKEN]...")
@options.json_option("A line of JSON for each failure.")
def command(names: tuple[str, ...], as_json: bool) -> int:
    """Run stored failures again, from their tapes.

    With an ID, a file or a token, which is a whole failure in one word: the failure with its
    timeline, and whether it is the same run record by record. Without one: every failure stored in
    .oneroom, and its outcome. FIXED: it passes now, with all random choices of the recording.
    FAILED: it still breaks. STALE: the run never asks for one of those choices, so the recording no
    longer applies, and some fresh seeds held; or this version cannot make the run at all.
    """
    stored, troubles = _stored(names)
    if not stored and not troubles:
        click.echo(f"Nothing to replay: no failure is stored in {FOLDER}.", err=True)
        return Exit.NOTHING_SELECTED
    style = style_for(sys.stdout, os.environ)
    outcomes = []
    for one in stored:
        line = _replay_line(one, in_full=bool(names) and not as_json)
        outcomes.append(Outcome(line.outcome))
        if as_json:
            click.echo(replays.json_line(line))
        else:
            click.echo(replays.verdict(line, style) if names else replays.table_line(line, style))
    if not names and not as_json and outcomes:
        click.echo(
            f"\n{replays.summary([outcome.value for outcome in outcomes], str(FOLDER), style)}"
        )
    for trouble in troubles:
        click.echo(f"Error: {trouble}", err=True)
    return max(
        (*(_EXIT[outcome] for outcome in outcomes), *[Exit.USAGE] * bool(troubles)), key=_RANK.index
    )


def _stored(names: Sequence[str]) -> tuple[list[StoredFailure], list[str]]:
    """The failures of those names, or all, and error messages for those that cannot be read."""
    stored: list[StoredFailure] = []
    troubles: list[str] = []
    for name in names or Store().ids():
        try:
            stored.append(stored_failures.find(name))
        except Unreadable as error:
            troubles.append(str(error))
        except click.UsageError as error:
            troubles.append(error.message)
    return stored, troubles


def _replay_line(stored: StoredFailure, in_full: bool) -> replays.ReplayLine:
    """The replay of a stored failure; with `in_full` it prints the failure, or its refusal."""
    try:
        selection.find_policy_of(stored)
        again = replay(stored)
    except ScenarioError as error:
        if in_full:
            click.echo(stored_failures.REFUSED, err=True)
            click.echo(f"{error}\n", err=True)
        return _refused(stored, "its text is refused by this version")
    except click.BadParameter as error:
        return _refused(stored, error.message)
    except Outdated as error:
        return _refused(stored, str(error))
    if in_full:
        _show(again)
    return _facts(again)


def _show(one: Replayed) -> None:
    """Print the failure with its timeline, if it was found again."""
    style = style_for(sys.stdout, os.environ)
    if one.finding is not None:
        result = one.judged.result
        failure = Failure(
            result,
            one.finding,
            one.stored.id,
            replay_command(one.stored),
            stored=one.stored.id in Store().ids(),
            hits=1,
        )
        before = failure_text.shrunk_from(one.stored.records_before, one.stored.steps_before)
        line = failure_text.render(failure, (), 1, one.judged.run.trace, "", style, before)
        click.echo(f"{line.block}\n\n{line.timeline}\n")


def _facts(one: Replayed) -> replays.ReplayLine:
    stored, result = one.stored, one.judged.result
    return replays.ReplayLine(
        outcome=one.outcome.value,
        id=stored.id,
        scenario=stored.scenario,
        line=stored.line,
        policy=stored.policy,
        seed=stored.seed,
        check=stored.check,
        message=stored.message if one.finding is None else one.finding.message,
        same_digest=one.same_digest,
        digest=result.digest,
        stored_digest=stored.digest,
        stale_at=one.stale_at,
        draws=len(stored.tape),
        fresh_broken=one.fresh_broken,
        fresh=one.fresh,
        file_changed=one.file_changed,
        unused=entry_words(stored, one.unused) if one.unused >= 0 else "",
    )


def _refused(stored: StoredFailure, why: str) -> replays.ReplayLine:
    return replays.ReplayLine(
        outcome=Outcome.STALE.value,
        id=stored.id,
        scenario=stored.scenario,
        line=stored.line,
        policy=stored.policy,
        seed=stored.seed,
        check=stored.check,
        message=stored.message,
        stored_digest=stored.digest,
        draws=len(stored.tape),
        refused=why,
    )
