"""One call of three windows with a fault of its owner, and the time until another window owns."""

from __future__ import annotations

from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse
from oneroom.trace.records import MessagePosted, Role, RoleChanged, StepTaken
from oneroom.trace.trace import Trace

WINDOWS = ("main", "overlay", "widget")
PATIENCE_S = 60
NEVER_MS = 1_000 * PATIENCE_S
SEEDS = range(1, 13)
CALL = f"""
scenario: three windows, one call, and then
why: what a policy makes of one misfortune, or of none
windows:
  main: {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 100ms..900ms}}
  widget: {{kind: overlay, opens: 100ms..900ms}}
lasts: {PATIENCE_S + 10}s
steps:
  - {{at: 2s, connect: {{window: main, channel: lobby}}}}
"""


def call(*steps: str, head: str = "", timings_us: dict[str, int] | None = None) -> Scenario:
    """The call with these steps and this head, under the given time-outs instead of the published
    ones.
    """
    lines = "".join(f"  - {{{step}}}\n" for step in steps)
    scenario = parse(f"{head}{CALL}{lines}", vocabulary(), "call.yaml")
    return scenario.model_copy(update={"timings_us": timings_us or {}})


def succeeded_ms(name: str, scenarios: dict[str, Scenario]) -> list[int]:
    """Time from the last step until a window owned other than the owner before it.

    The earlier owner is the window that owned alone and that the scenario is about; NEVER_MS if no
    other window did.
    """
    found_ms = []
    for window, scenario in scenarios.items():
        for seed in SEEDS:
            trace = run_judged(scenario, name, seed).run.trace
            last = [one.n for one in trace.records if isinstance(one, StepTaken)][-1]
            if _owners(trace, last) == {window}:
                found_ms.append(_next_owner_ms(trace, last, window))
    return found_ms


def messages(name: str, timings_us: dict[str, int] | None = None) -> int:
    """Bus messages a minute in a call in which nothing happens."""
    trace = run_judged(call(timings_us=timings_us), name, 1).run.trace
    posted = [one for one in trace.records if isinstance(one, MessagePosted)]
    return sum(1 for one in posted if 6 <= one.at_us / 1_000_000 < 66)


def spell_ms(lasted_ms: int) -> str:
    """The time without an owner, in ms."""
    return "never" if lasted_ms >= NEVER_MS else f"{lasted_ms:,} ms"


def lost(lasted_ms: list[int]) -> str:
    """The number of owners, of 100, that lost the call to another window."""
    if not lasted_ms:
        return ""
    return f"{100 * sum(one_ms < NEVER_MS for one_ms in lasted_ms) / len(lasted_ms):.0f} %"


def _owners(trace: Trace, until: int) -> set[str]:
    """The windows that owned at the time of the fault."""
    owners: set[str] = set()
    for one in trace.records[:until]:
        if isinstance(one, RoleChanged):
            (owners.add if one.role == Role.OWNER else owners.discard)(trace.names[one.where])
    return owners


def _next_owner_ms(trace: Trace, since: int, window: str) -> int:
    for one in trace.records[since:]:
        if (
            isinstance(one, RoleChanged)
            and one.role == Role.OWNER
            and trace.names[one.where] != window
        ):
            return min(NEVER_MS, (one.at_us - trace.records[since].at_us) // 1_000)
    return NEVER_MS
