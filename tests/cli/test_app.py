"""`--app`: an app's own JavaScript in the windows, from the command line to the stored failure."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import oneroom
from oneroom.cli.stored_failures import find
from oneroom.javascript import engine
from tests.cli.conftest import Call
from tests.project import ROOT

APP = ROOT / "harness" / "oneroom" / "javascript" / "voice.js"
SCENARIO = """\
scenario: the main window crashes in a call
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 4s, crash: {window: main}}
"""
QUICK = ("--seeds", "2", "-j", "1")


@pytest.fixture(autouse=True)
def app(folder: Path) -> Path:
    """A project with an app and a scenario."""
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    file = folder / "voice.js"
    file.write_bytes(APP.read_bytes())
    return file


def kept(folder: Path) -> list[Path]:
    """The stored failures of two Rooms; what else is broken by them is kept beside those."""
    files = (folder / ".oneroom" / "failures").glob("*.json")
    return [file for file in files if json.loads(file.read_text())["check"] == "single_room"]


def test_an_app_is_judged_and_its_failure_is_kept_with_the_app(call: Call, folder: Path) -> None:
    called = call("run", "one.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 1
    assert "single_room violated" in called.out
    assert "policy voice.js" in called.out
    assert "follower_never_connects" in called.out.partition("vacuous in every run")[2]
    (stored,) = kept(folder)
    facts = json.loads(stored.read_text(encoding="utf-8"))
    assert facts["policy"] == facts["bundle"]["path"] == "voice.js"
    assert facts["bundle"]["source"] == APP.read_text(encoding="utf-8")
    assert len(facts["bundle_sha256"]) == 64


def test_a_failure_is_replayed_from_the_app_that_failed(
    call: Call, folder: Path, app: Path
) -> None:
    call("run", "one.yaml", "--app", "voice.js", *QUICK)
    (stored,) = kept(folder)
    app.unlink()
    again = call("replay", stored.stem)
    assert again.code == 1
    assert "FAILED" in again.out
    assert "same digest" in again.out
    explained = call("explain", stored.stem)
    assert "not known: the app tells no roles" in explained.out
    shrunk = call("shrink", stored.stem)
    assert "single_room" in shrunk.out


def test_another_app_is_another_failure(call: Call, folder: Path, app: Path) -> None:
    call("run", "one.yaml", "--app", "voice.js", *QUICK)
    app.write_text(app.read_text(encoding="utf-8") + "\n// changed", encoding="utf-8")
    call("run", "one.yaml", "--app", "voice.js", *QUICK)
    assert len(kept(folder)) == 2


def test_a_search_draws_steps_around_an_app(call: Call, folder: Path) -> None:
    called = call("fuzz", "one.yaml", "--app", "voice.js", "--max-runs", "30", "--seed", "3")
    assert called.code == 1
    assert "single_room violated" in called.out
    (scenario,) = (folder / ".oneroom" / "failures").glob("*.yaml")
    assert call("replay", scenario.stem).code == 1
    # its file names the app, from where it lies
    assert scenario.read_text(encoding="utf-8").endswith('\napp: "../../voice.js"\n')
    again = call("run", str(scenario.relative_to(folder)), *QUICK)
    assert again.code == 1
    assert "policy voice.js" in again.out


def test_every_strategy_searches_around_an_app(call: Call, folder: Path) -> None:
    how = (
        "--app",
        "voice.js",
        "--max-runs",
        "8",
        "--seed",
        "3",
        "-j",
        "1",
        "--until",
        "prompts >= 99",
    )
    called = call("fuzz", "one.yaml", *how, "--strategy", "uniform,swarm,priority,coverage")
    assert called.code == 3
    for name in ("uniform", "swarm", "priority", "coverage"):
        assert f"{name}: 2 runs, 0 failing" in called.out
    assert list((folder / ".oneroom" / "corpus").glob("*/*.json"))


def test_processes_run_the_same_app(call: Call) -> None:
    alone = call("run", "one.yaml", "--app", "voice.js", "--seeds", "4", "-j", "1", "--json")
    beside = call("run", "one.yaml", "--app", "voice.js", "--seeds", "4", "-j", "2", "--json")
    digests = [
        [run["digest"] for run in map(json.loads, one.out.splitlines()) if "digest" in run]
        for one in (alone, beside)
    ]
    assert digests[0] == digests[1] != []


def test_an_app_that_differs_between_isolations_is_told(call: Call, app: Path) -> None:
    # all windows of an engine share the prototypes of built-in objects, those of processes do not
    app.write_text("console.log(Array.prototype.seen = (Array.prototype.seen ?? 0) + 1)")
    called = call("run", "one.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 4
    assert "console.log" in called.out


def test_an_app_that_does_not_load_is_an_error_of_its_own(call: Call, app: Path) -> None:
    app.write_text("console.log('loaded');\nnope()")
    called = call("run", "one.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 1
    assert "the app failed" in called.out
    assert "main: ReferenceError: nope is not defined (voice.js:2)" in called.out


def test_the_timeline_of_a_run_shows_the_console_and_the_errors(call: Call, app: Path) -> None:
    app.write_text("console.log('loaded');\nnope()")
    called = call("show", "one.yaml", "--app", "voice.js")
    assert "console.log: loaded" in called.out
    assert "ReferenceError: nope is not defined (voice.js:2)" in called.out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--app", "gone.js"), "gone.js cannot be read: No such file or directory"),
        (("--app", "one.yaml"), "one.yaml is neither JavaScript nor TypeScript"),
        (("--app", "voice.ts"), "npm install --save-dev esbuild"),
        (("--app", "voice.js", "--js", "node"), "--js node needs Node (node) on the path"),
        (("--app", "voice.js", "--policy", "naive"), "leave out --policy"),
        (("--app", "voice.js", "--sfu", "livekit"), "leave out --sfu"),
    ],
)
def test_what_cannot_be_run_is_refused(
    arguments: tuple[str, ...],
    why: str,
    call: Call,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (folder / "voice.ts").write_text("const a: number = 1", encoding="utf-8")
    monkeypatch.setattr(shutil, "which", lambda _: None)
    called = call("run", "one.yaml", *arguments)
    assert called.code == 2
    assert why in called.err


def test_without_the_engine_one_line_says_what_to_install(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "wheel", None)
    called = call("run", "one.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 2
    assert "pip install 'oneroom[js]'" in called.err


def test_scenarios_that_are_about_the_harness_itself_are_left_out(call: Call, folder: Path) -> None:
    (folder / "two.yaml").write_text(
        SCENARIO + "  - {at: 5s, send_chat: {window: overlay, text: hi}}\n"
    )
    called = call("run", "two.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 5
    assert "Left out: 1 of 1 scenarios, which are about the harness's own chat." in called.err


def test_a_scenario_names_its_app_from_its_own_file(call: Call, folder: Path, app: Path) -> None:
    (folder / "scenarios" / "own.yaml").write_text("app: ../src/own.js\n" + SCENARIO)
    (folder / "src").mkdir()
    app.rename(folder / "src" / "own.js")
    called = call("run", "scenarios/own.yaml", *QUICK)
    assert called.code == 1
    assert "single_room violated" in called.out
    assert "policy src/own.js" in called.out
    (stored,) = kept(folder)
    (folder / "src" / "own.js").unlink()
    assert "same digest" in call("replay", stored.stem).out
    assert call("shrink", stored.stem).code == 0
    for scenario in (folder / ".oneroom" / "failures").glob("*.yaml"):
        assert 'app: "../../src/own.js"' in scenario.read_text()  # as seen from there


def test_the_command_line_comes_before_the_file_and_that_before_the_settings(
    call: Call, folder: Path
) -> None:
    (folder / "own.js").write_text("console.log('own')")
    (folder / "other.js").write_text("console.log('other')")
    (folder / "own.yaml").write_text("app: own.js\n" + SCENARIO)
    (folder / "pyproject.toml").write_text('[tool.oneroom.run]\napp = "other.js"\n')
    quick = ("--check-determinism", "0", *QUICK)
    assert "  own.js  " in call("run", "own.yaml", *quick).out
    assert "  other.js  " in call("run", "one.yaml", *quick).out
    assert "  other.js  " in call("run", "own.yaml", "--app", "other.js", *quick).out
    assert "  naive  " in call("run", "own.yaml", "--policy", "naive", *quick).out


def test_what_is_wrong_with_an_app_of_a_file_has_its_place(call: Call, folder: Path) -> None:
    (folder / "bad.yaml").write_text(
        "app: gone.js\npolicy: naive\n"
        + SCENARIO
        + "  - {at: 5s, send_chat: {window: overlay, text: hi}}\n"
    )
    called = call("lint", "bad.yaml")
    assert called.code == 2
    assert "bad.yaml:1:6: there is no file `gone.js`" in called.out
    assert "bad.yaml:2:1: `policy` is about the owner machine" in called.out
    assert "bad.yaml:11:14: `send_chat` is about the owner machine" in called.out


DOES = SCENARIO + "  - {at: 5s, do: {window: overlay, action: raiseHand, arg: [1]}}\n"


def test_a_step_that_calls_an_app_needs_one(call: Call, folder: Path, app: Path) -> None:
    (folder / "does.yaml").write_text(DOES)
    called = call("run", "does.yaml", *QUICK)
    assert called.code == 2
    assert "does.yaml:9:1: `do` calls an action of an app, and none runs" in called.err
    assert "name it: `app: voice.ts` in this file, or --app voice.ts" in called.err
    app.write_text("oneroom.user({raiseHand: (all) => console.log('raised', all)})")
    shown = call("show", "does.yaml", "--app", "voice.js")
    assert "user: do raiseHand" in shown.out
    assert "raiseHand([1])" in shown.out
    assert "console.log: raised [1]" in shown.out


def test_the_python_api_runs_the_app_of_a_file(folder: Path) -> None:
    (folder / "own.yaml").write_text("app: voice.js\n" + SCENARIO)
    outcome = oneroom.run("own.yaml", seeds=1)
    assert not outcome.held
    assert outcome.groups[0].policy == "voice.js"


@pytest.mark.npm
def test_node_runs_an_app_as_the_engine_in_process_does(call: Call, folder: Path) -> None:
    digests = []
    for more in ((), ("--js", "node")):
        called = call("run", "one.yaml", "--app", "voice.js", *more, *QUICK, "--json")
        assert called.code == 1
        runs = map(json.loads, called.out.splitlines())
        digests.append([run["digest"] for run in runs if "digest" in run])
    assert len(digests[0]) == 2
    assert digests[0] == digests[1]
    (stored,) = kept(folder)
    facts = json.loads(stored.read_text(encoding="utf-8"))
    assert facts["bundle"]["engine"] == "node"
    # a file may be somebody else's, and Node's contexts shut nothing in
    engines = {
        name: bundle.engine
        for name in (stored.stem, str(stored))
        if (bundle := find(name).bundle) is not None
    }
    assert engines == {stored.stem: "node", str(stored): "quickjs"}
    assert "same digest" in call("replay", stored.stem).out


def test_a_handler_of_the_apps_server_is_found_in_the_present_folder(
    call: Call, folder: Path, app: Path
) -> None:
    app.write_text(
        "new WebSocket('wss://app.example/live').onmessage = ({data}) => { console.log(data); }"
    )
    server = folder / "my_live_server.py"
    server.write_text(
        "import oneroom\n\n\nclass Live(oneroom.SocketHandler):\n"
        "    def opened(self, socket):\n        raise RuntimeError('no seat')\n"
    )
    sockets = "app_server: {sockets: {/live: {handler: 'my_live_server:Live'}}}\n"
    (folder / "live.yaml").write_text(sockets + SCENARIO)
    called = call("run", "live.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 1
    assert "a handler of your own raised an exception" in called.out
    assert f"{server}:6: RuntimeError: no seat" in called.out
    (stored,) = (folder / ".oneroom" / "failures").glob("*.json")
    assert call("replay", stored.stem).code == 1
    (folder / "live.yaml").write_text(sockets.replace("Live'", "Life'") + SCENARIO)
    called = call("run", "live.yaml", "--app", "voice.js", *QUICK)
    assert called.code == 2
    assert "app_server.sockets of live.yaml: handler 'my_live_server:Life'" in called.err
