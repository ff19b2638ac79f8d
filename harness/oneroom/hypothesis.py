"""A state machine for Hypothesis over simulated windows: steps are rules, checks are invariants.

    from oneroom.hypothesis import WindowsStateMachine

    class Calls(WindowsStateMachine):
        policy = "app.election:Election"

    TestCalls = Calls.TestCase

Hypothesis chooses the steps, their windows, the pauses between them and the first draws after each
(delays, races), shrinks them, and keeps what it found in its database, by the profile of the
project that it tests. Beside `oneroom fuzz` this is a second search: one that shares no code with
the first, and takes rules and invariants of the user's own. A machine drives one world, in virtual
time, step by step. Beside the strategy of that name the only module that imports Hypothesis.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from oneroom import named_class, testing
from oneroom.checks.check import Check
from oneroom.checks.registry import describe
from oneroom.checks.registry import load as load_check
from oneroom.choices.external import ExternalChoices
from oneroom.core.policy import Policy
from oneroom.driver import script
from oneroom.explore.legal_steps import LegalSteps
from oneroom.policies.registry import RECOMMENDED
from oneroom.policies.registry import load as load_policy
from oneroom.scenario import VERBS, Range, Scenario, Step, Verb, verb_name
from oneroom.scenario.write import write
from oneroom.sim.settling import settle
from oneroom.sim.world import World
from oneroom.trace.records import StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace

WINDOWS = """\
scenario: three windows, and what happens to them
why: the ground of a state machine
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
  widget: {kind: overlay, opens: later}
"""
# The steps that a search may take. The chat has steps, and ends, of its own.
STEPS: dict[str, type[Verb]] = {
    name: verb for name, verb in VERBS.items() if verb.searched and not verb.chats
}
_PAUSES_MS = (0, 1, 30, 400, 3_100, 9_000)
_CHANNELS = ("lobby",)
_NUMBERS = st.lists(st.integers(0, 2**16 - 1), max_size=30)


class WindowsStateMachine(RuleBasedStateMachine):
    """The windows of a scenario under a policy. Subclasses set what is different for them; they may
    have rules and invariants of their own, for which `world`, `trace` and `now_us` are there.
    """

    policy: ClassVar[type[Policy] | str] = RECOMMENDED
    """The policy, or its name."""
    scenario: ClassVar[Scenario | Path | str] = WINDOWS
    """The windows: a scenario, the path of its file, or its YAML. Its own steps happen as well."""
    steps: ClassVar[Sequence[str]] = tuple(STEPS)
    """The steps that are taken, by their names in a scenario. The fewer, the sooner a bug that
    needs several of them is found."""
    checks: ClassVar[Sequence[type[Check] | str]] = ()
    """Checks of the user's own, beside all others."""
    ignored: ClassVar[Sequence[str]] = ()
    """Names of checks that may be violated."""

    def __init_subclass__(cls, **others: Any) -> None:
        super().__init_subclass__(**others)
        for name in cls.steps:
            if name not in STEPS:
                near = difflib.get_close_matches(name, STEPS, 1)
                hint = f"; did you mean {near[0]!r}?" if near else "; `oneroom list verbs` has them"
                raise ValueError(f"{cls.__name__}.steps: {name!r} is no step of a search{hint}")
        for name, verb in STEPS.items():
            if name in cls.steps:
                setattr(cls, name, _rule_of(verb))
            elif hasattr(cls, name):
                setattr(cls, name, None)

    @initialize(draws=_NUMBERS)
    def begin(self, draws: list[int]) -> None:
        """The windows open, with the first draws of the run."""
        self._scene = _scene(self.scenario)
        own = [_own_check(check) for check in self.checks]
        policy = load_policy(_name(self.policy))
        self._own = own
        self._broken = False
        self._taken: list[Step] = []
        self._judge = script.judge(self._scene, policy, own)
        self._choices = ExternalChoices()
        self._choices.follow(draws)
        self.trace = Trace(self._judge.listeners)
        self.world = World(self._scene, policy, self._choices, self.trace)
        self.world.begin()
        opened = {
            name: window.opens.high_us
            for name, window in self._scene.windows.items()
            if window.opens is not None
        }
        self.world.kernel.run(max(opened.values(), default=0) + 1)
        self._possible = LegalSteps(self._scene.windows)
        for name in opened:
            self._possible.opened(name)

    @property
    def now_us(self) -> int:
        """Virtual time since the run began."""
        return self.world.kernel.now_us

    def may(self, verb: type[Verb]) -> bool:
        """True if there is something that `verb` can happen to."""
        return bool(self._possible.subjects(verb))

    def take(self, verb: type[Verb], pause_ms: int, where: int, draws: list[int]) -> None:
        """Let `verb` happen `pause_ms` after the step before it, to the window (or what it is
        about) number `where` of those to which it may; then follow `draws`.
        """
        world, trace = self.world, self.trace
        world.kernel.run(self.now_us + 1_000 * pause_ms)
        subjects = self._possible.subjects(verb)
        self._choices.follow(draws)
        subject = subjects[where % len(subjects)]
        step = self._possible.step(verb, subject, self._choices.pick, _CHANNELS)
        self._possible.take(step)
        self._taken.append(Step(at=Range(self.now_us, self.now_us), verb=step))
        trace.cause = NO_CAUSE
        name = trace.intern(verb_name(verb))
        trace.act_on(StepTaken(trace.n, trace.now_us, WORLD, NO_CAUSE, name, 0))
        step.play(world)

    @rule(pause_ms=st.sampled_from(_PAUSES_MS[1:]))
    def wait(self, pause_ms: int) -> None:
        """Time passes."""
        self.world.kernel.run(self.now_us + 1_000 * pause_ms)

    @invariant()
    def no_check_is_violated(self) -> None:
        """The checks, at every step. Raises AssertionError with all that are violated."""
        if self._broken:
            return
        found = [
            check.violation
            for check in self._judge.checks
            if check.violation is not None and check.name not in self.ignored
        ]
        self._broken = bool(found)
        if found:
            played = self._scene.model_copy(update={"steps": tuple(self._taken)})
            note(f"Its steps as a scenario, without its draws:\n\n{write(played)}")
            raise AssertionError(
                "\n".join(
                    f"{one.check}: {describe(one, self.trace.names, self._own)}" for one in found
                )
            )

    def teardown(self) -> None:
        """Everything heals and settles, and liveness is judged as well."""
        if not hasattr(self, "world"):
            return
        if not self._broken:
            self._choices.follow(())
            self.world.heal()
            settle(self.world, self._judge.ledger)
        self.world.end()
        self.no_check_is_violated()


def _rule_of(verb: type[Verb]) -> Any:
    def step(self: WindowsStateMachine, pause_ms: int, where: int, draws: list[int]) -> None:
        self.take(verb, pause_ms, where, draws)

    step.__name__ = verb_name(verb)  # as Hypothesis shows it
    taken = rule(pause_ms=st.sampled_from(_PAUSES_MS), where=st.integers(0, 9), draws=_NUMBERS)
    return precondition(lambda self: self.may(verb))(taken(step))


def _scene(wanted: Scenario | Path | str) -> Scenario:
    if isinstance(wanted, Scenario):
        return wanted
    is_text = isinstance(wanted, str) and "\n" in wanted
    return testing.load_text(str(wanted)) if is_text else testing.load(wanted)


def _own_check(wanted: type[Check] | str) -> type[Check]:
    return load_check(wanted) if isinstance(wanted, str) else wanted


def _name(wanted: type[Policy] | str) -> str:
    return wanted if isinstance(wanted, str) else named_class.name_of(wanted)
