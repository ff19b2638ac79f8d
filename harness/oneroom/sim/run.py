"""One run: a scenario, a policy and a source of draws in; a trace and a judgement out."""

from __future__ import annotations

import gc
from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.registry import load as load_check
from oneroom.checks.results import CHECK_RAISED, POLICY_RAISED
from oneroom.choices.choices import Choices
from oneroom.driver import script
from oneroom.driver.endless import Endless
from oneroom.driver.page import INTENSIVE_GRID_US
from oneroom.driver.run import Run
from oneroom.policies.registry import load
from oneroom.policies.users_code import raised_by
from oneroom.scenario.model import Scenario
from oneroom.sim.chat import settle_us
from oneroom.sim.coordinators import Coordinators, CoordinatorsFactory
from oneroom.sim.world import World
from oneroom.trace.records import Healed, Settled
from oneroom.trace.trace import WORLD, Trace

# In a page that has long been hidden every time-out may be a minute late. In a row come: watch,
# probe and claim of an election, all three again for a second victim, the retry of the Room, and a
# repeated command.
_TIMERS_IN_A_ROW = 8
# On a bus that is slower than a probe: a question and its answer, a request to hand over and the
# news of it, a command, the snapshot, a question for one that was missed, and its answer.
_MESSAGES_IN_A_ROW = 8


def simulate(
    scenario: Scenario,
    policy: str,
    choices: Choices,
    extra_checks: Sequence[type[Check]] = (),
    coordinators: CoordinatorsFactory = Coordinators,
) -> Run:
    """Run `scenario` under `policy` to its end. Raises `oneroom.policies.registry.UnknownPolicy`
    and `oneroom.checks.registry.UnknownCheck`. `extra_checks` judge beside those of the scenario.
    `coordinators` makes the owner machine in the windows.

    The same scenario, policy and draws give the same trace. Liveness is judged one bound after the
    last step, when every fault that ends by itself has ended; the bound follows from the policy's
    timings and from how long a ghost lives. A run that does not get there is given up (`budget`),
    and nothing is said about its end. So it is with a run in which the user's own policy raised an
    exception, or a check of their own did; any other exception passes through.
    """
    collects = gc.isenabled()
    # a run leaves no reference cycle, so looking for one in the middle of it is lost time
    gc.disable()
    try:
        return _simulate(scenario, policy, choices, extra_checks, coordinators)
    finally:
        if collects:
            gc.enable()


def _simulate(
    scenario: Scenario,
    policy: str,
    choices: Choices,
    extra_checks: Sequence[type[Check]],
    coordinators: CoordinatorsFactory,
) -> Run:
    policy_class = load(policy)
    own_checks = (*map(load_check, scenario.own_checks), *extra_checks)
    judge = script.judge(scenario, policy_class, own_checks)
    trace = Trace(judge.listeners)
    world = World(scenario, policy_class, choices, trace, coordinators=coordinators)
    gave_up = raised = raised_in = ""
    try:
        world.begin()
        world.kernel.run(world.last_step_us + 1)
        finish(world)
    except Endless as endless:
        gave_up = str(endless)
    except Exception as error:
        raised, raised_in = _users_own(error, world, own_checks)
        if not raised:
            raise
    world.end()
    tape = world.kernel.tape.whole()
    return Run(scenario, policy, trace, judge.conclude(), tape, gave_up, raised, raised_in)


def _users_own(
    error: Exception, world: World, own_checks: Sequence[type[Check]]
) -> tuple[str, str]:
    """The error with its place and the kind of code that raised it, if that is the user's own."""
    for kind, classes in ((POLICY_RAISED, (world.policy,)), (CHECK_RAISED, own_checks)):
        if text := raised_by(classes, error):
            return text, kind
    for handle in world.windows.handles.values():
        if text := handle.window.wrong_value():
            return text, POLICY_RAISED
    return "", ""


def finish(world: World) -> None:
    """After the last step: wait until what ends by itself has ended, and until everything must have
    settled.
    """
    scenario, policy, trace, kernel = world.scenario, world.policy, world.trace, world.kernel
    while world.busy.until_us >= kernel.now_us:
        kernel.run(world.busy.until_us + 1)
    trace.append(Healed(trace.n, trace.now_us, WORLD, trace.cause, len(world.faults)))
    chat_us = settle_us(script.timings(scenario, policy)) if world.chats is not None else 0
    # Up to a probe, the policy's own bound has room for a message and its answer.
    slow_us = max(0, scenario.bus.longest_us - script.timings(scenario, policy).probe_us)
    bound_us = (
        max(script.settle_us(scenario, policy, world.sfu.longest_ghost_us()), chat_us)
        + _MESSAGES_IN_A_ROW * slow_us
    )
    if world.windows.slow_timers(kernel.now_us + bound_us):
        # And half a minute after such a wake-up: a hidden owner makes sure at each that it still
        # owns.
        wake_us = world.browser.grid.align(kernel.now_us + bound_us, INTENSIVE_GRID_US)
        bound_us = (
            wake_us - kernel.now_us + _TIMERS_IN_A_ROW * INTENSIVE_GRID_US + INTENSIVE_GRID_US // 2
        )
    kernel.run(max(kernel.now_us + bound_us, scenario.lasts_us or 0))
    trace.append(Settled(trace.n, trace.now_us, WORLD, trace.cause, bound_us))
