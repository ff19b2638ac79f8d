"""`oneroom explain`: a sentence for each violation, with what set it off and what shows it."""

from __future__ import annotations

import json
import re

from tests.cli.conftest import Call


def stored(call: Call) -> str:
    called = call("run", "scenarios/two.yaml", "--seed", "1", "--check-determinism", "0")
    assert called.code == 1
    found = re.search(r"oneroom replay (\w{6})", called.out)
    assert found is not None
    return found[1]


def test_every_violation_is_a_sentence_with_its_chain_of_causes(call: Call) -> None:
    name = stored(call)
    explained = call("explain", name)
    assert explained.code == 0
    text = " ".join(explained.out.split())
    told = next(line for line in text.split(name) if " single_room was violated at 3.0" in line)
    assert "both hold a Room" in told
    assert (
        "then opens its Room (t1), then user in main: connect lobby (line 10), and so opens its "
        "Room (t1)." in told
    )
    lines = [json.loads(line) for line in call("explain", name, "--json").out.splitlines()]
    assert [line["check"] for line in lines].count("single_room") == 1
    assert len(lines) == text.count(" was violated at ")
    assert all(line["sentence"].endswith(".") for line in lines)


def test_what_is_not_stored_cannot_be_explained(call: Call) -> None:
    called = call("explain", "Xt9Kp2")
    assert called.code == 2
    assert "there is no stored failure 'Xt9Kp2'" in called.err
