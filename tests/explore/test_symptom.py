"""Symptoms that a search looks for: how they are written, and what else is passed over."""

from __future__ import annotations

import msgspec
import pytest

from oneroom.checks.results import POLICY_RAISED
from oneroom.explore.fuzz import fuzz_once
from oneroom.explore.symptom import Symptom, parse_symptom
from tests.explore.texts import HELD, TWO_ROOMS, scenario


@pytest.mark.parametrize(
    ("text", "symptom"),
    [
        ("single_room", Symptom("single_room")),
        ("flaps >= 2", Symptom("flaps", "<= 1")),
        ("no_owner_ms>5000", Symptom("no_owner_ms", "<= 5000")),
        (" flaps <= 2 ", Symptom("flaps", ">= 3")),
        ("flaps < 2", Symptom("flaps", ">= 2")),
        ("own_check", Symptom("own_check")),
    ],
)
def test_a_symptom_is_a_check_or_a_value(text: str, symptom: Symptom) -> None:
    assert parse_symptom(text, ["own_check"]) == symptom


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("single_rom", "did you mean single_room"),
        ("flips >= 2", "did you mean flaps"),
        ("it is broken", "write a check, or"),
        ("flaps >= 0", "so in every run"),
        ("flaps < 0", "so in no run"),
        ("flaps == 2", "neither a check nor a value"),
    ],
)
def test_what_is_no_symptom_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_symptom(text)


def test_a_value_breaks_the_limit_of_the_drawn_scenario() -> None:
    base = scenario(HELD)
    symptom = parse_symptom("no_owner_ms >= 1")
    runs = [fuzz_once(base, "heartbeat", seed, symptom.expect) for seed in range(1, 31)]
    for one in runs:
        assert one.run.scenario.expect.limits["no_owner_ms"].bound == 0
        assert ("no_owner_ms" in one.result.unexpected) == (one.result.ledger["no_owner_ms"] > 0)
    assert any("no_owner_ms" in one.result.unexpected for one in runs)
    assert all(
        "no_owner_ms" not in fuzz_once(base, "heartbeat", seed).result.unexpected
        for seed in range(1, 31)
    )


def test_everything_else_is_passed_over_but_an_error_of_the_users_own() -> None:
    found = fuzz_once(scenario(TWO_ROOMS), "naive", 1).result
    assert "single_room" in found.unexpected
    assert len(found.unexpected) > 1
    assert Symptom("single_room").alone(found).unexpected == ("single_room",)
    assert Symptom("flaps", "<= 1").alone(found).unexpected == ()
    raised = msgspec.structs.replace(found, unexpected=(POLICY_RAISED, "single_room"))
    assert Symptom("flaps", "<= 1").alone(raised).unexpected == (POLICY_RAISED,)
