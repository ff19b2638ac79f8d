"""Parts of a suite: shards and their merge, what failed last, tags, skips, profiles."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest

from oneroom.report.html.document import runs_of as pages_of
from tests.cli.conftest import Call
from tests.explore.texts import HELD
from tests.report import junit_schema

QUICK = ("--seeds", "4", "--check-determinism", "0", "-j", "1")


def runs_of(folder: Path) -> list[tuple[str, int, str]]:
    lines = (folder / "results.ndjson").read_text(encoding="utf-8").splitlines()
    runs = [json.loads(line) for line in lines]
    return [(run["scenario"], run["seed"], run["digest"]) for run in runs if run["kind"] == "run"]


def suite_of(page: str) -> dict[str, Any]:
    """The data of a page."""
    found = re.search(r'id="suite">([^<]*)<', page)
    assert found is not None
    data: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(found[1])))
    return data


def facts(folder: Path) -> dict[str, object]:
    """A report's outcome without what differs from call to call."""
    suite = json.loads((folder / "suite.json").read_text(encoding="utf-8"))
    groups = [
        {key: value for key, value in group.items() if key not in ("wall_ms", "failures")}
        for group in suite["groups"]
    ]
    summary = suite["summary"]
    return {"groups": groups, "exit": summary["exit_code"], "verdict": summary["verdict"]}


@pytest.fixture
def shards(call: Call, folder: Path) -> list[str]:
    """The reports of three shards."""
    for number in (1, 2, 3):
        call("run", *QUICK, "--shard", f"{number}/3", "--report-dir", f"r{number}")
    return [f"r{number}/latest" for number in (1, 2, 3)]


def test_merged_shards_are_the_whole_suite(call: Call, folder: Path, shards: list[str]) -> None:
    whole = call("run", *QUICK, "--report-dir", "whole")
    joined = call("merge", *reversed(shards), "--junit", "all.xml")
    assert joined.code == whole.code == 1
    assert "4 of 4 seeds" in joined.out
    latest = folder / "reports" / "latest"
    assert sorted(runs_of(latest)) == sorted(runs_of(folder / "whole" / "latest"))
    assert facts(latest) == facts(folder / "whole" / "latest")
    document = (latest / "junit.xml").read_text(encoding="utf-8")
    assert junit_schema.problems(document) == []
    assert (folder / "all.xml").read_text(encoding="utf-8") == document
    assert {path.suffix for path in (latest / "failures").iterdir()} == {".txt", ".json"}
    every = "".join(
        (folder / shard / "junit.xml").read_text(encoding="utf-8").partition("?>")[2]
        for shard in shards
    )
    names = [case.get("name") for case in Xml.fromstring(f"<all>{every}</all>").iter("testcase")]
    assert len(set(names)) == len(names), "CI systems keep one of those that are alike"


def test_the_page_of_merged_shards_has_their_cells_ledgers_and_failures(
    call: Call, folder: Path, shards: list[str]
) -> None:
    call("run", *QUICK, "--report-dir", "whole")
    call("merge", *shards)
    ours, whole = (
        (folder / name / "latest" / "index.html").read_text(encoding="utf-8")
        for name in ("reports", "whole")
    )
    assert pages_of(ours)
    assert {ids for key in pages_of(ours) for ids in key} >= {
        ids for key in pages_of(whole) for ids in key
    }
    told, expected = suite_of(ours), suite_of(whole)
    assert told["ledger"] == expected["ledger"]
    assert [row["path"] for row in told["rows"]] == [row["path"] for row in expected["rows"]]
    for mine, theirs in zip(told["cells"], expected["cells"], strict=True):
        for key in ("row", "policy", "verdict", "seeds", "unexpected", "ledger"):
            assert mine[key] == theirs[key]


def test_a_missing_shard_is_no_green_suite(call: Call, shards: list[str]) -> None:
    part = call("merge", shards[0], shards[2])
    assert part.code == 6
    assert "shard 2/3 is missing: its runs are not in this report" in part.err


def test_what_is_no_part_of_one_suite_is_refused(
    call: Call, folder: Path, shards: list[str]
) -> None:
    twice = call("merge", shards[0], shards[0])
    assert (twice.code, "has seed 1 twice" in twice.err) == (2, True)
    call("run", *QUICK, "--report-dir", "whole")
    mixed = call("merge", shards[0], "whole/latest")
    assert "a shard and a whole suite cannot be joined" in mixed.err
    call("run", *QUICK, "--shard", "2/3", "--run-times", "whole/latest", "--report-dir", "timed")
    other = call("merge", shards[0], "timed/latest")
    assert "the shards are of different plans" in other.err
    assert call("merge", "nowhere").code == 2
    (folder / "bad.json").write_text('{"version": 1, "plan": 3}', encoding="utf-8")
    assert "is not the outcome of a run" in call("merge", "bad.json").err
    (folder / "bad.json").write_text('{"version": 7}', encoding="utf-8")
    assert "is of version 7, this oneroom reads 1" in call("merge", "bad.json").err


@pytest.mark.parametrize("shard", ["3", "0/2", "3/2", "1/0", "1/1001", "a/b"])
def test_a_shard_is_counted_from_one(call: Call, shard: str) -> None:
    refused = call("run", "--shard", shard)
    assert refused.code == 2
    assert "'--shard'" in refused.err


def test_an_empty_shard_has_nothing_to_run(call: Call) -> None:
    one = ("run", "scenarios/held.yaml", "--seed", "1", "--check-determinism", "0")
    codes = sorted(call(*one, "--shard", f"{number}/3").code for number in (1, 2, 3))
    assert codes == [0, 5, 5]


def test_what_failed_last_is_run_again_alone(call: Call, folder: Path) -> None:
    first = call("run", "--last-failed")
    assert (first.code, "suite.json cannot be read" in first.err) == (2, True)
    call("run", *QUICK)
    again = call("run", "--last-failed", *QUICK, "--json")
    runs = [json.loads(line) for line in again.out.splitlines()[:-1]]
    assert {run["scenario"] for run in runs} == {"scenarios/two.yaml"}
    call("run", "scenarios/held.yaml", *QUICK)
    nothing = call("run", "--last-failed", *QUICK)
    assert (nothing.code, "nothing of it failed" in nothing.err) == (5, True)


def test_tags_select_and_invert(call: Call, folder: Path) -> None:
    (folder / "scenarios" / "slow.yaml").write_text(f"{HELD}tags: slow\n", encoding="utf-8")

    def chosen(*arguments: str) -> set[str]:
        out = call("run", "--json", "--seed", "1", "--check-determinism", "0", *arguments).out
        return {json.loads(line).get("scenario", "") for line in out.splitlines()} - {""}

    assert chosen("--grep", "@slow") == {"scenarios/slow.yaml"}
    assert chosen("-G", "@SLOW") == {"scenarios/held.yaml", "scenarios/two.yaml"}
    assert chosen("-g", "held", "-G", "@slow") == {"scenarios/held.yaml"}
    none = call("run", "-g", "held", "-G", "held")
    assert (none.code, "--grep held with --grep-invert held leaves no" in none.err) == (5, True)
    (folder / "scenarios" / "slow.yaml").write_text(f"{HELD}tags: [a b, a]\n", encoding="utf-8")
    assert "slow.yaml:9:8: `a b` is no tag" in call("lint").out


def test_a_skipped_scenario_is_told_with_its_reason(call: Call, folder: Path) -> None:
    path = folder / "scenarios" / "held.yaml"
    path.write_text(f"{HELD}skip: until the <server> answers\n", encoding="utf-8")
    called = call("run", *QUICK)
    assert "- scenarios/held.yaml:1  skipped: until the <server> answers\n" in called.out
    assert "1 of 1 scenario not as expected, 1 skipped; 4 runs" in called.out
    document = (folder / "reports" / "latest" / "junit.xml").read_text(encoding="utf-8")
    assert junit_schema.problems(document) == []
    (skipped,) = Xml.fromstring(document).iter("skipped")
    assert skipped.get("message") == "until the <server> answers"
    alone = call("run", "scenarios/held.yaml")
    assert (alone.code, "1 scenario to skip, and no other" in alone.err) == (5, True)
    assert call("fuzz", "scenarios/held.yaml", "--max-runs", "1").code == 5
    assert call("show", "scenarios/held.yaml").code == 0, "who asks for its timeline gets it"


def test_a_profile_has_options_of_run(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "oneroom.toml").write_text(
        "[run]\nseeds = 3\n[profiles.quick]\nseeds = '5..6'\ncheck-determinism = 0\n"
        "[profiles.bad]\nseed-s = 1\n",
        encoding="utf-8",
    )

    def seeds(*arguments: str) -> str:
        out = call("run", "scenarios/held.yaml", "--json", *arguments).out
        return str(json.loads(out.splitlines()[-1])["seeds"])

    assert seeds() == "1..3"
    assert seeds("--profile", "quick") == "5..6"
    assert seeds("--profile", "quick", "--seeds", "2") == "1..2"
    assert seeds("--seed", "9", "--profile", "quick") == "9"
    assert seeds("--profile", "ci", "--check-determinism", "0") == "1..100"
    monkeypatch.setenv("ONEROOM_RUN_SEEDS", "4")
    assert seeds("--profile", "quick") == "1..4", "a variable comes before a file"
    refused = call("run", "--profile", "qick")
    assert "there is no profile 'qick'; there are ci, nightly, quick, bad" in refused.err
    assert "`profiles.bad` has no option `seed_s`; did you mean `seeds`?" in (
        call("run", "--profile", "bad").err
    )
