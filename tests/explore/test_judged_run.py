"""One run: the same from the same seed, another from another, and named."""

from __future__ import annotations

from oneroom.choices.replay import Replay
from oneroom.explore.judged_run import failure_id, run_judged
from tests.explore.texts import HELD, TWO_ROOMS, scenario


def test_the_same_seed_is_the_same_run() -> None:
    first, second = (run_judged(scenario(HELD), "web-lock-lease", 5).result for _ in range(2))
    assert first.digest == second.digest
    assert first.records == second.records


def test_another_seed_is_another_run() -> None:
    digests = {
        run_judged(scenario(HELD), "web-lock-lease", seed).result.digest for seed in range(1, 9)
    }
    assert len(digests) == 8


def test_the_tape_of_a_run_is_that_run() -> None:
    first = run_judged(scenario(TWO_ROOMS), "naive", 3)
    again = run_judged(scenario(TWO_ROOMS), "naive", 3, Replay(first.run.tape))
    assert again.result.digest == first.result.digest


def test_what_a_check_found_is_kept_in_words() -> None:
    result = run_judged(scenario(TWO_ROOMS), "naive", 1).result
    assert result.verdict == "violated"
    assert not result.expected
    (found,) = [finding for finding in result.violations if finding.check == "single_room"]
    assert sorted(found.windows) == ["main", "overlay"]
    assert "hold a Room" in found.message
    assert 3_000_000 < found.at_us < 4_000_000
    assert result.unexpected[0] == "single_room", "the check that says most comes first"
    assert [finding.record for finding in result.violations] == sorted(
        one.record for one in result.violations
    )


def test_a_held_run_says_how_to_make_it_again() -> None:
    result = run_judged(scenario(HELD, "my scenarios/a.yaml"), "web-lock-lease", 1).result
    assert (result.verdict, result.expected, result.violations) == ("held", True, ())
    assert result.repro == "oneroom run 'my scenarios/a.yaml' --policy web-lock-lease --seed 1"


def test_an_id_names_scenario_policy_seed_and_check_and_nothing_else() -> None:
    first = failure_id("text", "naive", 1, "single_room")
    assert first == failure_id("text", "naive", 1, "single_room")
    others = {
        failure_id("text ", "naive", 1, "single_room"),
        failure_id("text", "naiv", 1, "single_room"),
        failure_id("text", "naive", 11, "single_room"),
        failure_id("text", "naive", 1, "single_rooms"),
    }
    assert len(others | {first}) == 5
    assert len(first) == 6
    # Nobody should have to tell these apart when reading an id aloud.
    assert not set(first) & set("0OIl")
