"""Runs of scenarios on both cores: are their digests equal?

    python -m tests.typescript.parity [--seeds N] [-j N] [--policy NAME] [PATH]...

Every scenario is played under one policy, whatever it says, and with all safeguards: the
TypeScript core has none that could be left out.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from collections.abc import Iterator

import click
import msgspec

from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import RECOMMENDED, load
from oneroom.scenario import Scenario, discover, load_discovered, unsupported_windows
from oneroom.scenario.bundle import Bundle
from oneroom.sim.run import simulate
from oneroom.trace.digest import digest
from tests.project import SCENARIOS
from tests.typescript.bundle import DOOR, bundle


class Compared(msgspec.Struct, frozen=True):
    """One scenario and seed on both cores, with the processor time of each; `differs` says where
    they part, "" for nowhere.
    """

    scenario: str
    seed: int
    differs: str
    python_s: float
    typescript_s: float

    def __str__(self) -> str:
        return f"{self.scenario}, seed {self.seed}: {self.differs}"


def scenarios(policy: str, paths: tuple[str, ...] = ()) -> tuple[Scenario, ...]:
    """The scenarios at `paths`, by default all, that `policy` can be played in."""
    found = (load_discovered(one, vocabulary()) for one in discover(paths or (SCENARIOS,)))
    return tuple(one for one in found if one is not None and _fits(one, policy))


def _fits(scenario: Scenario, policy: str) -> bool:
    known = load(policy)
    return not unsupported_windows(scenario, policy, known.buses, known.needs_lock)


def compare(core: Bundle, scenario: Scenario, policy: str, seed: int) -> Compared:
    """Play `scenario` on both cores."""
    whole = scenario.model_copy(update={"without": ()})
    begun_s = time.process_time()
    python = simulate(whole, policy, Seeded(seed))
    between_s = time.process_time()
    other = simulate(whole.with_core(core), policy, Seeded(seed))
    ended_s = time.process_time()
    return Compared(
        scenario.path,
        seed,
        _difference(python, other),
        between_s - begun_s,
        ended_s - between_s,
    )


def _difference(python: Run, typescript: Run) -> str:
    if digest(python.trace) == digest(typescript.trace):
        return ""
    pairs = zip(python.trace.records, typescript.trace.records, strict=False)
    for place, (ours, theirs) in enumerate(pairs):
        if ours != theirs:
            return f"record {place} is\n  Python      {ours}\n  TypeScript  {theirs}"
    return f"{len(python.trace.records)} and {len(typescript.trace.records)} records"


# -- the command ---------------------------------------------------------------------------------


def _compare_seeds(asked: tuple[Bundle, Scenario, str, int]) -> list[Compared]:
    core, scenario, policy, seeds = asked
    return [compare(core, scenario, policy, seed) for seed in range(1, seeds + 1)]


def _all(
    chosen: tuple[Scenario, ...], policy: str, seeds: int, processes: int
) -> Iterator[Compared]:
    core = Bundle("oneroom-core", bundle(DOOR))
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        asked = [(core, one, policy, seeds) for one in chosen]
        for compared in pool.imap(_compare_seeds, asked):
            yield from compared


@click.command()
@click.argument("paths", nargs=-1)
@click.option("--seeds", default=20, show_default=True)
@click.option("-j", "--jobs", default=2, show_default=True)
@click.option("--policy", default=RECOMMENDED, show_default=True)
def main(paths: tuple[str, ...], seeds: int, jobs: int, policy: str) -> None:
    """Compare, and say where the cores part."""
    count = differ = 0
    python_s = typescript_s = 0.0
    for compared in _all(scenarios(policy, paths), policy, seeds, jobs):
        count += 1
        python_s += compared.python_s
        typescript_s += compared.typescript_s
        if compared.differs:
            differ += 1
            click.echo(compared)
    click.echo(
        f"{count:,} pairs of runs, {differ} differing digests; the TypeScript core makes "
        f"{count / typescript_s:.0f} runs a second of processor, the Python core "
        f"{count / python_s:.0f} (ratio {python_s / typescript_s:.2f})"
    )
    sys.exit(1 if differ else 0)


if __name__ == "__main__":
    main()
