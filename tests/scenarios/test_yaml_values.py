"""The traps of YAML 1.1 do not bite: what a plain scalar means, and that text stays text."""

from __future__ import annotations

import math

import pytest
import yaml

from oneroom.scenario import Vocabulary, document, parse
from oneroom.scenario.document import MappingNode, ScalarNode, SequenceNode, read_document, resolve
from oneroom.scenario.source import SourceText

TEXT = [
    "on",
    "off",
    "yes",
    "no",
    "y",
    "n",
    "On",
    "NO",
    "12:30",
    "1:2:3",
    "2024-05-01",
    "2001-12-14t21:59:43.10-05:00",
]
TEXT += [
    "<<",
    "=",
    "0x1f",
    "0o17",
    "0b1",
    "1_000",
    "tRUE",
    ".inf",
    ".nan",
    "1e",
    "e3",
    "+",
    ".",
    "1.2.3",
    "\uff11",
]
NUMBERS = {
    "012": 12,
    "0": 0,
    "-0": 0,
    "+7": 7,
    "3": 3,
    "1e3": 1000.0,
    "1.5": 1.5,
    ".5": 0.5,
    "5.": 5.0,
    "-1.5E-1": -0.15,
}


@pytest.mark.parametrize("raw", TEXT)
def test_text(raw: str) -> None:
    assert resolve(raw) == raw


@pytest.mark.parametrize(("raw", "number"), NUMBERS.items())
def test_number(raw: str, number: float) -> None:
    value = resolve(raw)
    assert value == number
    assert type(value) is type(number)


@pytest.mark.parametrize(
    ("raw", "value"), [("true", True), ("FALSE", False), ("null", None), ("~", None), ("", None)]
)
def test_constant(raw: str, value: object) -> None:
    assert resolve(raw) is value


def test_huge_number_is_no_surprise() -> None:
    assert resolve("9" * 5_000) == "9" * 5_000
    assert resolve("1e999") == math.inf


@pytest.mark.parametrize(
    "text", ["no", "on", "12:30", "2024-05-01", "'012'", '"null"', "0x1f", "~x", "<<"]
)
def test_trap_as_a_channel(text: str, vocabulary: Vocabulary) -> None:
    head = "scenario: a\nwhy: b\nwindows: {main: {kind: main, opens: 0s}}\nsteps:\n"
    scenario = parse(
        f"{head}  - {{at: 1s, connect: {{window: main, channel: {text}}}}}\n", vocabulary
    )
    assert scenario.steps[0].verb.model_dump()["channel"] == text.strip("'\"")


def test_trap_as_a_window(vocabulary: Vocabulary) -> None:
    text = (
        "scenario: a\nwhy: b\nwindows: {no: {kind: main, opens: 0s}, y: {kind: overlay, opens: "
        "0s}}\nsteps:\n"
    )
    scenario = parse(text + "  - {at: 1s, focus: {window: no}}\n", vocabulary)
    assert list(scenario.windows) == ["no", "y"]


TREE = "a: [1, {b: 'x'}]\nc:\n  d: |\n    text\n"


@pytest.mark.parametrize("loader", [yaml.SafeLoader, getattr(yaml, "CSafeLoader", yaml.SafeLoader)])
def test_tree_and_places_are_the_same_with_both_parsers(
    loader: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "_LOADER", loader)
    root = read_document(SourceText("x", TREE)).root
    assert isinstance(root, MappingNode)
    assert root.data() == {"a": [1, {"b": "x"}], "c": {"d": "text\n"}}
    listing, inner = root.entries["a"].value, root.entries["c"].value
    assert isinstance(listing, SequenceNode)
    assert isinstance(inner, MappingNode)
    assert [item.place for item in listing.items] == [(1, 5), (1, 8)]
    assert (root.entries["c"].key.place, inner.entries["d"].key.place) == ((2, 1), (3, 3))
    quoted = listing.items[1]
    assert isinstance(quoted, MappingNode)
    assert isinstance(quoted.entries["b"].value, ScalarNode)
    assert (quoted.entries["b"].value.place, quoted.entries["b"].value.width) == ((1, 12), 3)
