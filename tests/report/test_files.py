"""JSON lines, JUnit and the report folder, read back by those who read them."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree as Xml

import msgspec
import pytest

from oneroom.checks.results import Finding
from oneroom.report import failure_text, json_lines, junit
from oneroom.report.folder import Folder
from tests.report import junit_schema
from tests.report.examples import case, frozen_owner, group, result, summary

# The keys that the design promises; more may come, none may go.
RUN_KEYS = {
    *(
        "scenario",
        "policy",
        "bus",
        "sfu",
        "seed",
        "verdict",
        "digest",
        "records",
        "sim_ms",
        "wall_ms",
    ),
    *("violations", "ledger", "id", "repro"),
}


def test_a_run_is_one_line_with_the_promised_keys() -> None:
    line = json_lines.run_line(result(frozen_owner()[1]))
    assert "\n" not in line
    run = json.loads(line)
    assert run.keys() >= RUN_KEYS
    assert (run["version"], run["kind"]) == (1, "run")
    assert run["violations"] == [
        {
            "check": "single_room",
            "at_us": 7_104_000,
            "windows": ["main", "overlay"],
            "message": "main and overlay both hold a Room (1.9 s)",
            "record": 27,
            "mechanism": "",
        }
    ]
    assert run["ledger"] == {"no_owner_ms": 0, "two_rooms_ms": 1_900}


def test_the_summary_is_a_line_of_its_own_kind() -> None:
    said = json.loads(
        json_lines.summary_line(summary(), (group(shortfalls=("it never was",)),), "reports/latest")
    )
    assert (said["version"], said["kind"], said["exit_code"], said["failures"]) == (
        1,
        "summary",
        1,
        ["Xt9Kp2"],
    )
    assert said["shortfalls"] == [
        {
            "scenario": "scenarios/stage1/freeze.yaml",
            "policy": "web-lock",
            "message": "it never was",
        }
    ]


LIMIT = Finding("no_owner_ms", 5_204_000, (), "no_owner_ms is 1,204, expected <= 1,000", 7, 9)


def test_every_report_names_the_worst_seed_of_a_broken_limit() -> None:
    worst = msgspec.structs.replace(case(LIMIT), worst=1_904, worst_seed=17)
    one = msgspec.structs.replace(group(LIMIT), failures=(worst,))
    assert (
        "worst  no_owner_ms 1,904 in seed 17" in failure_text.render(worst, (), 100, None, "").block
    )
    said = json.loads(json_lines.summary_line(summary(), (one,), ""))
    assert said["limits"] == [
        {
            "scenario": one.scenario,
            "policy": one.policy,
            "ledger": "no_owner_ms",
            "broken_in": 29,
            "worst": 1_904,
            "seed": 17,
        }
    ]
    (facts,) = Xml.fromstring(junit.render([one], {})).iter("system-out")
    assert "worst_seed.no_owner_ms: 17" in (facts.text or "").split("\n")


def test_junit_has_a_case_for_each_scenario_with_seed_and_id() -> None:
    broken, held = group(frozen_owner()[1]), group(scenario="b.yaml", policy="naive", title="b")
    root = Xml.fromstring(
        junit.render([broken, held], {(broken.scenario, broken.policy): "the whole text"})
    )
    suites = {suite.get("name"): suite for suite in root}
    assert suites["oneroom web-lock"].get("failures") == "1"
    assert suites["oneroom naive"].get("failures") == "0"
    case = suites["oneroom web-lock"][0]
    assert case.get("classname") == "oneroom.web-lock"
    assert case.get("name") == f"{broken.scenario}: {broken.title} (seeds 1..100)"
    assert (case.get("file"), case.get("line")) == (broken.scenario, "14")
    facts = (case.findtext("system-out") or "").split("\n")
    assert {"seed: 7", "id: Xt9Kp2", "worst.no_owner_ms: 1204"} <= set(facts)
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("type") == "single_room"
    assert failure.text == "the whole text"
    assert suites["oneroom naive"][0].find("failure") is None


def test_junit_is_what_jenkins_and_gitlab_read() -> None:
    broken, held = group(frozen_owner()[1]), group(scenario="b.yaml", policy="naive")
    shard = group(scenario="b.yaml", policy="naive", seed_ranges="101..200")
    texts = {(held.scenario, held.policy): "differs"}
    whole = junit.render([broken, held, shard], texts, ("interrupted", "interrupted"))
    assert junit_schema.problems(whole) == []
    twice = junit.render([held, held], {})
    assert junit_schema.problems(twice) == [
        "2 cases ('oneroom.naive', 'b.yaml: main freezes past its lease (seeds 1..100)')"
    ]
    assert junit_schema.problems(whole.replace("system-out", "properties"))
    assert junit_schema.problems(whole.replace(' tests="2"', ' tests="3"', 1))


def test_junit_survives_what_xml_cannot_carry() -> None:
    root = Xml.fromstring(junit.render([group(shortfalls=("a \x00 b \x1b[31m \ud800 <&> é",))], {}))
    failure = next(root.iter("failure"))
    assert failure.get("message") == "a \ufffd b \ufffd[31m \ufffd <&> é"


def test_junit_of_a_suite_that_was_not_completed_is_not_green() -> None:
    one = group()
    differs = {(one.scenario, one.policy): "x a.yaml:1  differs from itself\nand how"}
    root = Xml.fromstring(junit.render([one], differs, ("interrupted; the rest", "worker\ndied")))
    by_suite = {suite.get("name"): suite for suite in root}
    assert {name: suite.get("errors") for name, suite in by_suite.items()} == {
        f"oneroom {one.policy}": "1",
        "oneroom": "2",
    }
    found = [(error.get("type"), error.get("message"), error.text) for error in root.iter("error")]
    assert found == [
        ("nondeterministic", "x a.yaml:1  differs from itself", differs[one.scenario, one.policy]),
        ("suite", "interrupted; the rest", "interrupted; the rest"),
        ("suite", "worker", "worker\ndied"),
    ]
    assert not list(Xml.fromstring(junit.render([one], {})).iter("error"))


def finish(folder: Folder, verdict: str = "held") -> None:
    document = junit.render([group()], {})
    folder.finish(summary(verdict=verdict), [group()], ["run"], document)


def test_very_many_runs_leave_a_file_that_can_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("oneroom.report.folder.MOST_EXPECTED", 3)
    monkeypatch.setattr("oneroom.report.folder.MOST_RUNS", 5)
    folder = Folder(tmp_path / "reports")
    broken = result(frozen_owner()[1])
    for one in (*[result()] * 9, *[broken] * 4):
        folder.result(one)
    finish(folder)
    path = tmp_path / "reports" / "latest" / "results.ndjson"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["expected"] for line in lines[:-1]] == [True] * 3 + [False] * 2
    assert lines[-1]["runs_left_out"] == 8


def test_a_folder_holds_what_the_run_left(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "reports")
    folder.result(result())
    folder.failure("Xt9Kp2", "text and timeline")
    finish(folder)
    latest = tmp_path / "reports" / "latest"
    lines = (latest / "results.ndjson").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["run", "summary"]
    assert (latest / "failures" / "Xt9Kp2.txt").read_text(encoding="utf-8") == "text and timeline\n"
    assert Xml.parse(latest / "junit.xml").getroot().tag == "testsuites"
    facts = json.loads((latest / "run.json").read_text(encoding="utf-8"))
    assert facts["argv"] == ["run"]
    assert facts["versions"]["simpy"] == "4.1.2"
    # A folder that nobody had made is kept out of version control, one that was there is left as it
    # is.
    assert (tmp_path / "reports" / ".gitignore").exists()


def test_a_folder_that_was_there_is_not_told_what_to_ignore(tmp_path: Path) -> None:
    finish(Folder(tmp_path))
    assert not (tmp_path / ".gitignore").exists()


def test_two_runs_of_one_second_do_not_meet_and_the_last_to_end_is_latest(tmp_path: Path) -> None:
    first, second = Folder(tmp_path), Folder(tmp_path)
    assert first.path != second.path
    first.result(result(seed=1))
    second.result(result(seed=2))
    finish(second)
    finish(first)
    assert (tmp_path / "latest").resolve() == first.path.resolve()
    assert '"seed":2' in (second.path / "results.ndjson").read_text(encoding="utf-8")
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".latest")], (
        "nothing is left over"
    )


def test_where_no_link_can_be_made_a_file_names_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, target: Path, target_is_directory: bool = False) -> None:
        raise OSError("symbolic link privilege not held")

    monkeypatch.setattr(Path, "symlink_to", refuse)
    folder = Folder(tmp_path)
    finish(folder)
    assert not (tmp_path / "latest").exists()
    assert (tmp_path / (tmp_path / "latest.txt").read_text(encoding="utf-8").strip()).samefile(
        folder.path
    )


def test_a_folder_called_latest_is_nobody_s_to_remove(tmp_path: Path) -> None:
    (tmp_path / "latest").mkdir()
    (tmp_path / "latest" / "mine.txt").touch()
    finish(Folder(tmp_path))
    assert (tmp_path / "latest" / "mine.txt").exists()
    assert (tmp_path / "latest.txt").exists()
