"""`oneroom confirm`: the schedule of a stored failure, played on a real LiveKit server."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import click

from oneroom.checks.results import Finding
from oneroom.checks.verdict import Exit
from oneroom.cli import options, selection, stored_failures
from oneroom.cli.interrupts import Interrupts
from oneroom.explore.judged_run import JudgedRun
from oneroom.explore.live_suite import confirmed
from oneroom.explore.store import Unreadable
from oneroom.explore.stored_failure import StoredFailure
from oneroom.live.errors import Unavailable
from oneroom.report import figures, two_arms
from oneroom.report.style import Style, style_for
from oneroom.scenario import ScenarioError


@click.command("confirm")
@click.argument("name", metavar="ID|FILE")
@options.sfu_option("livekit", "The real SFU: livekit (a server in a container)", show_default=True)
def command(name: str, sfu: str) -> int:
    """Play the schedule of a stored failure on a real LiveKit server.

    Openings, steps, and the lengths of stalls are those of the stored run; network, server and SDK,
    livekit for Python, are real. Prints both timelines side by side. Exit 1: the same check breaks
    on LiveKit. Exit 3: it does not, and the first difference is shown.
    """
    if sfu == "fake":
        raise click.BadParameter(
            "the failure was found on the fake already; write livekit", param_hint="--sfu"
        )
    try:
        stored = stored_failures.find(name)
        selection.find_policies([stored.policy])
        with Interrupts():
            simulated, real = confirmed(stored, sfu)
    except Unreadable as error:
        raise click.ClickException(str(error)) from error
    except ScenarioError as error:
        return stored_failures.refuse(error)
    except Unavailable as error:
        click.echo(str(error), err=True)
        return Exit.INFRASTRUCTURE
    confirmation = Confirmation(stored, simulated, real)
    click.echo(confirmation.text(style_for(sys.stdout, os.environ)))
    return Exit.VIOLATED if confirmation.finding(real) is not None else Exit.UNPROVEN


@dataclass(frozen=True)
class Confirmation:
    """The stored failure as it was simulated, and its schedule as it was played."""

    stored: StoredFailure
    simulated: JudgedRun
    real: JudgedRun

    def finding(self, judged: JudgedRun) -> Finding | None:
        """The stored failure as this run shows it, None if it does not."""
        return next(
            (one for one in judged.result.violations if one.check == self.stored.check), None
        )

    def text(self, style: Style) -> str:
        """Both timelines, then the verdict."""
        left, right = (
            two_arms.entries(self.simulated.run.trace),
            two_arms.entries(self.real.run.trace),
        )
        found = self.finding(self.real)
        lines = [two_arms.side_by_side(left, right, style), ""]
        what = f"{self.stored.scenario}  {self.stored.policy}  {self.stored.check}"
        before = self.finding(self.simulated)
        if before is not None:
            lines.append(f"  simulated  {figures.timestamp(before.at_us)}: {before.message}")
        else:
            lines.append("  simulated  not violated: livekit for Python is the SDK here")
        if found is not None:
            lines.append(f"  LiveKit    {figures.timestamp(found.at_us)}: {found.message}")
            lines.append(f"{style.bad('reproduced on LiveKit')}  {what}")
            return "\n".join(lines)
        part = two_arms.first_difference(left, right)
        if part is not None:
            arm = "simulated" if part.simulated else "LiveKit"
            at = figures.timestamp(part.entry.at_us)
            lines.append(f"  first difference  {at}, {arm} alone: {part.entry.text}")
        lines.append(f"{style.odd('not reproduced on LiveKit')}  {what}")
        return "\n".join(lines)
