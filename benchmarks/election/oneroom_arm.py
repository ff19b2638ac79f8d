"""The work on oneroom itself, with everything on: trace with causes, digest and all checks.

Rules: the scenario contains at least the work of `work.py`. oneroom does more (it sends snapshots
beside heartbeats, and probes at start-up); only the deliveries of heartbeats are counted.
"""

from __future__ import annotations

from benchmarks.election.work import (
    CRASH_US,
    DELAY_MAX_US,
    DELAY_MIN_US,
    HEARTBEAT_US,
    LASTS_US,
    LOSS_RATIO,
    SILENCE_US,
    WINDOWS,
    Outcome,
)
from oneroom.choices.seeded import Seeded
from oneroom.driver.run import Run
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.sim.run import simulate
from oneroom.trace.digest import digest
from oneroom.trace.records import MessageDelivered, MessageKind, MessageLost, MessagePosted

OVERLAYS = "\n".join(
    f"  overlay{number}: {{kind: overlay, opens: 0s}}" for number in range(1, WINDOWS)
)
# One main window, so that it is known whom to crash; claims follow silence within the stagger of
# the other arms. No arm has a storage, so the term is not kept in one.
_TEXT = f"""
scenario: the owner of four windows crashes
why: the bench
policy: heartbeat
bus: {{delay: {DELAY_MIN_US}us..{DELAY_MAX_US}us, loss: {LOSS_RATIO}}}
without: [persist_term]
timings: {{heartbeat: {HEARTBEAT_US}us, lease: {SILENCE_US}us, claim: 10ms}}
windows:
  main: {{kind: main, opens: 0s}}
{OVERLAYS}
steps:
  - {{at: {CRASH_US}us, crash: {{window: main}}}}
lasts: {LASTS_US}us
"""
_HEARTBEAT = MessageKind.HEARTBEAT
_SCENARIO = parse(_TEXT, vocabulary(), "bench.yaml")


def run(seed: int) -> Run:
    """One run of the work."""
    result = simulate(_SCENARIO, "heartbeat", Seeded(seed))
    digest(result.trace)
    return result


def outcome(result: Run) -> Outcome:
    """The counts of the trace's heartbeats; the owner is taken from the checks and the ledger.

    Two followers may claim within one message delay, and one of them steps down again. That is more
    work than the other arms do, so everything after the crash counts as one election here.
    """
    records = result.trace.records
    delivered = lost = 0
    for record in records:
        if type(record) is MessageDelivered:
            delivered += record.kind is _HEARTBEAT
        elif type(record) is MessageLost:
            post = records[record.cause]
            lost += type(post) is MessagePosted and post.kind is _HEARTBEAT
    violated = [violation.check for violation in result.judgement.violations]
    owners = () if "owner_elected" in violated else (1,)
    return Outcome(
        lost + delivered, lost, delivered, min(2, result.judgement.ledger["elections"]), owners
    )
