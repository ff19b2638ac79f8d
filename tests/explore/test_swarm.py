"""Drawn scenarios: possible by construction, ordinary with ordinary draws, and everything takes
part in some run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec
import pytest

from oneroom.choices.labels import Label
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.explore.swarm import swarm, swarm_without_text
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import VERBS, Scenario, discover, load
from oneroom.sim.run import simulate
from oneroom.trace.records import Record, StepTaken
from tests.explore.texts import HELD, TWO_ROOMS, expecting, scenario
from tests.project import ROOT

SCENARIOS = [
    load(found.path, vocabulary()) for found in discover([ROOT / "scenarios"]) if not found.line
]
POLICY = "web-lock-lease"
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
    drawn = swarm(base, POLICY, Replay([]))
    assert str(drawn.windows["overlay"].opens) == "100ms", "the earliest"
    assert [step.name for step in drawn.steps] == [step.name for step in base.steps], (
        "and nothing to heal"
    )
    assert (drawn.bus, drawn.network, drawn.engine) == (base.bus, base.network, base.engine)


@pytest.mark.parametrize("base", SCENARIOS, ids=lambda one: Path(one.path).stem)
def test_every_drawn_scenario_is_accepted_by_the_linter(base: Scenario) -> None:
    for seed in range(1, 11):
        drawn = swarm(base, POLICY, Seeded(seed))  # raises ScenarioError for what is impossible
        assert [step.name for step in drawn.steps if step.name == "heal" or step.verb.breaks][
            -1:
        ] in ([], ["heal"])
        assert not any(step.at.is_draw for step in drawn.steps)


def test_every_verb_is_drawn_in_some_run_and_is_missing_in_some() -> None:
    in_runs = [
        names_drawn(scenario(text), seed) for text in (HELD, IN_COMPANY) for seed in range(1, 1_000)
    ]
    assert set.union(*in_runs) == {
        name for name, verb in VERBS.items() if verb.searched and not verb.chats
    }
    assert set.intersection(*in_runs) == set()


def test_a_chat_is_drawn_where_there_is_one() -> None:
    (base,) = [one for one in SCENARIOS if one.path.endswith("chat-pushes-are-lost.yaml")]
    in_runs = [names_drawn(base, seed) for seed in range(1, 1_000)]
    assert {name for name, verb in VERBS.items() if verb.chats} <= set.union(*in_runs)


def names_drawn(base: Scenario, seed: int) -> set[str]:
    return {step.name for step in swarm_without_text(base, POLICY, Seeded(seed)).steps}


def test_the_same_draws_make_the_same_text() -> None:
    choices = Seeded(7)
    drawn = swarm(scenario(HELD), POLICY, choices)
    again = swarm(scenario(HELD), POLICY, Replay(choices.tape))
    assert again.text == drawn.text
    assert {draw.label for draw in choices.tape} <= {
        label for label in Label if label.name.startswith("SWARM_")
    }


def test_a_known_bad_baseline_may_stay_bad_under_its_own_policy_alone() -> None:
    base = scenario(expecting(TWO_ROOMS, "violated: [single_room]", "two_rooms_ms: '>= 1'"))
    for policy, excused in (("naive", ["single_room"]), ("heartbeat", [])):
        drawn = swarm(base, policy, Replay([]))
        assert drawn.policies == (policy,)
        assert [claim.check for claim in drawn.expect.may_violate] == excused
        assert not drawn.expect.violated, "a drawn fault may keep it from happening"
        assert not drawn.expect.limits


def test_without_a_text_it_is_played_alike() -> None:
    base = scenario(HELD)
    for seed in range(1, 41):
        choices = [Seeded(seed), Seeded(seed)]
        drawn = [
            draw(base, POLICY, one)
            for draw, one in zip((swarm, swarm_without_text), choices, strict=True)
        ]
        traces = [
            simulate(one, POLICY, choice).trace for one, choice in zip(drawn, choices, strict=True)
        ]
        assert [trace.names for trace in traces[:1]] == [trace.names for trace in traces[1:]]
        assert without_lines(traces[0].records) == without_lines(traces[1].records)


def without_lines(records: Sequence[Record]) -> list[Record]:
    return [
        msgspec.structs.replace(record, line=0) if isinstance(record, StepTaken) else record
        for record in records
    ]
