"""Counts of what `oneroom fuzz` draws, over runs of one scenario under the recommended policy.

python -m benchmarks.draws scenarios/stage1/main-crashes.yaml 1000
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.explore.call_in_progress import CallInProgress
from oneroom.explore.drawn_steps import DrawnSteps
from oneroom.explore.swarm import drawn_surroundings
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import RECOMMENDED
from oneroom.scenario import Scenario, load
from oneroom.sim.run import simulate
from oneroom.trace.records import Record, StepTaken
from oneroom.trace.trace import Trace

# What is drawn of the surroundings, beside the windows.
_HEAD = (
    "identity",
    "engine",
    "bus",
    "locks",
    "sdk",
    "network",
    "tokens",
    "microphone",
    "picker",
    "timings_us",
)


class _StepsInCalls:
    """Notes whether a call stands at each step, and which window has it."""

    reads: tuple[type[Record], ...] = (StepTaken,)

    def __init__(self, trace: Trace) -> None:
        self._call = CallInProgress(trace)
        self.owners: list[str] = []
        trace.add_listener(self)

    def on(self, record: Record) -> None:
        """Follow a step."""
        self.owners.append(self._call.owner if self._call.stands else "")


def count(base: Scenario, seed: int, counts: Counter[str]) -> None:
    """Add one drawn run of `base` to the counts."""
    choices = Seeded(seed)
    surroundings = drawn_surroundings(base, RECOMMENDED, choices)
    scripts: list[tuple[DrawnSteps, _StepsInCalls]] = []

    def write_script(choices: Choices, trace: Trace) -> DrawnSteps:
        scripts.append((DrawnSteps(surroundings, choices, trace), _StepsInCalls(trace)))
        return scripts[-1][0]

    simulate(surroundings, RECOMMENDED, choices, write_script=write_script)
    script, calls = scripts[-1]
    owners = {place: calls.owners[place] for place in script.drawn}
    about_owner = sum(
        bool(owner) and script.steps[place].verb.subject == ("window", owner)
        for place, owner in owners.items()
    )
    counts["runs"] += 1
    counts["runs with a drawn step in a call"] += any(owners.values())
    counts["drawn steps"] += len(owners)
    counts["drawn steps in a call"] += sum(map(bool, owners.values()))
    counts["drawn steps about the window with the call"] += about_owner
    counts["steps of the story"] += len(surroundings.steps)
    counts["steps of the story that were impossible"] += script.impossible
    for name in _HEAD:
        counts[f"runs with another `{name}`"] += getattr(surroundings, name) != getattr(base, name)
    for name in ("hidden", "opener"):
        there = any(getattr(window, name) for window in surroundings.windows.values())
        counts[f"runs with a window that has `{name}`"] += there
    mains = sum(window.kind == "main" for window in surroundings.windows.values())
    counts["runs with a second main window"] += mains > 1


def main() -> None:
    """Print the counts."""
    base = load(Path(sys.argv[1]), vocabulary())
    counts: Counter[str] = Counter()
    for seed in range(1, 1 + int(sys.argv[2])):
        count(base, seed, counts)
    for what, number in counts.items():
        print(f"{number:8} {what}")


if __name__ == "__main__":
    main()
