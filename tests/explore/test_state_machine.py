"""A Hypothesis state machine over the simulator: steps of the user and faults are rules, the checks
are invariants.

Hypothesis chooses steps, windows, pauses and the first draws of the run, as `oneroom fuzz` does
with a generator of its own; that two searches which share no code find the same bug, and find none,
is what this is for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from oneroom.checks.registry import NAMES, describe
from oneroom.choices.external import ExternalChoices
from oneroom.choices.labels import Label
from oneroom.driver import script
from oneroom.explore.legal_steps import LegalSteps
from oneroom.policies.registry import RECOMMENDED, load
from oneroom.scenario import VERBS, Verb
from oneroom.sim.settling import settle
from oneroom.sim.world import World
from oneroom.trace.records import StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace
from tests.explore.texts import scenario

SCENE = scenario("""\
scenario: three windows and whatever happens
why: the ground of a state machine
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
  widget: {kind: overlay, opens: later}
""")
# How many draws of a run are Hypothesis' own; later ones are ordinary. It cannot search over
# thousands.
DRAWS = 150
PAUSES_MS = (0, 1, 30, 400, 3_100, 9_000)
# The chat has steps, and ends, of its own.
STEPS = {name: verb for name, verb in VERBS.items() if verb.searched and not verb.chats}

CI = settings(
    max_examples=60,
    stateful_step_count=10,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)

Source = Callable[[int], int]


def source(data: st.DataObject) -> Source:
    return lambda bound: data.draw(st.integers(0, bound - 1))


class Windows(RuleBasedStateMachine):
    """One world, played step by step. Subclasses name the policy, and the checks that are asked."""

    policy = ""
    guards: tuple[str, ...] = NAMES
    broken = False

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        policy = load(self.policy)
        self.judge = script.judge(SCENE, policy)
        self.choices = ExternalChoices(source(data), DRAWS)
        self.trace = Trace(self.judge.listeners)
        self.world = World(SCENE, policy, self.choices, self.trace)
        self.world.begin()
        self.world.kernel.run(1)
        self.possible = LegalSteps(SCENE.windows)
        self.possible.opened("main")
        self.possible.opened("overlay")

    def take(self, verb: type[Verb], pause_ms: int, data: st.DataObject) -> None:
        """`verb` happens `pause_ms` after the step before it, in one of the windows in which it
        may.
        """
        pick = self.choices.source = source(data)
        self.world.kernel.run(self.world.kernel.now_us + 1_000 * pause_ms)
        subjects = self.possible.subjects(verb)
        step = self.possible.step(verb, subjects[pick(len(subjects))], pick, ("lobby",))
        self.possible.take(step)
        trace = self.trace
        trace.cause = NO_CAUSE
        trace.act_on(
            StepTaken(trace.n, trace.now_us, WORLD, NO_CAUSE, trace.intern(verb.__name__), 0)
        )
        step.play(self.world)

    @invariant()
    def no_check_is_violated(self) -> None:
        checks = [check for check in self.judge.checks if check.name in self.guards]
        found = [check.violation for check in checks if check.violation is not None]
        self.broken = bool(found)
        assert not found, [f"{one.check}: {describe(one, self.trace.names)}" for one in found]

    def teardown(self) -> None:
        """Everything heals, and liveness is judged as well."""
        if not hasattr(self, "world"):
            return
        if not self.broken:
            self.choices.source = lambda _: 0
            self.world.heal()
            settle(self.world, self.judge.ledger)
        self.world.end()
        if not self.broken:
            self.no_check_is_violated()


def rule_of(verb: type[Verb]) -> Any:
    @precondition(lambda self: bool(self.possible.subjects(verb)))
    @rule(pause_ms=st.sampled_from(PAUSES_MS), data=st.data())
    def step(self: Windows, pause_ms: int, data: st.DataObject) -> None:
        self.take(verb, pause_ms, data)

    return step


def machine(
    policy: str, steps: Iterable[str] = STEPS, guards: tuple[str, ...] = NAMES
) -> type[RuleBasedStateMachine]:
    rules = {name: rule_of(STEPS[name]) for name in steps}
    return type(
        f"Under_{policy.replace('-', '_')}",
        (Windows,),
        {"policy": policy, "guards": guards, **rules},
    )


@pytest.mark.parametrize("policy", ["heartbeat", "bully-apply"])
def test_two_owners_are_found(policy: str) -> None:
    """Among few steps that matter: with all of them it takes thousands of examples, and minutes."""
    found = machine(policy, ("connect", "freeze", "stall", "partition", "open"), ("single_room",))
    with pytest.raises(AssertionError, match="both hold a Room"):
        run_state_machine_as_test(found, settings=settings(CI, max_examples=2_000))


def test_nothing_is_found_under_the_recommended_policy() -> None:
    run_state_machine_as_test(machine(RECOMMENDED), settings=CI)


def test_after_its_own_share_of_draws_a_run_is_ordinary() -> None:
    drawn = ExternalChoices(lambda bound: bound - 1, most=2)
    assert [drawn.draw(label, 9) for label in (Label.TIE, Label.FATE, Label.FATE)] == [8, 8, 0]
    assert [draw.value for draw in drawn.tape] == [8, 8, 0]
