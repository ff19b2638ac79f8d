"""Evaluation of a scenario's `expect`, for one run and for all runs together.

One run: it may violate only what the scenario lists as violated or as what it may violate, and it
keeps the ledger's limits. All seeds: every check listed as violated was violated at least once (a
known-bad baseline that stopped being bad is news), and every check listed as held had something to
guard at least once.

`expect` applies to the scenario's own policies. Under another one (`--policy`) nothing has to be
violated, and only a planted bug (`without:`) still excuses the violations that are listed. Nor is
an app judged by what it never tells (`untold`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from oneroom.checks.registry import NAMES, load
from oneroom.checks.results import RAISED, Finding
from oneroom.checks.verdict import Verdict
from oneroom.core.state import Share
from oneroom.driver.run import Run
from oneroom.explore import broken_limit
from oneroom.explore.rendered_state import missing
from oneroom.explore.untold import Untold
from oneroom.scenario import ExpectedCheck, Scenario
from oneroom.trace.records import Rendered, UserNotified
from oneroom.trace.trace import Trace

# The entries of `expect` beside checks and limits on the ledger that a run can break.
ENTRIES: tuple[str, ...] = ("share", "shows", "showed", "told")


class Expectation:
    """The expectation of one scenario under one policy."""

    def __init__(self, scenario: Scenario, policy: str) -> None:
        own, expect = policy in scenario.policies, scenario.expect
        claims = (*expect.violated, *expect.may_violate) if own or scenario.without else ()
        self.required: tuple[str, ...] = _reported(expect.violated) if own else ()
        # as the scenario writes them, and as they are reported
        self.excuses: tuple[str, ...] = tuple(claim.check for claim in claims)
        self.excused: tuple[str, ...] = _reported(claims)
        self.held: tuple[str, ...] = _reported(expect.held) if own else ()
        self._expect = expect

    def broken_limits(self, run: Run) -> list[Finding]:
        """Entries of `expect` (ledger, share, rendering) that the run broke, in file order; a limit
        on the ledger at the time at which it was broken, the others at the end.
        """
        trace = run.trace
        end = len(trace.records) - 1
        found: list[Finding] = []
        untold = Untold(run)
        for key, limit in self._expect.limits.items():
            if untold.hides(key, limit.relation):
                continue
            value = run.judgement.ledger[key]
            if not limit.admits(value):
                message = f"{key} is {value:,}, expected {limit.relation} {limit.bound:,g}"
                broken = broken_limit.find(trace, limit)
                found.append(Finding(key, broken.at_us, (), message, broken.record, limit.line))
        share = self._expect.share is not None and not untold.hides("share")
        if share and not offered_again(trace):
            message = "no window ever offered the lost screen share again"
            found.append(Finding("share", trace.now_us, (), message, end, self._expect.line))
        for key, text in self._not_shown(trace):
            if not untold.hides(key):
                found.append(Finding(key, trace.now_us, (), text, end, self._expect.line))
        return found

    def _not_shown(self, trace: Trace) -> list[tuple[str, str]]:
        """The expected renderings and notices that no window showed: key and sentence."""
        expect, found = self._expect, []
        for key, expected in (("shows", expect.shows), ("showed", expect.showed)):
            if expected is not None and (
                wrong := missing(trace, expected, at_the_end=key == "shows")
            ):
                found.append((key, "; ".join(wrong)))
        if expect.told:
            said = {
                trace.names[record.text]
                for record in trace.records
                if isinstance(record, UserNotified)
            }
            unsaid = [text for text in expect.told if text not in said]
            found += [("told", f'nobody was told "{text}"') for text in unsaid[:1]]
        return found

    def unexpected(self, findings: Sequence[Finding]) -> tuple[str, ...]:
        """The checks of those findings that nothing excuses, by `rank`."""
        return tuple(
            sorted(
                (finding.check for finding in findings if finding.check not in self.excused),
                key=rank,
            )
        )


def shortfalls(
    required: Sequence[str],
    held: Sequence[str],
    seeds: int,
    violated: Mapping[str, int],
    vacuous: Collection[str],
    inconclusive: Collection[str],
) -> tuple[tuple[str, Verdict], ...]:
    """The expectations that all runs together did not meet, each with its verdict.

    `violated` counts runs for each check, `vacuous` and `inconclusive` are checks that were so in
    all of them.
    """
    number = f"{seeds:,} seed{'' if seeds == 1 else 's'}"
    found: list[tuple[str, Verdict]] = []
    for check in required:
        if not violated.get(check):
            sentence = f"expected {check} to be violated, it never was in {number}"
            found.append((sentence, Verdict.VIOLATED))
    for check in held:
        if check in vacuous:
            sentence = f"expected {check} to hold, it had nothing to guard in {number}"
            found.append((sentence, Verdict.VACUOUS))
        elif check in inconclusive:
            sentence = f"expected {check} to hold, it could never be judged in {number}"
            found.append((sentence, Verdict.INCONCLUSIVE))
    return tuple(found)


def _reported(claims: Sequence[ExpectedCheck]) -> tuple[str, ...]:
    """The names under which the claimed checks are reported."""
    return tuple(load(one.check).name if ":" in one.check else one.check for one in claims)


# How the owner machine works inside: nobody complains of a term.
_INSIDE = (
    "one_owner_per_term",
    "fenced_actions",
    "follower_never_connects",
    "command_effect_once",
    "snapshot_monotonic",
    "owner_elected",
)
_INSIDE_LIMITS = ("handoffs", "elections")


def rank(check: str) -> tuple[int, int]:
    """The place of a check in the order of reports: what the user complains of leads.

    An exception in the user's code comes first; then checks of what the user feels, broken limits
    on it, checks of how the machine works inside, and limits on that.
    """
    if check in RAISED:
        return 0, 0
    inside = check in _INSIDE or check in _INSIDE_LIMITS
    limit = check not in NAMES
    return (3 if inside else 1) + limit, 0 if limit else NAMES.index(check)


def offered_again(trace: Trace) -> bool:
    """True if some window ever drew the offer to start the lost share again."""
    return any(
        isinstance(record, Rendered) and record.share == Share.OFFERED_AGAIN
        for record in trace.records
    )
