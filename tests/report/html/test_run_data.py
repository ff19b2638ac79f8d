"""The data of the failure page hold the run: every record, its cause, its words, what broke."""

from __future__ import annotations

import functools
import json
from itertools import accumulate
from typing import Any

import msgspec

from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.report.describe import Describer
from oneroom.report.html.run_data import run_data
from oneroom.scenario import load, parse

_FILE = "scenarios/stage1/windows-open-in-the-same-instant.yaml"


@functools.cache
def judged(policy: str = "naive") -> JudgedRun:
    return run_judged(load(_FILE, vocabulary()), policy, 1)


@functools.cache
def data(policy: str = "naive") -> dict[str, Any]:
    one = judged(policy)
    # Through JSON, as the page gets it.
    found: dict[str, Any] = json.loads(msgspec.json.encode(run_data(one.run, one.result)))
    return found


def test_every_record_is_there_with_its_time_and_cause() -> None:
    records, columns = judged().run.trace.records, data()["records"]
    assert list(accumulate(columns["at"])) == [record.at_us for record in records]
    causes = [n - back if back else -1 for n, back in enumerate(columns["cause"])]
    assert causes == [record.cause for record in records]


def test_every_sentence_is_that_of_the_timeline() -> None:
    describer, columns, texts = Describer(judged().run.trace), data()["records"], data()["texts"]
    for n, record in enumerate(judged().run.trace.records):
        lane = data()["lanes"][columns["lane"][n]][0]
        words = texts[columns["words"][n]]
        told = {-1: f"{lane} {words}", -2: f"{lane}: {words}"}
        said = columns["said"][n]
        assert (told[said] if said < 0 else texts[said]) == describer.sentence(record)


def test_spans_begin_and_end_with_records() -> None:
    spans, count = data()["spans"], len(judged().run.trace.records)
    begins = list(accumulate(spans["begin"]))
    assert begins
    for begin, length in zip(begins, spans["length"], strict=True):
        assert 0 <= begin < count
        assert length == -1 or 0 <= begin + length < count


def test_two_rooms_are_two_spans_at_once() -> None:
    spans, texts = data()["spans"], data()["texts"]
    held = [
        (lane, begin, begin + length)
        for lane, track, begin, length in zip(
            spans["lane"], spans["track"], accumulate(spans["begin"]), spans["length"], strict=True
        )
        if texts[track] == "room"
    ]
    finding = next(one for one in data()["findings"] if one["check"] == "single_room")
    lanes = {lane for lane, begin, end in held if begin <= finding["record"] <= end}
    assert {data()["lanes"][lane][0] for lane in lanes} == set(finding["windows"])


def test_what_broke_is_told_with_its_chain() -> None:
    finding = next(one for one in data()["findings"] if one["check"] == "single_room")
    assert finding["line"] == 11
    assert finding["record"] in finding["chain"]
    assert finding["links"][-1]["text"] == "widget opens its Room (t1)"


def test_a_run_that_held_has_its_course() -> None:
    held = data("web-lock-lease")
    assert held["findings"] == []
    assert any("opens its Room" in one["text"] for one in held["course"])
    assert data()["course"] == []


def test_names_of_any_characters_are_data() -> None:
    hostile = "</script><b>\u202e\U0001f600" + "long " * 2_000
    text = (
        f"scenario: '{hostile}'\nwhy: a hostile title\nwindows:\n"
        "  main: {kind: main, opens: 0s}\n"
        f"steps:\n  - {{at: 1s, connect: {{window: main, channel: '{hostile}'}}}}\n"
    )
    one = run_judged(parse(text, vocabulary(), "hostile.yaml"), "web-lock-lease", 1)
    found = json.loads(msgspec.json.encode(run_data(one.run, one.result)))
    assert found["title"].startswith("</script><b>")
    assert len(found["records"]["at"]) == len(one.run.trace.records)
    assert all(len(word) < 12_000 for word in found["texts"])
