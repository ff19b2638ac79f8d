"""One run: a scenario, a policy and a source of draws in; a trace and a judgement out."""

from __future__ import annotations

import gc
from collections.abc import Callable, Sequence
from typing import TypeAlias

from oneroom.checks.check import Check
from oneroom.checks.judge import Judge
from oneroom.checks.registry import load as load_check
from oneroom.checks.results import APP_SERVER_RAISED, CHECK_RAISED, POLICY_RAISED
from oneroom.choices.choices import Choices
from oneroom.choices.resumed import Resumed
from oneroom.driver import script
from oneroom.driver.endless import Endless
from oneroom.driver.run import Run
from oneroom.driver.script import Script
from oneroom.javascript.script_error import Isolation, RuntimeLost
from oneroom.policies.registry import load
from oneroom.policies.users_code import raised_by
from oneroom.scenario.model import Scenario
from oneroom.sim.app_policy import AppPolicy
from oneroom.sim.coordinators import Coordinators, CoordinatorsFactory
from oneroom.sim.settling import settle
from oneroom.sim.world import World
from oneroom.trace.trace import Trace

WriteScript: TypeAlias = Callable[[Choices, Trace], Script]
# Given a run's world and judge before it begins, returns what is called before each of its turns.
Watch: TypeAlias = Callable[[World, Judge], Callable[[], None]]


def simulate(
    scenario: Scenario,
    policy: str,
    choices: Choices,
    extra_checks: Sequence[type[Check]] = (),
    isolation: Isolation = "shared",
    write_script: WriteScript | None = None,
    watch: Watch | None = None,
) -> Run:
    """Run `scenario` under `policy` to its end. Raises `oneroom.policies.registry.UnknownPolicy`,
    `oneroom.checks.registry.UnknownCheck` and `oneroom.sim.socket_handlers.UnknownHandler`.
    `extra_checks` judge beside those of the scenario.

    The same scenario, policy and draws give the same trace. Liveness is judged when everything has
    settled after the last step, when every fault that ends by itself has ended, and at the latest
    after a bound (`settling`). A run that does not get there is given up (`budget`),
    and nothing is said about its end. So it is with a run in which the user's own policy raised an
    exception, or a check of their own did; any other exception passes through.

    A scenario with a bundle runs that in its windows, whatever `policy` says, in this `isolation`;
    one with a core, that owner machine.

    `write_script` gives other steps than those of the scenario: for a search that draws them while
    the run goes on.
    `watch` is shown the world before it begins.
    """
    collects = gc.isenabled()
    # a run leaves no reference cycle, so looking for one in the middle of it is lost time
    gc.disable()
    try:
        return _simulate(scenario, policy, choices, extra_checks, isolation, write_script, watch)
    finally:
        if collects:
            gc.enable()


def _simulate(
    scenario: Scenario,
    policy: str,
    choices: Choices,
    extra_checks: Sequence[type[Check]],
    isolation: Isolation,
    write_script: WriteScript | None,
    watch: Watch | None,
) -> Run:
    bundle = scenario.bundle
    policy_class = load(policy) if bundle is None else AppPolicy
    own_checks = (*map(load_check, scenario.own_checks), *extra_checks)
    judge = script.judge(scenario, policy_class, own_checks)
    trace = Trace(judge.listeners)
    choices.watch(trace.acting)
    handlers: tuple[type, ...] = ()
    if bundle is None:
        world = World(scenario, policy_class, choices, trace, coordinators=_coordinators(scenario))
    else:
        # the engine is optional, and all else would wait for what an app alone needs
        from oneroom.sim.app_windows import app_world
        from oneroom.sim.socket_handlers import load as load_handler

        world = app_world(scenario, bundle, isolation, choices, trace)
        handlers = tuple(map(load_handler, scenario.app_server.handlers))
    if watch is not None:
        world.kernel.watch = watch(world, judge)
    gave_up = raised = raised_in = ""
    try:
        world.begin(None if write_script is None else write_script(choices, trace))
        while world.kernel.now_us <= world.last_step_us:
            world.kernel.run(world.last_step_us + 1)
        settle(world, judge.ledger)
    except Endless as endless:
        gave_up = str(endless)
    except RuntimeLost:
        # it would have been the end of the other windows as well: each gets an engine of its own
        tape = world.kernel.tape.whole()
        world.end()
        again = Resumed(tape, choices)
        return _simulate(scenario, policy, again, extra_checks, "own", write_script, watch)
    except Exception as error:
        raised, raised_in = _users_own(error, world, own_checks, handlers)
        if not raised:
            raise
    world.end()
    tape = world.kernel.tape.whole()
    return Run(scenario, policy, trace, judge.conclude(), tape, gave_up, raised, raised_in)


def _coordinators(scenario: Scenario) -> CoordinatorsFactory:
    if scenario.core is None:
        return Coordinators
    from oneroom.sim.typescript_coordinators import typescript_coordinators

    return typescript_coordinators(scenario.core)


def _users_own(
    error: Exception,
    world: World,
    own_checks: Sequence[type[Check]],
    handlers: Sequence[type],
) -> tuple[str, str]:
    """The error with its place and the kind of code that raised it, if that is the user's own."""
    theirs: tuple[tuple[str, Sequence[type]], ...] = (
        (POLICY_RAISED, (world.policy,)),
        (CHECK_RAISED, own_checks),
        (APP_SERVER_RAISED, handlers),
    )
    for kind, classes in theirs:
        if text := raised_by(classes, error):
            return text, kind
    for handle in world.windows.handles.values():
        if text := handle.window.wrong_value():
            return text, POLICY_RAISED
    return "", ""
