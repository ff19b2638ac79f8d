"""Shrinking: what is left is needed, it fails in the same way, and the same input shrinks to the
same result.
"""

from __future__ import annotations

import msgspec
import pytest

from oneroom.choices.labels import Label
from oneroom.choices.replay import Replay
from oneroom.choices.replay_by_label import ReplayByLabel
from oneroom.choices.seeded import Seeded
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.shrink import Shrinker, Shrunk, shrink
from oneroom.scenario.write import write
from tests.explore.texts import scenario

# Two overlays race for the ownership when main is gone; nothing else of it matters.
NOISY = """\
scenario: a noisy story
why: a test
policy: heartbeat
bus: {delay: 1ms..90ms, duplicate: 0.1}
tokens: {mint: 20ms..90ms}
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}
  widget:  {kind: overlay, opens: 100ms..900ms}
  idle:    {kind: overlay, opens: 1s}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 3.123s, toggle_mute: {window: main}}
  - {at: 4s, hide: {window: widget}}
  - {at: 7s..9s, freeze: {window: main}}
  - {at: 16.004s, resume: {window: main}}
  - {at: 17s, show: {window: widget}}
  - {at: 18s, heal: {}}
"""


def first(check: str) -> JudgedRun:
    """The first seed in which `check` is violated."""
    for seed in range(1, 200):
        made = run_judged(scenario(NOISY), "heartbeat", seed)
        if any(finding.check == check for finding in made.result.violations):
            return made
    raise AssertionError(f"{check} holds")


@pytest.fixture(scope="module")
def small() -> Shrunk:
    return shrink(first("single_room"), "single_room")


def test_only_what_is_needed_is_left(small: Shrunk) -> None:
    left = small.judged.run.scenario
    assert small.complete
    assert [step.name for step in left.steps] == ["connect", "freeze", "heal"], (
        "two windows believe that it is dead, and a policy that holds can be seen to recover"
    )
    assert small.steps_before == 7
    assert small.records_before > len(small.judged.run.trace.records)


def test_what_is_left_is_round_and_ordinary(small: Shrunk) -> None:
    left = small.judged.run.scenario
    assert all(step.at.low_us % 100_000 == 0 and not step.at.is_draw for step in left.steps)
    assert "loss" not in left.text
    assert "duplicate" not in left.text
    assert not left.bus.delay or left.bus.delay.high_us <= 90_000, "the delay alone is needed"
    assert "tokens:" not in left.text
    assert small.drawn == 2, "of two windows that claim at once, the message of each is late"


def test_it_fails_in_the_same_way_from_its_text_and_tape(small: Shrunk) -> None:
    made = small.judged
    again = run_judged(made.run.scenario, "heartbeat", made.result.seed, Replay(made.run.tape))
    assert again.result.digest == made.result.digest
    assert "single_room" in [finding.check for finding in again.result.violations]


def test_nothing_of_it_can_be_left_out(small: Shrunk) -> None:
    left = small.judged.run.scenario
    without = scenario(write(left.model_copy(update={"steps": ()})))
    tape = small.judged.run.tape
    assert not any(
        finding.check == "single_room"
        for finding in run_judged(without, "heartbeat", 1, Replay(tape)).result.violations
    )


def test_the_same_input_gives_the_same_result(small: Shrunk) -> None:
    again = shrink(first("single_room"), "single_room")
    assert again.judged.result.digest == small.judged.result.digest
    assert again.runs == small.runs


def test_a_bound_on_runs_leaves_a_valid_result() -> None:
    shrinker = Shrinker(first("single_room"), "single_room", most_runs=4)
    cut = shrinker.run()
    assert not cut.complete
    assert cut.runs == 4
    assert "single_room" in [finding.check for finding in cut.judged.result.violations]


def test_draws_are_lowered_not_only_dropped(small: Shrunk) -> None:
    """A race that needs late messages keeps a draw for each, and that as small as it can be."""
    tape = small.judged.run.tape
    drawn = [place for place, draw in enumerate(tape) if draw.value]
    assert drawn
    for place in drawn:
        lower = list(tape)
        lower[place] = msgspec.structs.replace(tape[place], value=tape[place].value - 1)
        again = run_judged(small.judged.run.scenario, "heartbeat", 1, ReplayByLabel(lower))
        assert "single_room" not in [finding.check for finding in again.result.violations]


def test_streams_keep_the_draws_of_the_other_labels() -> None:
    seeded = Seeded(3)
    values = [seeded.draw(label, 100) for label in (Label.FATE, Label.TIE, Label.FATE)]
    streams = ReplayByLabel(seeded.tape)
    assert [streams.draw(Label.FATE, 100), streams.draw(Label.FATE, 100)] == [values[0], values[2]]
    assert streams.draw(Label.TIE, 1_000) == values[1], "a wider question has the old answer"
    assert streams.draw(Label.JITTER, 9) == 0, "what was never drawn is ordinary"
    assert ReplayByLabel(seeded.tape).draw(Label.FATE, 2) in (0, 1), (
        "a narrower one has it only if it fits"
    )
