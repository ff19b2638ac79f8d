"""Drawn scenarios: possible by construction, ordinary with ordinary draws, and everything takes
part in some run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from oneroom.choices.labels import SWARM_LABELS, Label
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.core.bus_kind import BUS_KINDS
from oneroom.explore.fuzz import as_kept, fuzz_once, fuzz_with
from oneroom.explore.hopeless import STANDS_STILL
from oneroom.explore.swarm import drawn_surroundings
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import VERBS, Scenario, discover, load
from oneroom.scenario.bundle import Bundle
from oneroom.trace.records import Record, StepTaken
from tests.explore.texts import HELD, TWO_ROOMS, expecting, scenario
from tests.project import ROOT

SCENARIOS = [
    load(found.path, vocabulary()) for found in discover([ROOT / "scenarios"]) if not found.line
]
POLICY = "web-lock-lease"
SURROUNDINGS = (
    "identity",
    "engine",
    "bus",
    "locks",
    "sdk",
    "network",
    "tokens",
    "microphone",
    "picker",
    "timings_us",
)
# What somebody else can do takes somebody who is there.
IN_COMPANY = (
    HELD
    + """\
  - {at: 5s, remote_joins: {identity: grace, channel: lobby}}
  - {at: 5s, remote_mutes: {identity: grace}}
  - {at: 5s, remote_starts_camera: {identity: grace}}
  - {at: 5s, remote_starts_sharing: {identity: grace}}
"""
)


def test_ordinary_draws_add_nothing() -> None:
    base = scenario(HELD)
    drawn = fuzz_with(Replay([]), base, POLICY, 1).run.scenario
    assert str(drawn.windows["overlay"].opens) == "100ms", "the earliest"
    assert [step.name for step in drawn.steps] == [step.name for step in base.steps], (
        "and nothing to heal"
    )
    assert [name for name in SURROUNDINGS if getattr(drawn, name) != getattr(base, name)] == []
    assert not any(window.hidden or window.opener for window in drawn.windows.values())


@pytest.mark.parametrize("base", SCENARIOS, ids=lambda one: Path(one.path).stem)
def test_every_drawn_scenario_is_accepted_by_the_linter_and_plays_the_same_run(
    base: Scenario,
) -> None:
    for seed in (1, 2):
        made = fuzz_with(Seeded(seed), base, POLICY, seed)
        drawn = made.run.scenario
        assert [step.name for step in drawn.steps if step.name == "heal" or step.verb.breaks][
            -1:
        ] in ([], ["heal"])
        assert not any(step.at.is_draw for step in drawn.steps)
        kept = as_kept(made)  # raises ScenarioError for what is impossible
        assert kept.run.scenario.text
        assert kept.run.trace.names == made.run.trace.names
        assert without_lines(kept.run.trace.records) == without_lines(made.run.trace.records)


def test_every_verb_is_drawn_in_some_run_and_is_missing_in_some() -> None:
    in_runs = [
        names_drawn(scenario(text), seed) for text in (HELD, IN_COMPANY) for seed in range(1, 400)
    ]
    assert set.union(*in_runs) == {
        name for name, verb in VERBS.items() if verb.searched and not verb.chats
    }
    assert set.intersection(*in_runs) == set()


def test_a_chat_is_drawn_where_there_is_one() -> None:
    (base,) = [one for one in SCENARIOS if one.path.endswith("chat-pushes-are-lost.yaml")]
    in_runs = [names_drawn(base, seed) for seed in range(1, 120)]
    assert {name for name, verb in VERBS.items() if verb.chats} <= set.union(*in_runs)


def names_drawn(base: Scenario, seed: int) -> set[str]:
    return {step.name for step in fuzz_with(Seeded(seed), base, POLICY, seed).run.scenario.steps}


def test_the_same_draws_make_the_same_text() -> None:
    drawn, again = (fuzz_once(scenario(HELD), POLICY, 7).run for _ in range(2))
    assert again.scenario.text == drawn.scenario.text
    assert again.scenario.text != fuzz_once(scenario(HELD), POLICY, 8).run.scenario.text
    assert {label for label in Label if label.name.startswith("SWARM_")} == SWARM_LABELS
    assert SWARM_LABELS.isdisjoint(draw.label for draw in drawn.tape)


def test_a_known_bad_baseline_may_stay_bad_under_its_own_policy_alone() -> None:
    base = scenario(expecting(TWO_ROOMS, "violated: [single_room]", "two_rooms_ms: '>= 1'"))
    for policy, excused in (("naive", ["single_room"]), ("heartbeat", [])):
        drawn = drawn_surroundings(base, policy, Replay([]))
        assert drawn.policies == (policy,)
        assert [claim.check for claim in drawn.expect.may_violate] == excused
        assert not drawn.expect.violated, "a drawn fault may keep it from happening"
        assert not drawn.expect.limits


def test_every_part_of_the_surroundings_is_drawn_in_some_run() -> None:
    base = scenario(HELD)
    drawn = [drawn_surroundings(base, "heartbeat", Seeded(seed)) for seed in range(1, 300)]
    for name in SURROUNDINGS:
        values = {str(getattr(one, name)) for one in drawn}
        assert len(values) > 1, name
        assert sum(getattr(one, name) == getattr(base, name) for one in drawn) > 30, name
    assert {one.bus.kind for one in drawn} == set(BUS_KINDS)
    assert len({one.tokens.ttl_us for one in drawn}) > 2
    windows = [window for one in drawn for window in one.windows.values()]
    assert {window.hidden for window in windows} == {True, False}
    assert {window.opener for window in windows} >= {None, "main", "overlay"}
    assert max(sum(window.kind == "main" for window in one.windows.values()) for one in drawn) > 1


def test_a_policy_with_a_lock_keeps_it_and_a_runtime_has_a_name_of_its_own() -> None:
    for seed in range(1, 300):
        drawn = drawn_surroundings(scenario(HELD), POLICY, Seeded(seed))
        assert drawn.locks == "web-locks"
        assert drawn.instance == "runtime"


def test_an_owner_that_stands_still_has_the_identity_of_its_successor() -> None:
    still = scenario(HELD.replace("gesture: {window: main}", "stall: {window: main, lasts: 9s}"))
    for seed in range(1, 100):
        assert drawn_surroundings(still, POLICY, Seeded(seed)).identity == "user"
    base = scenario(HELD)
    for seed in range(1, 100):
        made = fuzz_with(Seeded(seed), base, POLICY, seed).run.scenario
        if made.identity == "window":
            assert STANDS_STILL.isdisjoint(step.name for step in made.steps)


def test_what_an_app_notices_of_its_platform_is_not_drawn_for_it() -> None:
    bundle = Bundle("app.js", "")
    for seed in range(1, 100):
        base = scenario(HELD).with_bundle(bundle)
        drawn = drawn_surroundings(base, "app.js", Seeded(seed))
        for name in ("identity", "instance", "locks", "sdk", "timings_us"):
            assert getattr(drawn, name) == getattr(base, name)
        assert drawn.bus.kind == base.bus.kind


def without_lines(records: Sequence[Record]) -> list[Record]:
    return [
        msgspec.structs.replace(record, line=0) if isinstance(record, StepTaken) else record
        for record in records
    ]
