"""Windows on other buses than BroadcastChannel, and on several at once: what a whole run shows of
them.
"""

from __future__ import annotations

import pytest

from oneroom.explore.judged_run import failure_id, run_judged
from oneroom.explore.scenario_text import scenario_text
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, parse
from oneroom.trace import records as r

HEAD = "scenario: two windows\nwhy: a test\n"
STEPS = """
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 5s, toggle_mute: {window: overlay}}
"""


def scenario(main: str, overlay: str, steps: str = STEPS) -> Scenario:
    windows = (
        f"windows:\n  main: {{kind: main, opens: 0s{main}}}\n  overlay: "
        f"{{kind: overlay, opens: 100ms{overlay}}}"
    )
    return parse(HEAD + windows + steps, vocabulary(), "buses.yaml")


def delivered(of: Scenario) -> tuple[int, int]:
    """How many messages main and overlay handled."""
    trace = run_judged(of, "web-lock-lease", 1).run.trace
    counts = {"main": 0, "overlay": 0}
    for record in trace.records:
        if isinstance(record, r.MessageDelivered):
            counts[trace.names[record.where]] += 1
    return counts["main"], counts["overlay"]


def resolved(of: Scenario) -> int:
    """How many commands of the overlay took effect."""
    records = run_judged(of, "web-lock-lease", 1).run.trace.records
    return sum(
        isinstance(record, r.CommandResolved) and record.outcome == r.CommandOutcome.APPLIED
        for record in records
    )


@pytest.mark.parametrize("kind", ["broadcast-channel", "storage-event", "tauri-event"])
def test_a_command_gets_through_on_every_bus(kind: str) -> None:
    assert resolved(scenario("", "").on_bus(kind)) == 2


def test_windows_without_a_bus_in_common_do_not_hear_each_other() -> None:
    apart = scenario(", bus: tauri-event", ", bus: storage-event")
    assert delivered(apart.on_bus("storage-event"))[1] > 0
    assert delivered(apart)[1] == 0  # main hears itself: its bus is that of Tauri
    assert resolved(apart) == 0


def test_a_window_with_both_hears_and_answers_one_with_the_lesser_alone() -> None:
    assert resolved(scenario("", ", bus: storage-event")) == 0
    assert (
        resolved(scenario(", bus: [storage-event, broadcast-channel]", ", bus: storage-event")) == 2
    )


def test_windows_that_have_both_speak_on_the_preferred_one_alone() -> None:
    both = ", bus: [tauri-event, broadcast-channel]"
    assert delivered(scenario(both, both)) == delivered(scenario("", ""))


def test_a_bus_that_dies_without_a_word_is_found_out_by_the_first_question() -> None:
    dies = """
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 4s, partition: {window: overlay, bus: broadcast-channel}}
  - {at: 5s, toggle_mute: {window: overlay}}
lasts: 20s
"""
    both = ", bus: [broadcast-channel, storage-event]"
    assert resolved(scenario("", "", dies.replace(", bus: broadcast-channel", ""))) == 1
    assert resolved(scenario(both, both, dies)) == 2
    # all that it has
    assert resolved(scenario(both, both, dies.replace(", bus: broadcast-channel", ""))) == 1


def test_a_forced_bus_is_all_that_a_window_has_and_says_so() -> None:
    mixed = scenario(", bus: [storage-event, tauri-event]", "")
    forced = mixed.on_bus("tauri-event")
    assert (mixed.bus_name, forced.bus_name) == ("mixed", "tauri-event")
    assert [forced.buses_of(name) for name in forced.windows] == [("tauri-event",)] * 2
    assert mixed.on_bus("") is mixed
    result = run_judged(forced, "web-lock-lease", 3).result
    assert (result.bus, result.repro) == (
        "tauri-event",
        "oneroom run buses.yaml --policy web-lock-lease --bus tauri-event --seed 3",
    )


def test_a_forced_bus_travels_with_the_scenario() -> None:
    forced = scenario("", "").on_bus("storage-event")
    again = scenario_text(forced).scenario()
    assert (
        run_judged(again, "web-lock-lease", 1).result.digest
        == run_judged(forced, "web-lock-lease", 1).result.digest
    )
    assert (
        run_judged(again, "web-lock-lease", 1).result.digest
        != run_judged(scenario("", ""), "web-lock-lease", 1).result.digest
    )
    names = {
        failure_id("text", "naive", 1, "single_room", bus)
        for bus in ("", "storage-event", "tauri-event")
    }
    assert len(names) == 3
