"""A run with one thing moved is another run, in both directions, and back."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest

from oneroom.cli.main import invoke
from tests.project import ROOT
from tests.ui.client import Client, served

LOST_MUTE = "scenarios/negative/a-mute-dies-with-its-owner.yaml"
NAME = {"scenario": LOST_MUTE, "policy": "web-lock-lease", "seed": 4}


def asked(client: Client, name: dict[str, Any], *changes: tuple[int, int]) -> dict[str, Any]:
    said = [{"record": record, "at_us": at_us} for record, at_us in changes]
    answer = client.post("/what-if", {"name": name, "changes": said})
    assert answer.status == 200, answer.text
    found: dict[str, Any] = answer.value
    return found


def record_with(run: dict[str, Any], words: str) -> int:
    """The first record that says these words."""
    texts = run["texts"]
    said = [texts[place] for place in run["records"]["words"]]
    return next(n for n, text in enumerate(said) if words in text)


def of_kind(run: dict[str, Any], kind: str) -> list[int]:
    """The records of that kind."""
    place = [one["name"] for one in run["kinds"]].index(kind)
    return [n for n, one in enumerate(run["records"]["kind"]) if one == place]


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    """A client of a server of the shipped scenarios."""
    monkeypatch.chdir(ROOT)
    with served(LOST_MUTE) as one:
        yield one


def test_a_crash_that_moves_mends_a_run_and_breaks_it_again(shipped: Client) -> None:
    first = asked(shipped, NAME)
    assert (first["was"], first["verdict"], first["changes"]) == ("violated", "violated", [])
    crash = record_with(first["run"], "crashes")
    at_us = list(accumulate(first["run"]["records"]["at"]))[crash]
    moved = asked(shipped, NAME, (crash, 9_000_000))
    assert (moved["was"], moved["verdict"], moved["broken"]) == ("violated", "held", [])
    assert moved["broke"] == first["broken"]
    (change,) = moved["changes"]
    assert "crash main" in change["text"]
    assert (change["from_us"], change["to_us"]) == (at_us, 9_000_000)
    assert moved["difference"]["was"] != moved["difference"]["now"]
    assert moved["run"]["repro"] == ""
    back = asked(shipped, NAME, (crash, 9_000_000), (moved["moved"], at_us))
    assert back["verdict"] == "violated"
    assert back["difference"] is None
    assert asked(shipped, NAME)["run"] == first["run"]


def test_a_message_is_moved_by_its_own_delay_and_no_further_than_its_bus_allows(
    shipped: Client,
) -> None:
    first = asked(shipped, NAME)
    run = first["run"]
    at_us = list(accumulate(run["records"]["at"]))
    for n in of_kind(run, "MessageDelivered"):
        posted = n - run["records"]["cause"][n]
        later = asked(shipped, NAME, (n, at_us[n] + 10_000_000))
        (change,) = later["changes"]
        assert change["from_us"] == at_us[n]
        # `delay: 1ms..200ms`, and 1 us after each that is already on its way
        assert at_us[n] < change["to_us"] <= at_us[posted] + 200_100
        earlier = later["run"]["records"]["kind"][: posted + 1]
        assert earlier == run["records"]["kind"][: posted + 1]


@pytest.mark.parametrize(
    ("seed", "snapshot", "at_us", "was", "now"),
    [(3, "t1.7", 6_001_000, "violated", "held"), (5, "t1.8", 6_190_000, "held", "violated")],
)
def test_the_snapshot_of_the_mute_decides(
    shipped: Client, seed: int, snapshot: str, at_us: int, was: str, now: str
) -> None:
    name = {**NAME, "seed": seed}
    run = asked(shipped, name)["run"]
    delivered = record_with(run, f"← snapshot {snapshot}")
    moved = asked(shipped, name, (delivered, at_us))
    assert [change["to_us"] for change in moved["changes"]] == [at_us]
    assert (moved["was"], moved["verdict"]) == (was, now)


def test_a_window_opens_at_another_time(shipped: Client) -> None:
    run = asked(shipped, NAME)["run"]
    opens = record_with(run, "opens")
    moved = asked(shipped, NAME, (opens, 1_500_000))
    assert [one["to_us"] for one in moved["changes"]] == [1_500_000]
    assert "opens: 1.5s" in str(moved["run"]["sources"][0])


def test_what_cannot_be_is_refused_in_a_sentence(shipped: Client) -> None:
    def error(name: object, changes: object = ()) -> str:
        answer = shipped.post("/what-if", {"name": name, "changes": changes})
        assert answer.status == 400
        said: str = answer.value["error"]
        return said

    run = asked(shipped, NAME)["run"]
    crash = record_with(run, "crash")
    assert "after" in error(NAME, [{"record": crash, "at_us": 5_000_000}])
    assert "no such record" in error(NAME, [{"record": 1 << 40, "at_us": 1}])
    assert "no such record" in error(NAME, [{"record": -1, "at_us": 1}])
    assert "no delay" in error(NAME, [{"record": of_kind(run, "TimerRan")[-1], "at_us": 1}])
    assert "neither" in error({"scenario": "../secret.yaml", "policy": "naive"})
    assert "neither" in error({"id": "../../secret"})
    assert "no policy" in error({**NAME, "policy": "os:system"})
    assert "seed" in error({**NAME, "seed": -1})
    assert "at most" in error(NAME, [{"record": 1, "at_us": 1}] * 201)
    bad: list[object] = [[], {"name": 1}, {"name": {}, "changes": [{"record": "x", "at_us": 1}]}]
    for request in bad:
        assert shipped.post("/what-if", request).status == 400


def test_a_stored_failure_is_played_from_its_tape(client: Client, folder: Path) -> None:
    assert client.get("/failures").value == []
    assert invoke(("run", "scenarios/two.yaml", "--seeds", "1", "--check-determinism", "0")) == 1
    (failure, *_) = client.get("/failures").value
    answer = asked(client, {"id": failure["id"]})
    assert answer["verdict"] == "violated"
    assert failure["check"] in answer["broken"]
    assert answer["run"]["repro"] == f"oneroom replay {failure['id']}"
    (folder / ".oneroom" / "failures" / "broken.json").write_text("{", encoding="utf-8")
    assert "broken" in [one["id"] for one in client.get("/failures").value if "error" in one]
    assert client.post("/what-if", {"name": {"id": "broken"}}).status == 400
    report = client.get(f"/?token={client.token}").text
    assert 'id="suite"' in report
    assert failure["id"] in report
