"""The JSON Schema: valid itself, at one with every good file, and refusing what the parser refuses
for its form.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from oneroom.explore.vocabulary import vocabulary as project_vocabulary
from oneroom.scenario import VERBS, Vocabulary, render_schema, schema
from oneroom.scenario.document import read_document
from oneroom.scenario.source import SourceText, read_source
from tests.project import SCENARIOS

SMALL = "scenario: a\nwhy: b\nwindows: {main: {kind: main, opens: 0s}}\n"


def data_of(source: SourceText) -> Any:
    root = read_document(source).root
    return None if root is None else root.data()


@pytest.fixture(scope="module", params=["bare", "with a vocabulary"])
def validator(request: pytest.FixtureRequest, vocabulary: Vocabulary) -> Validator:
    return Draft202012Validator(schema(None if request.param == "bare" else vocabulary))


def test_it_is_a_schema(vocabulary: Vocabulary) -> None:
    Draft202012Validator.check_schema(schema())
    Draft202012Validator.check_schema(schema(vocabulary))


def test_the_committed_schema_is_the_generated_one() -> None:
    committed = (SCENARIOS / "schema.json").read_text(encoding="utf-8")
    assert committed == render_schema(project_vocabulary()), "write it anew: oneroom schema --write"


@pytest.mark.parametrize("file", sorted(SCENARIOS.rglob("*.yaml")), ids=lambda file: file.stem)
def test_every_scenario_of_the_project_agrees(file: Path) -> None:
    errors = list(
        Draft202012Validator(schema(project_vocabulary())).iter_errors(data_of(read_source(file)))
    )
    assert errors == []


def test_a_file_with_every_key_agrees(good: str, validator: Validator) -> None:
    validator.validate(data_of(SourceText("good.yaml", good)))


BAD_FORMS = {
    "no reason": "scenario: a\nwindows: {main: {kind: main, opens: 0s}}\n",
    "no window": "scenario: a\nwhy: b\nwindows: {}\n",
    "an unknown key": SMALL + "frobnicate: 1\n",
    "a title that is a number": SMALL.replace("scenario: a", "scenario: 12"),
    "an empty reason": SMALL.replace("why: b", "why: ' '"),
    "null": SMALL + "lasts:\n",
    "a name that is none": SMALL.replace("{main:", "{2nd:"),
    "an unknown verb": SMALL + "steps: [{at: 1s, explode: {window: main}}]\n",
    "no verb": SMALL + "steps: [{at: 1s}]\n",
    "two verbs": SMALL + "steps: [{at: 1s, heal: {}, delete_room: {}}]\n",
    "no time": SMALL + "steps: [{crash: {window: main}, heal: {}}]\n",
    "a bare number": SMALL + "steps: [{at: 1, heal: {}}]\n",
    "a negative time": SMALL + "steps: [{at: -1s, heal: {}}]\n",
    "no argument": SMALL + "steps: [{at: 1s, crash: {}}]\n",
    "an argument too many": SMALL + "steps: [{at: 1s, heal: {window: main}}]\n",
    "a ratio above one": SMALL + "bus: {loss: 2}\n",
    "an unknown engine": SMALL + "engine: chrome\n",
    "a range for a duration": SMALL + "lasts: 1s..2s\n",
    "no list": SMALL + "expect: {violated: single_room}\n",
    "a strict limit": SMALL + "expect: {evictions: '< 3'}\n",
    "an empty list": SMALL + "policy: []\n",
}


@pytest.mark.parametrize("text", BAD_FORMS.values(), ids=BAD_FORMS)
def test_schema_and_parser_refuse_the_same_forms(
    text: str, validator: Validator, refusal: Callable[[str], str]
) -> None:
    assert refusal(text) != "(accepted)"
    assert not validator.is_valid(data_of(SourceText("bad.yaml", text)))


BAD_NAMES = {
    "policy": "policy: nave\n",
    "one of the policies": "policy: [naive, nave]\n",
    "check": "expect: {held: [single_rom]}\n",
    "ledger key": "expect: {two_room_ms: 0}\n",
    "safeguard": "without: [fence]\n",
    "timing": "timings: {beat: 1s}\n",
}


@pytest.mark.parametrize("text", BAD_NAMES.values(), ids=BAD_NAMES)
def test_a_vocabulary_makes_names_known_to_the_editor(text: str, vocabulary: Vocabulary) -> None:
    data = data_of(SourceText("bad.yaml", SMALL + text))
    assert Draft202012Validator(schema()).is_valid(data)
    assert not Draft202012Validator(schema(vocabulary)).is_valid(data)


def test_a_users_own_policy_agrees(validator: Validator) -> None:
    validator.validate(data_of(SourceText("good.yaml", SMALL + "policy: my.module:Policy\n")))


def test_every_verb_is_described(vocabulary: Vocabulary) -> None:
    text = render_schema(vocabulary)
    assert all(" ".join((verb.__doc__ or "").split()) in text for verb in VERBS.values())
    assert '"default": "5ms..40ms"' in text
    assert '"default": "6h"' in text
    assert '"title": "Bus"' not in text


def test_the_same_bytes_every_time(vocabulary: Vocabulary) -> None:
    assert render_schema(vocabulary) == render_schema(vocabulary)
