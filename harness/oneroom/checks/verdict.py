"""Verdicts of checks and runs, and the exit codes of the command.

Rules: the numbers are part of the command's published surface; never change one.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable


class Verdict(enum.StrEnum):
    """The judgement of one check or of one run."""

    HELD = "held"
    VIOLATED = "violated"
    # the run ended while faults were on, so nothing can be said about its end
    INCONCLUSIVE = "inconclusive"
    VACUOUS = "vacuous"  # nothing that the check guards ever happened
    NONDETERMINISTIC = "nondeterministic"  # the run differs from itself


class Exit(enum.IntEnum):
    """Exit codes of the command.

    A suite that met several ends with the worst. Codes about the suite itself (usage,
    infrastructure, internal, interrupted) outrank those about its runs: some of the runs are
    missing, or their reports, so neither 0 nor 1 would be the whole answer. They hide no verdict:
    violations are printed, filed and counted all the same.
    """

    HELD = 0
    VIOLATED = 1
    USAGE = 2  # of the command line or of a scenario
    UNPROVEN = 3  # inconclusive or vacuous
    NONDETERMINISTIC = 4
    NOTHING_SELECTED = 5
    INFRASTRUCTURE = 6  # docker, SFU, browser, disk
    INTERNAL = 70
    INTERRUPTED = 130  # reports were still written


EXIT_CODE: dict[Verdict, Exit] = {
    Verdict.HELD: Exit.HELD,
    Verdict.VIOLATED: Exit.VIOLATED,
    Verdict.INCONCLUSIVE: Exit.UNPROVEN,
    Verdict.VACUOUS: Exit.UNPROVEN,
    Verdict.NONDETERMINISTIC: Exit.NONDETERMINISTIC,
}

# From best to worst. A run that differs from itself is worse than a violation: no other verdict of
# it can be believed.
_SEVERITY = (
    Verdict.HELD,
    Verdict.VACUOUS,
    Verdict.INCONCLUSIVE,
    Verdict.VIOLATED,
    Verdict.NONDETERMINISTIC,
)
# From best to worst, see Exit.
_EXIT_SEVERITY = (
    Exit.HELD,
    Exit.NOTHING_SELECTED,
    Exit.UNPROVEN,
    Exit.VIOLATED,
    Exit.NONDETERMINISTIC,
    Exit.USAGE,
    Exit.INFRASTRUCTURE,
    Exit.INTERNAL,
    Exit.INTERRUPTED,
)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts. Raises ValueError if there are none: no runs, no success."""
    return max(verdicts, key=_SEVERITY.index)


def worst_exit(exits: Iterable[Exit]) -> Exit:
    """The exit code of a command that met all of `exits`. Raises ValueError if there is none."""
    return max(exits, key=_EXIT_SEVERITY.index)
