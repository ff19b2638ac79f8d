"""Model of a good file: values, units, defaults, and the places that reports point at."""

from __future__ import annotations

import pickle

import pytest
from pydantic import ValidationError

from oneroom.scenario import Bus, ExpectedCheck, Limit, Range, Scenario, Vocabulary, parse
from oneroom.scenario.life_verbs import Crash
from oneroom.scenario.verbs import Connect, Heal

SMALL = "scenario: a\nwhy: b\nwindows: {main: {kind: main, opens: 0s}}\n"


@pytest.fixture(scope="module")
def scenario(good: str, vocabulary: Vocabulary) -> Scenario:
    return parse(good, vocabulary, "scenarios/good.yaml")


def test_head(scenario: Scenario) -> None:
    assert (scenario.title, scenario.why) == (
        "main crashes while it shares its screen",
        "the share is lost, the call is not",
    )
    assert scenario.policies == ("web-lock-lease", "web-lock")
    assert scenario.timings_us == {"heartbeat": 1_000_000, "lease": 3_000_000}
    assert (scenario.bus.delay, scenario.bus.loss_ratio) == (Range(1_000, 30_000), 0.05)
    assert (scenario.tokens.mint, scenario.tokens.ttl_us) == (Range(10_000, 80_000), 21_600_000_000)
    assert (scenario.lasts_us, scenario.without) == (20_000_000, ("fence_on_gap",))


def test_windows_and_steps(scenario: Scenario) -> None:
    assert list(scenario.windows) == ["main", "overlay", "second"]
    assert scenario.windows["overlay"].opens == Range(100_000, 900_000)
    assert scenario.windows["second"].opens is None
    assert [step.name for step in scenario.steps] == [
        "connect",
        "gesture",
        "share_screen",
        "open",
        "partition",
        "crash",
        "heal",
    ]
    assert scenario.steps[0].verb == Connect(window="overlay", channel="lobby")
    assert (scenario.steps[5].at, scenario.steps[5].verb) == (
        Range(4_000_000, 6_000_000),
        Crash(window="main"),
    )
    assert scenario.steps[6].verb == Heal()


def test_places(scenario: Scenario, good: str) -> None:
    lines = good.splitlines()
    assert (scenario.path, scenario.text, scenario.line) == ("scenarios/good.yaml", good, 2)
    assert [lines[step.line - 1][step.column - 1 :].split(",")[0] for step in scenario.steps] == [
        "{at: 1s",
        "{at: 3s",
        "{at: 3s",
        "{at: 3500ms",
        "{at: 3600ms",
        "at: 4s..6s",
        "{at: 9s",
    ]
    assert lines[scenario.windows["overlay"].line - 1].startswith("  overlay:")
    assert lines[scenario.windows["second"].line - 1] == "    kind: overlay"
    assert lines[scenario.expect.line - 1].startswith("  no_owner_ms:")


def test_expect(scenario: Scenario, good: str) -> None:
    line = good.splitlines().index('  no_owner_ms: "<= 1500"') + 1
    assert scenario.expect.limits == {
        "no_owner_ms": Limit("no_owner_ms", "<=", 1500.0, line, 3),
        "two_rooms_ms": Limit("two_rooms_ms", "==", 0, line + 1, 3),
        "evictions": Limit("evictions", ">=", 1, line + 2, 3),
    }
    assert scenario.expect.share == "offered_again"
    assert scenario.expect.violated == (ExpectedCheck("single_room", line + 4, 14),)
    assert [claim.check for claim in scenario.expect.held] == ["owner_elected", "mirrors_converge"]


@pytest.mark.parametrize(
    ("limit", "admitted", "refused"),
    [(Limit("k", "<=", 5), 5, 5.5), (Limit("k", ">=", 5), 5, 4.5), (Limit("k", "==", 5), 5, 6)],
)
def test_limit_admits(limit: Limit, admitted: float, refused: float) -> None:
    assert limit.admits(admitted)
    assert not limit.admits(refused)
    assert str(limit) == f"k {limit.relation} 5"


def test_defaults(vocabulary: Vocabulary) -> None:
    scenario = parse(SMALL, vocabulary)
    assert scenario.policies == ("web-lock-lease",)
    assert (scenario.identity, scenario.engine, scenario.microphone) == (
        "user",
        "chromium",
        "granted",
    )
    assert scenario.bus == Bus()
    assert (scenario.bus.kind, scenario.bus.delay) == ("broadcast-channel", None)
    assert (scenario.bus.loss_ratio, scenario.bus.duplicate_ratio) == (0, 0)
    assert scenario.network.delay == Range(5_000, 40_000)
    assert (scenario.tokens.mint, scenario.tokens.ttl_us) == (
        Range(10_000, 80_000),
        6 * 3_600_000_000,
    )
    assert (scenario.steps, scenario.lasts_us, scenario.without, scenario.timings_us) == (
        (),
        None,
        (),
        {},
    )
    assert (scenario.expect.violated, scenario.expect.held, scenario.expect.limits) == ((), (), {})


def test_one_policy_needs_no_list_and_a_users_own_is_not_looked_up(vocabulary: Vocabulary) -> None:
    assert parse(SMALL + "policy: naive\n", vocabulary).policies == ("naive",)
    assert parse(SMALL + "policy: my.module:Policy\n", vocabulary).policies == ("my.module:Policy",)


def test_frozen(scenario: Scenario) -> None:
    with pytest.raises(ValidationError):
        scenario.title = "another"
    with pytest.raises(ValidationError):
        scenario.steps[0].at = Range(0, 0)


def test_pickles_with_its_places(scenario: Scenario) -> None:
    copy = pickle.loads(pickle.dumps(scenario))
    assert copy == scenario
    assert (copy.path, copy.line, copy.steps[4].line) == (
        scenario.path,
        scenario.line,
        scenario.steps[4].line,
    )
    assert copy.expect.violated[0].line == scenario.expect.violated[0].line
