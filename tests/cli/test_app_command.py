"""`--app-command`: a program in any language in the windows, from the command line to the stored
failure.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from oneroom.explore.replay_token import decode, encode, replay_command
from oneroom.explore.store import read
from tests.cli.conftest import Call
from tests.javascript.test_program import LOOP
from tests.sim.test_app_windows import ALONE

SCENARIO = ALONE + "steps:\n  - {at: 1s, connect: {window: main, channel: lobby}}\n"


def test_the_command_line_starts_a_program(call: Call, folder: Path) -> None:
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    dies = 'def on(turn): return nope if turn["turn"] == "action" else []'
    (folder / "voice.py").write_text(LOOP.replace("#...", dies), encoding="utf-8")
    line = f"{sys.executable} voice.py"
    called = call("run", "one.yaml", "--app-command", line, "--seeds", "2", "-j", "1")
    assert called.code == 1
    assert "name 'nope' is not defined" in called.out
    (stored,) = (folder / ".oneroom" / "failures").glob("*.json")
    facts = json.loads(stored.read_text(encoding="utf-8"))
    assert facts["bundle"]["command"] == [sys.executable, "voice.py"]
    assert "same digest" in call("replay", stored.stem).out
    # by a file or a token somebody else's failure would start their program here
    kept = decode(encode(read(stored)))
    for elsewhere in (str(stored), encode(kept)):
        refused = call("replay", elsewhere)
        assert refused.code == 2
        assert "this failure would start the program" in refused.err
        assert f"--app-command '{line}' --seed" in refused.err
    assert replay_command(kept) == f"oneroom replay {stored.stem}"
    shown = call("show", "one.yaml", "--app-command", line)
    assert "name 'nope' is not defined" in shown.out


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--app-command", "no-such-program"), "no-such-program cannot be run"),
        (("--app-command", "perl 'voice"), "is no command: No closing quotation"),
        (("--app-command", "perl x", "--app", "x.js"), "name two apps"),
        (("--app-command", "perl x", "--policy", "naive"), "leave out --policy"),
        (("--app-command", "perl x", "--js", "node"), "--js is the engine of --app"),
        (("--app-command", "perl x", "--core", "ts"), "without --app-command"),
    ],
)
def test_what_cannot_be_run_is_refused(
    arguments: tuple[str, ...], why: str, call: Call, folder: Path
) -> None:
    (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
    called = call("run", "one.yaml", *arguments)
    assert called.code == 2
    assert why in called.err
