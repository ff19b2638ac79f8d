"""A plan: the runs that a suite makes, in their order, and how each of them is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import msgspec

from oneroom.checks.results import Result
from oneroom.explore.judged_run import run_judged
from oneroom.explore.shard import RunTimes, Shard, cut, estimated_ms
from oneroom.policies.registry import load
from oneroom.scenario import Problem, Scenario, ScenarioError, unsupported_windows
from oneroom.scenario.verbs import Do


@dataclass(frozen=True)
class Job:
    """One run to make: place of the scenario in the plan, policy, seed."""

    scenario: int
    policy: str
    seed: int

    def play(self, play: Play, scenario: Scenario) -> Result:
        """Make the run of `scenario` by `play`."""
        return play(scenario, self.policy, self.seed)


NAME_IT = "name it: `app: voice.ts` in this file, or --app voice.ts"

Play = Callable[[Scenario, str, int], Result]


def play(scenario: Scenario, policy: str, seed: int) -> Result:
    """The result of one run as its file says."""
    return run_judged(scenario, policy, seed).result


@dataclass(frozen=True)
class Plan:
    """Runs to make: every scenario under its own policies or under `policies`, with every seed.

    `play` makes one run; it is a function of a module, so that other processes find it. Of all
    runs, `shard` has those of one machine, cut by `run_ms` where times are known; `only` names the
    scenarios (by path) and policies that are run, None for all.
    """

    scenarios: tuple[Scenario, ...]
    policies: tuple[str, ...]
    seeds: range
    play: Play = play
    shard: Shard | None = None
    run_ms: RunTimes = field(default_factory=dict)
    only: frozenset[tuple[str, str]] | None = None

    def policies_of(self, scenario: Scenario) -> tuple[str, ...]:
        """The policies under which `scenario` is run; an app is one, by the name of its file."""
        if scenario.bundle is not None:
            return (scenario.bundle.path,)
        return self.policies or scenario.policies

    def all_policies(self) -> tuple[str, ...]:
        """Every policy that is run, once."""
        return tuple(
            dict.fromkeys(
                policy for scenario in self.scenarios for policy in self.policies_of(scenario)
            )
        )

    def named_policies(self) -> tuple[str, ...]:
        """Those of them that are found by their name: all but the apps."""
        apps = {one.bundle.path for one in self.scenarios if one.bundle is not None}
        return tuple(policy for policy in self.all_policies() if policy not in apps)

    def jobs(self) -> Sequence[Job]:
        """The runs to make, in order."""
        jobs = [
            Job(place, policy, seed)
            for place, scenario in enumerate(self.scenarios)
            for policy in self.policies_of(scenario)
            if self.only is None or (scenario.path, policy) in self.only
            for seed in self.seeds
        ]
        if self.shard is None:
            return jobs
        return cut(jobs, [self._length_ms(job) for job in jobs], self.shard)

    def fingerprint(self) -> str:
        """A text that is equal for shards of the same runs, cut in the same way."""
        runs = [
            (one.path, one.text, policy, self._length_ms(Job(place, policy, 0)))
            for place, one in enumerate(self.scenarios)
            for policy in self.policies_of(one)
        ]
        only = sorted(self.only) if self.only is not None else None
        facts = (runs, self.seeds.start, self.seeds.stop, self.shard and self.shard.of, only)
        return blake2b(msgspec.json.encode(facts), digest_size=8).hexdigest()

    def _length_ms(self, job: Job) -> float:
        scenario = self.scenarios[job.scenario]
        known_ms = self.run_ms.get((scenario.path, job.policy), 0.0)
        return known_ms if known_ms > 0 else estimated_ms(scenario)

    def check_platforms(self) -> None:
        """Check that every policy can work on the buses and with the locks of its windows, and
        that an app runs where a step calls one.

        Raises ScenarioError with all problems.
        """
        problems = [
            Problem(scenario.path, scenario.line, 1, message, "", suggestion)
            for scenario in self.scenarios
            if scenario.bundle is None
            for policy in self.policies_of(scenario)
            for _, _, message, suggestion in unsupported_windows(
                scenario, policy, load(policy).buses, load(policy).needs_lock
            )
        ]
        problems += [
            Problem(
                scenario.path,
                step.line,
                1,
                "`do` calls an action of an app, and none runs",
                "",
                NAME_IT,
            )
            for scenario in self.scenarios
            if scenario.bundle is None
            for step in scenario.steps
            if isinstance(step.verb, Do)
        ]
        if problems:
            raise ScenarioError(problems)


class WorkerDied(Exception):
    """A process that ended without a message (killed, out of memory, a native crash).

    `args` are one sentence.
    """


def run_job(play: Play, scenario: Scenario, job: Job) -> Result:
    """The result of `job`.

    An error on the way gets a note that names its run, so that it can be reproduced.
    """
    try:
        return job.play(play, scenario)
    except BaseException as error:
        error.add_note(f"in {scenario.path}, policy {job.policy}, seed {job.seed}")
        raise
