"""Apps that do what they must not: each is told in clear words, with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.javascript import runtime
from tests.cli.conftest import Call

SCENARIO = """\
scenario: two windows in a call
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
"""
CLICK = "oneroom.user({\n  connect() {\n    %s\n  },\n});\n"
FATAL = [
    ("oneroom.user({\n  connect() {\n    const = 1;", "SyntaxError: variable name", "main", 3),
    ("function start() {\n  null.x;\n}\nstart();", "TypeError: cannot read property", "main", 2),
]


@pytest.fixture
def shown(call: Call, folder: Path):
    """What is shown of the run of an app, as one line a blank between its words."""

    def show(source: str) -> tuple[int, str]:
        (folder / "one.yaml").write_text(SCENARIO, encoding="utf-8")
        (folder / "app.js").write_text(source, encoding="utf-8")
        called = call("show", "one.yaml", "--app", "app.js", "--seed", "1")
        return called.code, " ".join(called.out.replace("│", " ").split())

    return show


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Engines that allow little."""
    monkeypatch.setattr(runtime, "CALL_SECONDS", 0.2)
    monkeypatch.setattr(runtime, "MEMORY_BYTES", 8 << 20)
    monkeypatch.setattr(runtime, "SHARED_MEMORY_BYTES", 8 << 20)


@pytest.mark.parametrize(("source", "error", "window", "line"), FATAL)
def test_a_script_that_does_not_load_ends_the_run_red(shown, source, error, window, line):
    code, text = shown(source)
    assert code == 1
    assert f"the app failed at 0.000 s: {window}: {error}" in text
    assert f"(app.js:{line})" in text


def test_a_call_without_an_end_names_its_function(shown, little):
    code, text = shown("\nfunction wait() {\n  for (;;);\n}\n" + CLICK % "wait();")
    assert code == 1
    assert "main: ran for more than 0.2 s without an end in `wait` (app.js:2)" in text


def test_a_heap_without_an_end_names_its_limit(shown, little):
    hoard = "const all = []; for (;;) all.push(new Array(9999).fill(all.length));"
    code, text = shown(CLICK % hoard)
    assert code == 1
    assert "main: out of memory: more than 8 MB" in text
    assert "crashes" in text


# When a cycle is collected depends on all that its engine holds, and so on its other windows.
COLLECTED = """\
const seen = [];
const make = () => { const one = {}; one.self = one; seen.push(new WeakRef(one)); };
const gone = () => { console.log(seen.filter((one) => one.deref() === undefined).length); };
oneroom.user({
  connect() { for (let i = 0; i < 3000; i++) make(); setTimeout(gone, 1); },
});
for (let i = 0; i < 1000; i++) make();
"""


@pytest.mark.parametrize(
    "source",
    [COLLECTED, CLICK % "console.log(Object.prototype.count = (Object.prototype.count ?? 0) + 1);"],
)
def test_an_app_whose_runs_differ_is_told(call: Call, folder: Path, source: str) -> None:
    (folder / "one.yaml").write_text(
        SCENARIO + "  - {at: 3s, connect: {window: overlay, channel: lobby}}\n", encoding="utf-8"
    )
    (folder / "app.js").write_text(source, encoding="utf-8")
    called = call("run", "one.yaml", "--app", "app.js", "--seeds", "2", "-j", "1")
    assert called.code == 4, called.out
    assert "nondeterministic" in called.out
    assert "console.log" in called.out
