"""A day in an idle call: the memory of a run does not grow with its length, and nothing is lost by
that.
"""

from __future__ import annotations

import pytest

from benchmarks.memory import DAY, peak_mb
from oneroom.checks.results import Failure
from oneroom.choices.replay import Replay
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.report import failure_text
from oneroom.scenario import Scenario, parse
from oneroom.trace import spool


def hours(count: int, more: str = "") -> Scenario:
    text = DAY.read_text(encoding="utf-8").replace("lasts: 24h", f"lasts: {count}h")
    return parse(text.replace("expect:\n", f"{more}expect:\n"), vocabulary(), "day.yaml")


def test_a_day_takes_no_more_memory_than_some_hours() -> None:
    assert peak_mb(24) - peak_mb(4) < 4, (
        "kept in memory, the records and draws of 20 hours take 90 MB"
    )


def spilled(
    monkeypatch: pytest.MonkeyPatch, scenario: Scenario, policy: str = "web-lock-lease"
) -> JudgedRun:
    """The same run as without, but that all but the newest records and draws were in a file."""
    with monkeypatch.context() as patch:
        patch.setattr(spool, "_BLOCKS_KEPT", 0)
        made = run_judged(scenario, policy, 1)
    assert len(made.run.trace.tail) < len(made.run.trace.records)
    return made


def test_a_run_that_was_spilled_is_the_same_run(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, other = run_judged(hours(1), "web-lock-lease", 1), spilled(monkeypatch, hours(1))
    assert other.result.digest == plain.result.digest
    assert other.result.records == plain.result.records
    assert list(other.run.trace.records) == list(plain.run.trace.records)
    assert list(other.run.tape) == list(plain.run.tape)


def test_its_tape_plays_it_again(monkeypatch: pytest.MonkeyPatch) -> None:
    made = spilled(monkeypatch, hours(1))
    tape = Replay(made.run.tape)
    with monkeypatch.context() as patch:
        patch.setattr(spool, "_BLOCKS_KEPT", 0)
        again = run_judged(hours(1), "web-lock-lease", 1, tape)
    assert again.result.digest == made.result.digest
    assert (tape.stale_at, tape.position) == (-1, len(made.run.tape))


def test_a_failure_at_the_end_of_hours_is_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    late = hours(1, "  - {at: 55m, partition: {window: overlay}}\n")
    plain, other = run_judged(late, "heartbeat", 1), spilled(monkeypatch, late, "heartbeat")
    assert told(other) == told(plain)
    assert "single_room" in told(plain)


def told(made: JudgedRun) -> str:
    result, finding = made.result, made.result.violations[0]
    case = Failure(result, finding, result.id, result.repro, stored=True, hits=1)
    one = failure_text.render(case, (), 1, made.run.trace, "")
    return f"{one.block}\n{one.timeline}"
