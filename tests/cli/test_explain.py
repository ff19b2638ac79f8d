"""`oneroom explain`, and `oneroom shrink` where it is interrupted."""

from __future__ import annotations

import json
import re

import pytest

from oneroom.explore.shrink import Shrinker
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
    parts = explained.out.split("\n\n")
    [told] = [part for part in parts if "single_room violated at 3.0" in part]
    assert "both hold a Room" in told
    chain = re.findall(r"^ +(\d+) +[\d.]+ s  (.*)$", told, flags=re.MULTILINE)
    assert chain[-3][1] == "user in main: connect lobby (line 10)"
    assert re.fullmatch(
        rf"main opens its Room \(t1\): follows from {chain[-2][0]}, [\d.]+ ms later", chain[-1][1]
    )
    assert all("follows from" not in text for _, text in chain if text.startswith("user in "))
    for about in ("owner", "faults", "main", "overlay", "bus", "SFU"):
        assert re.search(rf"^    {about} ", told, flags=re.MULTILINE), about


def test_every_violation_is_a_line_of_json(call: Call) -> None:
    name = stored(call)
    lines = [json.loads(line) for line in call("explain", name, "--json").out.splitlines()]
    assert [line["check"] for line in lines].count("single_room") == 1
    assert len(lines) == call("explain", name).out.count(" violated at ")
    [line] = [line for line in lines if line["check"] == "single_room"]
    assert line["sentence"].endswith(".")
    *_, click, applied, opening = line["chain"]
    assert click["text"] == "user in main: connect lobby"
    assert click["follows"] == -1
    assert line["chain"][applied["follows"]] == click
    assert line["chain"][opening["follows"]] == applied
    when = f"{opening['at_us'] // 1_000 / 1_000:.3f} s"
    assert f"; so at {when} main opens its Room (t1)." in line["sentence"]
    when = f"{click['at_us'] // 1_000 / 1_000:.3f} s"
    assert f"; at {when} user in main" in line["sentence"], "a click follows from nothing"


def test_what_is_not_stored_cannot_be_explained(call: Call) -> None:
    called = call("explain", "Xt9Kp2")
    assert called.code == 2
    assert "there is no stored failure 'Xt9Kp2'" in called.err


def test_an_interrupted_shrink_says_so_and_keeps_what_it_has(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Shrinker) -> None:
        raise KeyboardInterrupt

    name = stored(call)
    monkeypatch.setattr(Shrinker, "run", interrupted)
    called = call("shrink", name)
    assert called.code == 130
    assert "single_room violated" in called.out
    assert called.err == "interrupted; the smallest run found so far is kept\n"
