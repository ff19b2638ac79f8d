"""The coverage of a search, in words and as one JSON object."""

from __future__ import annotations

from dataclasses import dataclass

from oneroom.checks.registry import NAMES
from oneroom.explore.exhaustive.frontier import Frontier
from oneroom.explore.exhaustive.search import can_compare
from oneroom.report.figures import plural
from oneroom.scenario import Scenario, format_duration

VERSION = 1


@dataclass(frozen=True)
class Facts:
    """Of one search: `failure` is the name of the failure that it found, "" for none."""

    scenario: Scenario
    policy: str
    frontier: Frontier
    failure: str
    troubles: tuple[str, ...]

    @property
    def departures(self) -> int:
        """The bound on departures."""
        return len(self.frontier.left) - 1

    @property
    def complete(self) -> bool:
        """True if every schedule within the bounds was run to its end."""
        return not self.failure and not any(self.frontier.waiting()) and not self.frontier.given_up

    @property
    def done(self) -> int:
        """The number of departures up to which all schedules were run, -1 for none."""
        waiting = self.frontier.waiting()
        return next((n - 1 for n, left in enumerate(waiting) if left), self.departures)


def empty(frontier: Frontier) -> bool:
    """Return whether no check had anything to guard in any run."""
    return frontier.judged > 0 and frontier.vacuous >= set(NAMES)


def render(facts: Facts) -> str:
    """Some lines: the bounds, what was covered, and what follows from it."""
    frontier, waiting = facts.frontier, facts.frontier.waiting()
    states = f"{plural(len(frontier.known), 'state')}, " if _compared(facts) else ""
    runs = plural(frontier.runs, "schedule")
    lines = [
        f"{facts.scenario.path}  {facts.policy}",
        f"  bounds   at most {plural(facts.departures, 'departure')}{_times(facts.scenario)}",
        f"  covered  {runs}, {states}the longest of {plural(frontier.deepest, 'turn')}; "
        f"{frontier.merged:,} ended in a state that was known",
    ]
    if not _compared(facts):
        lines.append(f"  states   not compared: {_why_not(facts)}")
    if frontier.given_up:
        lines.append(f"  gave up  {plural(frontier.given_up, 'schedule')} before the end")
    if facts.complete:
        idle = f"; {len(frontier.vacuous)} checks had nothing to guard" if frontier.vacuous else ""
        lines.append(
            f"  held     all {frontier.runs:,} schedules within the bounds: no check violated{idle}"
        )
    elif facts.failure:
        lines.append(f"  violated {facts.failure}; schedules with fewer departures held")
    else:
        left = ", ".join(f"{number:,} with {n}" for n, number in enumerate(waiting) if number)
        upto = "no number of departures is" if facts.done < 0 else f"up to {facts.done} are"
        lines.append(f"  open     {upto} covered whole; known to be left: {left or 'none'}, and")
        lines.append("           what branches off from them")
    return "\n".join(lines)


def summary(facts: Facts) -> dict[str, object]:
    """The same for programs."""
    frontier = facts.frontier
    return {
        "version": VERSION,
        "scenario": facts.scenario.path,
        "policy": facts.policy,
        "departures": facts.departures,
        "complete": facts.complete,
        "covered_departures": facts.done,
        "runs": frontier.runs,
        "states": len(frontier.known),
        "states_compared": _compared(facts),
        "depth": frontier.deepest,
        "merged": frontier.merged,
        "given_up": frontier.given_up,
        "left": frontier.waiting(),
        "vacuous": sorted(frontier.vacuous),
        "failure": facts.failure,
        "troubles": list(facts.troubles),
        "wall_ms": round(frontier.spent_s * 1_000, 1),
    }


def _compared(facts: Facts) -> bool:
    return can_compare(facts.scenario) and not facts.frontier.opaque


def _why_not(facts: Facts) -> str:
    if facts.frontier.opaque:
        return f"a {facts.frontier.opaque} cannot be read"
    return "those of an app in its engine cannot be read"


def _times(scenario: Scenario) -> str:
    """The steps and openings that come between any two events of their ranges."""
    spans = [
        (f"the opening of {name}", window.opens)
        for name, window in scenario.windows.items()
        if window.opens is not None
    ]
    spans += [(f"`{step.name}` in line {step.line}", step.at) for step in scenario.steps]
    texts = [
        f"{what} between any two events of {format_duration(span.low_us)} to "
        f"{format_duration(span.high_us)}"
        for what, span in spans
        if span.high_us > span.low_us
    ]
    return "".join(f"; {text}" for text in texts)
