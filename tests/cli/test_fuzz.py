"""`oneroom fuzz` and `oneroom shrink` from the outside: what is printed, kept, and returned to the
shell.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Call

DIFFERS = """\
import itertools

from oneroom.policies.naive import Naive

counted = itertools.count()


class Differs(Naive):
    name = "differs"

    def started(self, now_us):
        super().started(now_us)
        self.note(str(next(counted)))
"""


def test_a_found_failure_is_told_kept_and_replayed(call: Call, folder: Path) -> None:
    called = call("fuzz", "--policy", "heartbeat", "--max-runs", "500", "--seed", "1", "-j", "1")
    assert called.code == 1
    name = re.search(r"oneroom replay (\w{6})", called.out)
    assert name is not None
    assert "before shrinking" in called.out
    assert f"x .oneroom/failures/{name[1]}.yaml:" in called.out
    filed = folder / "reports" / "latest" / "failures"
    assert (filed / f"{name[1]}.txt").is_file()
    assert call("replay", str(filed / f"{name[1]}.json")).code == 1
    assert (filed / f"{name[1]}.yaml").is_file()
    again = call("replay", name[1])
    assert again.code == 1
    assert "same digest" in again.out
    assert "before shrinking" in again.out
    alone = call(
        "run", f".oneroom/failures/{name[1]}.yaml", "--seeds", "50", "--check-determinism", "0"
    )
    assert alone.code in (0, 1), "what was kept is a scenario like any other"
    smaller = call("shrink", name[1])
    assert smaller.code == 0
    assert "nothing smaller was left to try" in smaller.out


def test_a_printed_token_is_replayed_where_nothing_else_is(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = call("fuzz", "--policy", "heartbeat", "--max-runs", "500", "--seed", "1", "-j", "1")
    (repro,) = re.findall(r"^  repro  oneroom (replay or1-\S+)$", found.out, flags=re.MULTILINE)
    (digest,) = re.findall(r"same digest (\w+)", call(*repro.split()).out)
    elsewhere = tmp_path / "another" / "checkout"
    elsewhere.mkdir(parents=True)
    monkeypatch.chdir(elsewhere)
    again = call(*repro.split())
    assert again.code == 1
    assert f"same digest {digest}" in again.out
    assert "  stored oneroom replay" not in again.out, "nothing is stored here"
    assert list(elsewhere.iterdir()) == []
    for command in ("explain", "show", "shrink"):
        assert call(command, repro.split()[1]).code in (0, 1), command
    cut = call(*repro[:-9].split())
    assert cut.code == 2
    assert "the token was cut: its end is missing; copy all of it" in cut.err


def test_a_title_does_not_turn_the_line_that_shows_it(call: Call, folder: Path) -> None:
    path = folder / "scenarios" / "two.yaml"
    path.write_text(path.read_text().replace("scenario: ", "scenario: \u202e", 1))
    search = ("--policy", "heartbeat", "--max-runs", "500", "--seed", "1", "-j", "1")
    called = call("fuzz", "-g", "two", *search)
    assert called.code == 1
    assert "scenario: ·" in called.out
    assert "\u202e" not in called.out


def test_nothing_found_is_a_success_that_says_how_much_was_tried(call: Call) -> None:
    called = call("fuzz", "-g", "held", "--max-runs", "5", "--seed", "3", "-j", "1")
    assert called.code == 0
    (last,) = re.findall(r"^HELD .*$", called.out, flags=re.MULTILINE)
    assert last.startswith(
        "HELD  1 scenario; 5 runs: 5 held; at most 45 % fail (95 %); seeds 3..7;"
    )
    assert called.out.startswith("steps of all runs: ")
    assert "vacuous in every run: " in called.out
    again = call("fuzz", "-g", "held", "--max-runs", "5", "--seed", "3", "-j", "1", "--json")
    told = json.loads(again.out)
    assert told["drawn"]["connect"] > 0
    assert told["upper_bound"] == pytest.approx(1 - 0.05 ** (1 / 5))
    assert "chat_once" in told["vacuous"]


def test_json_has_a_line_a_failure_and_a_summary(call: Call) -> None:
    called = call(
        "fuzz",
        "--policy",
        "heartbeat,naive",
        "--max-runs",
        "60",
        "--seed",
        "1",
        "-j",
        "1",
        "--continue-on-failure",
        "--json",
    )
    lines = [json.loads(line) for line in called.out.splitlines()]
    assert [line["kind"] for line in lines] == ["run"] * (len(lines) - 1) + ["summary"]
    assert lines[-1]["failures"] == [line["id"] for line in lines[:-1]]
    assert len(lines) > 2, "distinct failures, not the first alone"
    assert (called.code, lines[-1]["runs"], lines[-1]["exit_code"]) == (1, 60, 1)


def test_time_ends_a_search(call: Call) -> None:
    called = call("fuzz", "-g", "held", "--max-time", "1ms", "--seed", "3", "-j", "1")
    assert (called.code, "1 run:" in called.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--max-time", "60"), 2, "write `60s` for seconds"),
        (("--policy", "hartbeat"), 2, "did you mean heartbeat?"),
        (("-g", "no such scenario"), 5, "Nothing selected"),
        (("nowhere",), 2, "there is no such file or folder"),
    ],
)
def test_bad_input_is_said_before_anything_runs(
    call: Call, arguments: tuple[str, ...], code: int, said: str
) -> None:
    called = call("fuzz", *arguments)
    assert called.code == code
    assert said in called.err


def test_a_failure_that_is_unknown_cannot_be_shrunk(call: Call) -> None:
    called = call("shrink", "Xt9Kp2")
    assert called.code == 2
    assert "there is no stored failure 'Xt9Kp2'" in called.err


def test_a_policy_that_does_not_repeat_itself_is_said_to_be_one(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "differs.py").write_text(DIFFERS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    search = ("fuzz", "scenarios/two.yaml", "--policy", "differs:Differs", "--seed", "1")
    called = call(*search, "--max-runs", "5", "-j", "1")
    assert called.code == 4
    assert "differs:Differs does not repeat itself under the same draws" in called.err
    assert "NONDETERMINISTIC" in called.out
    assert not (folder / ".oneroom").exists()


def test_a_failure_that_does_not_repeat_itself_is_not_shrunk(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "differs.py").write_text(DIFFERS, encoding="utf-8")
    monkeypatch.syspath_prepend(str(folder))
    called = call("run", "scenarios/two.yaml", "--policy", "differs:Differs", "--seed", "1")
    assert called.code == 4
    (stored, *_) = sorted((folder / ".oneroom" / "failures").glob("*.json"))
    assert call("explain", stored.stem).code == 0
    shrunk = call("shrink", stored.stem, "--max-runs", "5")
    assert shrunk.code == 4
    assert f"{stored.stem}: differs:Differs does not repeat itself" in shrunk.err


def test_a_search_stops_at_its_symptom_alone(call: Call) -> None:
    options = ["--policy", "heartbeat", "--max-runs", "200", "--seed", "1", "-j", "1"]
    called = call("fuzz", "scenarios/held.yaml", *options, "--until", "flaps >= 2")
    assert called.code == 1
    heads = [line for line in called.out.splitlines() if line.startswith("x .oneroom")]
    assert len(heads) == 1
    assert "flaps violated" in heads[0]
    assert "expected <= 1" in heads[0]
    name = re.search(r"oneroom replay (\w{6})", called.out)
    assert name is not None
    assert call("replay", name[1]).code == 1, "what was kept shows it again"


def test_a_symptom_that_does_not_show_is_no_failure(call: Call) -> None:
    options = ["--max-runs", "5", "--seed", "1", "-j", "1", "--until", "single_room"]
    called = call("fuzz", "scenarios/held.yaml", *options)
    assert called.code == 3
    assert "the symptom did not show" in called.err
    assert not Path(".oneroom").exists()


def test_a_symptom_that_is_none_is_refused(call: Call) -> None:
    called = call("fuzz", "scenarios/held.yaml", "--until", "single_rom")
    assert called.code == 2
    assert "did you mean single_room" in called.err
    called = call("fuzz", "--until", "single_room", "--continue-on-failure")
    assert called.code == 2
    assert "leave out --continue-on-failure" in called.err


def test_strategies_are_told_at_the_end_and_bad_names_refused(call: Call, folder: Path) -> None:
    how = ("fuzz", "scenarios/held.yaml", "--max-runs", "8", "--seed", "1", "-j", "1")
    called = call(*how, "--strategy", "coverage,swarm")
    assert called.code == 0
    assert "swarm: 4 runs, 0 failing" in called.out
    assert "transitions covered" in called.out
    (bad,) = list((folder / ".oneroom" / "corpus").iterdir())
    (bad / "0.json").write_text("no")
    again = call(*how, "--strategy", "coverage,swarm")
    assert again.code == 0
    assert "0.json: no tape of a search, and so not replayed" in again.err
    refused = call(*how, "--strategy", "swam")
    assert refused.code == 2
    assert "'swam' is no strategy; did you mean swarm?" in refused.err
