"""One run of one scenario, judged: from a seed or a tape to a Result.

Rules: the only place that turns the findings of checks (numbers) into results
(`oneroom.checks.results`). The wall time in a Result is information; nothing may be decided by it.
"""

from __future__ import annotations

import contextlib
import shlex
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

import msgspec

from oneroom.checks.registry import describe, load
from oneroom.checks.results import APP_RAISED, Finding, Result
from oneroom.checks.verdict import Verdict
from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.explore.expectation import Expectation
from oneroom.explore.mechanism import mechanism
from oneroom.javascript.script_error import Isolation
from oneroom.scenario import Scenario, format_duration
from oneroom.scenario.bundle import Bundle
from oneroom.scenario.diagnostic import printable
from oneroom.scenario.shown_path import quoted
from oneroom.sim.run import simulate
from oneroom.trace.app_records import FATAL, AppFailed
from oneroom.trace.digest import digest

SFU = "fake"
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ID_LENGTH = 6
_NO_TIMINGS: Mapping[str, int] = {}


class JudgedRun(msgspec.Struct, frozen=True):
    """A run with its trace and its tape, and its result."""

    run: Run
    result: Result


def run_judged(
    scenario: Scenario,
    policy: str,
    seed: int,
    choices: Choices | None = None,
    isolation: Isolation = "shared",
) -> JudgedRun:
    """Run `scenario` under `policy` with the draws of `seed`, or with `choices` in their place.
    `isolation` is that of an app's windows.

    Raises oneroom.policies.registry.UnknownPolicy.
    """
    started_s = time.perf_counter()
    # What a policy or check of the user's own prints must not come between the results.
    with contextlib.redirect_stdout(sys.stderr):
        draws = Seeded(seed) if choices is None else choices
        run = simulate(scenario, policy, draws, isolation=isolation)
    return judged(run, seed, SFU, time.perf_counter() - started_s)


def judged(run: Run, seed: int, sfu: str, wall_s: float) -> JudgedRun:
    """The result of a run against `sfu`, under the schedule of `seed`, that took `wall_s`."""
    scenario, policy = run.scenario, run.policy
    expectation = Expectation(scenario, policy)
    # the totals of an unfinished run cannot be judged
    unfinished = run.gave_up or run.raised
    limits = () if unfinished else expectation.broken_limits(run)
    findings = (*_raised(run), *_app_raised(run), *_violations(run), *limits)
    unexpected = expectation.unexpected(findings)
    findings = tuple(_with_mechanisms(run, findings, unexpected))
    verdict = Verdict.VIOLATED if findings else run.judgement.verdict
    if run.gave_up and not unexpected:
        verdict = Verdict.INCONCLUSIVE
    judgement = run.judgement
    result = Result(
        scenario=scenario.path,
        title=scenario.title,
        line=scenario.line,
        policy=policy,
        bus=scenario.bus_name,
        sfu=sfu,
        seed=seed,
        verdict=verdict.value,
        digest=digest(run.trace),
        records=len(run.trace.records),
        sim_ms=run.trace.now_us // 1_000,
        wall_ms=round(wall_s * 1_000, 3),
        violations=findings,
        vacuous=judgement.vacuous,
        inconclusive=judgement.inconclusive,
        ledger=judgement.ledger,
        expected=verdict is Verdict.HELD or (verdict is Verdict.VIOLATED and not unexpected),
        unexpected=unexpected,
        id=failure_id(
            scenario.text,
            policy,
            seed,
            unexpected[0] if unexpected else "",
            scenario.forced_bus,
            scenario.bundle,
            scenario.forced_timings_us,
        ),
        repro=repro(scenario, policy, seed, sfu),
        gave_up=run.gave_up,
        verbs=Counter(step.name for step in scenario.steps),
    )
    return JudgedRun(run, result)


def repro(scenario: Scenario, policy: str, seed: int, sfu: str = SFU) -> str:
    """The command that repeats a run from its file.

    On a real server it repeats the schedule, not the same run.
    """
    against = "" if sfu == SFU else f" --sfu {sfu}"
    bus = f" --bus {scenario.forced_bus}" if scenario.forced_bus else ""
    timings = "".join(
        f" --timing {name}={format_duration(us)}" for name, us in scenario.forced_timings_us.items()
    )
    checks = "".join(f" --check {shlex.quote(name)}" for name in scenario.added_checks)
    core = " --core ts" if scenario.core is not None else ""
    bundle = scenario.bundle
    under = "--policy" if bundle is None else "--app-command" if bundle.command else "--app"
    js = " --js node" if bundle is not None and bundle.engine == "node" else ""
    return (
        f"oneroom run {quoted(scenario.path)} {under} {shlex.quote(policy)}{bus}{timings}{checks}"
        f" --seed {seed}{against}{core}{js}"
    )


def failure_id(
    text: str,
    policy: str,
    seed: int,
    check: str,
    bus: str = "",
    bundle: Bundle | None = None,
    timings_us: Mapping[str, int] = _NO_TIMINGS,
) -> str:
    """Six characters that name a failure.

    The same scenario, policy, seed, check, forced bus and timings, and (by its hash) bundle have
    the same name on every machine.
    """
    further: tuple[object, ...] = (
        (bus, bundle.sha256) if bundle is not None else (bus,) if bus else ()
    )
    if timings_us:
        further = (*further, sorted(timings_us.items()))
    whole = msgspec.json.encode((text, policy, seed, check, *further))
    number = int.from_bytes(blake2b(whole, digest_size=8).digest())
    letters: list[str] = []
    for _ in range(_ID_LENGTH):
        number, letter = divmod(number, len(_BASE58))
        letters.append(_BASE58[letter])
    return "".join(letters)


def _raised(run: Run) -> list[Finding]:
    """The error in the user's own code that ended the run, if there was one."""
    if not run.raised:
        return []
    error = printable(run.raised)
    return [Finding(run.raised_in, run.trace.now_us, (), error, len(run.trace.records) - 1)]


def _app_raised(run: Run) -> list[Finding]:
    """The first error for which a window of the app does not run: in its script as it is loaded, or
    one that its engine has ended; or for which a step does nothing, since the app has no such
    action. An error in a listener is told in the timeline alone.
    """
    if run.scenario.bundle is None:
        return []
    names = run.trace.names
    for record in run.trace.records:
        if isinstance(record, AppFailed) and names[record.during] in FATAL:
            window, error = names[record.where], printable(names[record.error])
            return [Finding(APP_RAISED, record.at_us, (window,), f"{window}: {error}", record.n)]
    return []


def _with_mechanisms(
    run: Run, findings: Sequence[Finding], unexpected: Sequence[str]
) -> Iterator[Finding]:
    """The findings; the first one of each unexpected check with its mechanism."""
    left = set(unexpected)
    for finding in findings:
        if finding.check in left:
            left.remove(finding.check)
            core = mechanism(run.trace, finding).core
            yield msgspec.structs.replace(finding, mechanism=core)
        else:
            yield finding


def _violations(run: Run) -> list[Finding]:
    """The findings of the checks, in the order of the trace."""
    names = run.trace.names
    own = [load(name) for name in run.scenario.own_checks]
    found = [
        Finding(
            violation.check,
            violation.at_us,
            tuple(names[window] for window in violation.windows),
            describe(violation, names, own),
            violation.record,
        )
        for violation in run.judgement.violations
    ]
    return sorted(found, key=lambda finding: finding.record)
