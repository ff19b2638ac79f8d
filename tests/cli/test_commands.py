"""The other commands, help, and where defaults come from."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path

import jsonschema
import pytest
import yaml

from oneroom.cli import crash, main
from oneroom.cli.main import COMMANDS, module_of
from oneroom.scenario import catalogue
from tests.cli.conftest import Call
from tests.explore.texts import HELD


@pytest.mark.parametrize("name", COMMANDS)
def test_help_says_what_the_command_says_of_itself(call: Call, name: str) -> None:
    command = importlib.import_module(module_of(name)).command
    assert command.help.split("\n")[0] == COMMANDS[name]
    called = call(name, "--help")
    assert called.code == 0
    assert COMMANDS[name] in called.out


def test_help_lists_all_commands_and_exit_codes(call: Call) -> None:
    called = call("--help")
    assert called.code == 0
    for name in COMMANDS:
        assert f"\n  {name} " in called.out
    assert "130 interrupted" in called.out


def test_a_misspelt_command_is_guessed(call: Call) -> None:
    called = call("rnu")
    assert called.code == 2
    assert "There is no command 'rnu'. Did you mean 'run'?" in called.err


def test_lint_says_how_many_are_well(call: Call, folder: Path) -> None:
    assert call("lint") == (0, "2 scenarios, no problem\n", "")
    (folder / "scenarios" / "bad.yaml").write_text(
        HELD.replace("window: overlay", "window: overley"), encoding="utf-8"
    )
    called = call("lint")
    assert called.code == 2
    assert "scenarios/bad.yaml:7:" in called.out
    assert "did you mean `overlay`?" in called.out
    (folder / "empty").mkdir()
    assert call("lint", "empty").code == 5


def test_list_has_all_sections_or_those_asked_for(call: Call) -> None:
    everything = call("list")
    assert everything.code == 0
    words = " ".join(everything.out.split())
    for word in (
        "scenarios/held.yaml",
        "web-lock-lease recommended",
        "single_room ",
        "drop_network",
    ):
        assert word in words
    some = json.loads(call("list", "policies", "checks", "--json").out)
    assert list(some) == ["version", "policies", "checks"]
    assert {"name": "naive", "note": "", "text": "No election at all."} in some["policies"]
    assert call("list", "polices").code == 2


def test_list_needs_no_scenarios(call: Call, folder: Path) -> None:
    for path in (folder / "scenarios").iterdir():
        path.unlink()
    (folder / "scenarios").rmdir()
    called = call("list", "scenarios")
    assert called.code == 0
    assert re.fullmatch(
        r"scenarios\n  none here\n  \d+ come with oneroom: `oneroom list oneroom:`\n", called.out
    )


def test_list_of_a_path_is_of_the_scenarios_there(call: Call) -> None:
    found = json.loads(call("list", "scenarios/two.yaml", "--json").out)
    assert [entry["name"] for entry in found.pop("scenarios")] == ["scenarios/two.yaml"]
    assert found == {"version": 1}
    words = call("list", "policies", "oneroom:stage3").out
    assert words.startswith("scenarios\n  oneroom:stage3/")
    assert "\npolicies\n" in words
    missing = call("list", "oneroom:stage33")
    assert missing.code == 2
    assert missing.err.startswith("oneroom:stage33: no such scenario comes with oneroom\n")


def test_schema_is_printed_or_written_and_accepts_a_scenario(call: Call, folder: Path) -> None:
    printed = call("schema").out
    assert call("schema", "--write").code == 0
    written = (folder / "scenarios" / "schema.json").read_text(encoding="utf-8")
    assert written == printed
    jsonschema.validate(yaml.safe_load(HELD), json.loads(written))


def test_replay_without_failures_has_nothing_to_do(call: Call) -> None:
    called = call("replay")
    assert (called.code, called.out) == (5, "")


def test_replay_tells_all_stored_failures(call: Call, folder: Path) -> None:
    call("run", "--seed", "1", "--check-determinism", "0")
    called = call("replay")
    assert called.code == 1
    stored = sorted(path.stem for path in (folder / ".oneroom" / "failures").glob("*.json"))
    assert [line.split()[1] for line in called.out.splitlines()[: len(stored)]] == stored
    assert (
        called.out.splitlines()[-1]
        == f"{len(stored)} FAILED of {len(stored)} failures stored in .oneroom"
    )
    lines = [json.loads(line) for line in call("replay", "--json").out.splitlines()]
    assert {line["outcome"] for line in lines} == {"FAILED"}
    assert all(line["same_digest"] for line in lines)


def test_replay_of_what_is_not_stored_is_refused_with_a_guess(call: Call, folder: Path) -> None:
    assert "no failure is stored" in call("replay", "Xt9Kp2").err
    call("run", "--seed", "1", "--check-determinism", "0")
    stored = sorted(path.stem for path in (folder / ".oneroom" / "failures").glob("*.json"))
    called = call("replay", stored[0][:-1] + "z")
    assert called.code == 2
    assert f"did you mean {stored[0]}?" in called.err
    garbage = folder / "garbage.json"
    garbage.write_bytes(b"\x00\x01")
    assert call("replay", "garbage.json").code == 2
    assert call("replay", "nowhere.json").code == 2


def test_a_failure_file_can_be_sent_to_somebody_else(
    call: Call, folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    call("run", "--seed", "1", "--check-determinism", "0")
    stored = sorted((folder / ".oneroom" / "failures").glob("*.json"))[0]
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "theirs.json"
    elsewhere.write_bytes(stored.read_bytes())
    stored.unlink()
    (folder / "scenarios" / "two.yaml").unlink()
    called = call("replay", str(elsewhere))
    assert called.code == 1
    assert "same digest" in called.out
    assert "scenarios/two.yaml has changed since" in called.out


def test_a_replay_that_holds_is_fixed_and_its_file_is_kept(call: Call, folder: Path) -> None:
    call("run", "--seed", "1", "--check-determinism", "0")
    path = sorted((folder / ".oneroom" / "failures").glob("*.json"))[0]
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | {"check": "mute_is_sticky"}), encoding="utf-8")
    called = call("replay", path.stem)
    assert called.code == 0
    assert called.out.startswith(f"FIXED  {path.stem}")
    assert path.exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"check": "single_rooom"}, "there is no check `single_rooom` any more"),
        ({"policy": "naif"}, "policy 'naif' does not exist; did you mean naive?"),
        ({"text": ["scenario: a"]}, "its text is refused by this version"),
    ],
)
def test_a_failure_that_cannot_be_run_any_more_is_stale_and_never_fixed(
    call: Call, folder: Path, change: dict[str, object], why: str
) -> None:
    call("run", "scenarios/two.yaml", "--seed", "1", "--check-determinism", "0")
    path = sorted((folder / ".oneroom" / "failures").glob("*.json"))[0]
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(facts | change), encoding="utf-8")
    called = call("replay", path.stem)
    assert called.code == 3
    assert called.out.startswith(f"STALE  {path.stem}")
    assert why in called.out
    table = call("replay")
    assert f"STALE   {path.stem}" in table.out
    assert why in table.out
    assert json.loads(call("replay", path.stem, "--json").out)["refused"] == why


def test_a_failure_that_cannot_be_read_hides_no_other(call: Call, folder: Path) -> None:
    call("run", "scenarios/two.yaml", "--seed", "1", "--check-determinism", "0")
    failures = folder / ".oneroom" / "failures"
    good = sorted(failures.glob("*.json"))[0]
    for name, data in (
        ("cut", good.read_bytes()[:300]),
        ("empty", b""),
        ("other", b"[1, 2]"),
        ("new", b'{"format": 9}'),
    ):
        (failures / f"{name}.json").write_bytes(data)
    (failures / "folder.json").mkdir()
    called = call("replay")
    assert called.code == 1, "what still fails is never hidden"
    assert f"FAILED  {good.stem}" in called.out
    assert [
        line.partition(": ")[2].partition(" ")[0].partition(":")[0]
        for line in called.err.splitlines()
    ] == [
        str(Path(".oneroom", "failures", "cut.json")),
        str(Path(".oneroom", "failures", "empty.json")),
        "folder",
        str(Path(".oneroom", "failures", "new.json")),
        str(Path(".oneroom", "failures", "other.json")),
    ]
    for path in failures.glob("*.json"):
        if path.stem in ("cut", "empty", "other", "new"):
            continue
        path.rmdir() if path.is_dir() else path.unlink()
    assert call("replay").code == 2


def test_an_empty_folder_is_told_what_to_do_and_init_does_it(
    call: Call, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("empty"))
    for arguments in (("run",), ("lint",), ("fuzz",)):
        called = call(*arguments)
        assert called.code == 2
        assert (
            "scenarios: there is no such folder here\n"
            "  create it with a first scenario by `oneroom init`" in called.out + called.err
        )
    Path("scenarios").mkdir()
    for arguments in (("run",), ("lint",), ("fuzz",)):
        called = call(*arguments)
        assert (called.code, called.out) == (5, "")
        assert "`oneroom init` writes a first one" in called.err
    assert call("init").code == 0
    assert call("run", "--seeds", "2").code == 0
    assert call("run", "--seeds", "2", "--policy", "naive").code == 1
    schema = json.loads(Path("scenarios", "schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(
        yaml.safe_load(Path("scenarios", "first.yaml").read_text(encoding="utf-8")), schema
    )
    again = call("init")
    assert (again.code, again.err) == (
        2,
        "scenarios/first.yaml is there already; nothing was written.\n",
    )


def test_init_copies_the_scenarios_that_come_with_it_and_overwrites_none(
    call: Call, folder: Path
) -> None:
    copied = folder / "scenarios" / "stage1" / "main-crashes.yaml"
    copied.parent.mkdir()
    copied.write_text(HELD, encoding="utf-8")
    called = call("init", "--examples")
    assert called.code == 0
    assert re.match(r"\d{3} scenarios and scenarios/schema.json written\n", called.out)
    assert copied.read_text(encoding="utf-8") == HELD
    for path in (catalogue.folder() / "stage3").iterdir():
        assert (folder / "scenarios" / "stage3" / path.name).read_bytes() == path.read_bytes()
    assert call("lint").code == 0
    again = call("init", "--examples")
    assert (again.code, again.err) == (
        2,
        "scenarios/first.yaml and all examples are there already; nothing was written.\n",
    )


def test_the_scenarios_that_come_with_it_run_where_there_is_no_folder_of_them(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "elsewhere").mkdir()
    monkeypatch.chdir(folder / "elsewhere")
    name = "oneroom:stage1/main-crashes.yaml"
    once = ("--seed", "1", "--check-determinism", "0")
    failed = call("run", name, "--policy", "naive", *once)
    assert failed.code == 1
    assert f"\nx {name}:" in failed.out
    assert f"  {name}:" in call("replay").out
    held = json.loads(call("run", name, *once, "--json").out.splitlines()[0])
    assert held["repro"] == f"oneroom run {name} --policy web-lock-lease --seed 1"
    again = call(*held["repro"].split()[1:], "--json", "--check-determinism", "0")
    assert json.loads(again.out.splitlines()[0])["digest"] == held["digest"]
    assert call("fuzz", name, "--max-runs", "1", "--seed", "1").code == 0
    assert call("run", "oneroom:stage1/main-crashs.yaml").code == 2


def test_doctor_finds_this_machine_well(call: Call) -> None:
    called = call("doctor")
    assert called.code == 0, called.out
    assert "ok     determinism" in called.out
    assert "note   docker" in called.out


def test_doctor_names_what_is_broken(call: Call, folder: Path) -> None:
    (folder / "reports").touch()
    called = call("doctor")
    assert called.code == 6
    assert "wrong  reports/     is a file, not a folder" in called.out


def settled(call: Call, *arguments: str) -> list[int]:
    """The seeds that a run used."""
    called = call("run", "scenarios/held.yaml", "--json", *arguments)
    return [json.loads(line)["seed"] for line in called.out.splitlines()[:-1]]


def test_command_line_beats_variable_beats_file(
    call: Call, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(settled(call)) == 10
    (folder / "pyproject.toml").write_text(
        "[tool.oneroom.run]\nseeds = 4\ncheck-determinism = 0\n", encoding="utf-8"
    )
    assert settled(call) == [1, 2, 3, 4]
    (folder / "oneroom.toml").write_text('[run]\nseeds = "3..5"\n', encoding="utf-8")
    assert settled(call) == [3, 4, 5]
    monkeypatch.setenv("ONEROOM_RUN_SEEDS", "2")
    assert settled(call) == [1, 2]
    assert settled(call, "--seeds", "7..7") == [7]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[run]\nseedz = 4\n", "`run` has no option `seedz`; did you mean `seed"),
        ("[rum]\nseeds = 4\n", "there is no command [rum]"),
        ("seeds = 4\n", "`seeds` is in no command's table"),
        ("[run\n", "oneroom.toml: "),
        ('[run]\nseeds = "x"\n', "'x' is neither a number nor a range of seeds"),
        ("[run]\nseeds = [1, 2]\n", "`seeds` cannot be [1, 2]; write seeds = "),
        ("[run]\nseeds = true\n", "`seeds` cannot be True; write seeds = "),
        (
            "[run]\nseeds = 2026-01-01\n",
            "`seeds` cannot be datetime.date(2026, 1, 1); write seeds = ",
        ),
        ("[run]\nexit-first = 3\n", "`exit_first` is true or false, not 3"),
        ("[run]\npolicy = [1, true]\n", '`policy` cannot be [1, True]; write policy = ["a", "b"]'),
    ],
)
def test_a_misspelt_setting_is_an_error(call: Call, folder: Path, text: str, said: str) -> None:
    (folder / "oneroom.toml").write_text(text, encoding="utf-8")
    called = call("run")
    assert called.code == 2
    assert said in called.err


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("ONEROOM_RUN_SEDES", "`run` has no such option; did you mean ONEROOM_RUN_SEEDS?"),
        ("ONEROOM_RUN_AS_JSN", "`run` has no such option; did you mean ONEROOM_RUN_JSON?"),
        ("ONEROOM_RUN_HTML", "`run` has no such option; variables: ONEROOM_RUN_POLICY, "),
        ("ONEROOM_SEEDS", "no command reads ONEROOM_SEEDS; did you mean ONEROOM_RUN_SEEDS?"),
    ],
)
def test_a_misspelt_variable_is_an_error(
    call: Call, monkeypatch: pytest.MonkeyPatch, variable: str, said: str
) -> None:
    monkeypatch.setenv(variable, "3")
    called = call("run", "scenarios/held.yaml")
    assert called.code == 2
    assert f"{variable}" in called.err
    assert said in called.err
    assert call("list").code == 0, "what is meant for another command is its business"


def test_every_option_of_every_command_is_a_variable_by_its_own_name(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONEROOM_RUN_JSON", "1")
    monkeypatch.setenv("ONEROOM_RUN_CHECK_DETERMINISM", "0")
    monkeypatch.setenv("ONEROOM_RUN_POLICY", "naive,web-lock")
    monkeypatch.setenv("ONEROOM_RUN_SEEDS", "1")
    lines = [json.loads(line) for line in call("run", "scenarios/held.yaml").out.splitlines()]
    assert [line["policy"] for line in lines[:-1]] == ["naive", "web-lock"]
    monkeypatch.setenv("ONEROOM_LIST_JSON", "1")
    assert "web-lock" in json.loads(call("list", "policies").out)["policies"][4]["name"]


@pytest.mark.parametrize("policies", ['["naive", "web-lock"]', '"naive,web-lock"'])
def test_policies_can_be_a_list_in_the_file(call: Call, folder: Path, policies: str) -> None:
    (folder / "oneroom.toml").write_text(
        f"[run]\npolicy = {policies}\nseeds = 1\n", encoding="utf-8"
    )
    out = call("run", "scenarios/held.yaml", "--json").out
    assert [json.loads(line)["policy"] for line in out.splitlines()[:-1]] == ["naive", "web-lock"]


def test_an_error_of_our_own_is_told_without_a_traceback(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(*_parts: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr("oneroom.sim.run.settle", wrong)
    monkeypatch.setattr("sys.argv", ["oneroom", "run", "scenarios/held.yaml"])
    with pytest.raises(SystemExit) as exited:
        main.main()
    assert exited.value.code == crash.EXIT_CODE
    captured = capsys.readouterr()
    assert "Internal error: ZeroDivisionError: planted" in captured.err
    assert "in scenarios/held.yaml, policy web-lock-lease, seed 1" in captured.err
    assert "Traceback" not in captured.err
    assert captured.out.rstrip().split("\n")[-1].startswith("INTERNAL")
    (details,) = (folder / ".oneroom").glob("crash-*.txt")
    assert "ZeroDivisionError: planted" in details.read_text(encoding="utf-8")
    assert "Traceback" in details.read_text(encoding="utf-8")
