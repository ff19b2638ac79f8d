"""Bundling: which files are run as they are, what esbuild is asked for, and the words without it.

Rules: `esbuild` here is a few lines of Python in the place of the real one, which needs npm; it
writes down how it was called.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from oneroom.javascript.app import app_of
from oneroom.javascript.bundler import NotBundled, bundled
from oneroom.javascript.script_error import Frame, ScriptError

ESBUILD = """\
#!{python}
import json, pathlib, sys
options = dict(one.split("=", 1) for one in sys.argv[2:] if "=" in one)
pathlib.Path({folder!r}, "called.json").write_text(json.dumps(sys.argv[1:]))
if "broken" in sys.argv[1]:
    sys.exit("broken.ts:1:0: ERROR: Expected identifier")
out = pathlib.Path(options["--outfile"])
out.write_text("// bundle\\nnull.x\\n")
out.with_suffix(".js.map").write_text(json.dumps({{
    "version": 3, "sources": [{source!r}], "mappings": ";AAEE"}}))
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with an esbuild of its own, in which the command is called."""
    monkeypatch.chdir(tmp_path)
    tool = tmp_path / "node_modules" / ".bin" / "esbuild"
    tool.parent.mkdir(parents=True)
    source = str(tmp_path / "src" / "voice.ts")
    tool.write_text(ESBUILD.format(python=sys.executable, folder=str(tmp_path), source=source))
    tool.chmod(0o755)
    (tmp_path / "src").mkdir()
    return tmp_path


def test_a_script_that_imports_nothing_is_run_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "voice.js"
    file.write_text("// imports nothing\nconst later = import('x');")
    made = bundled(file)
    assert (made.source, made.is_bundled) == (file.read_text(), False)


def test_a_module_is_bundled_by_the_esbuild_of_its_project(project: Path) -> None:
    (project / "src" / "voice.ts").write_text("import { Room } from 'livekit-client'")
    made = bundled(Path("src/voice.ts"))
    assert (made.path, made.source, made.is_bundled) == (
        "src/voice.ts",
        "// bundle\nnull.x\n",
        True,
    )
    called = json.loads((project / "called.json").read_text())
    assert called[0] == "src/voice.ts"
    assert any(one.startswith("--alias:livekit-client=") for one in called)
    assert any(one.startswith("--alias:oneroom=") for one in called)


def test_an_error_is_placed_in_the_users_file_as_it_is_seen_from_here(project: Path) -> None:
    (project / "src" / "voice.ts").write_text("import 'x'")
    app = app_of(bundled(Path("src/voice.ts")))
    error = ScriptError("TypeError", (Frame("f", app.file, 2, 1), Frame("", "oneroom/x.js", 1, 1)))
    assert app.located(error).stack == (Frame("f", "src/voice.ts", 3, 3),)


def test_what_esbuild_says_is_told(project: Path) -> None:
    (project / "broken.ts").write_text("import 'x'")
    with pytest.raises(NotBundled, match=r"could not bundle broken\.ts:\nbroken\.ts:1:0: ERROR"):
        bundled(Path("broken.ts"))


def test_without_esbuild_one_line_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    file = tmp_path / "voice.ts"
    file.write_text("const a: number = 1")
    with pytest.raises(NotBundled) as refused:
        bundled(file)
    assert "npm install --save-dev esbuild" in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("voice.py", "neither JavaScript nor TypeScript"),
        ("gone.ts", "No such file"),
        ("latin.js", "not UTF-8"),
    ],
)
def test_a_file_that_is_no_app_is_refused(name: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "voice.py").write_text("1")
    (tmp_path / "latin.js").write_bytes(b"'\xff'")
    with pytest.raises(NotBundled, match=why):
        bundled(tmp_path / name)


def test_equal_bundles_are_one_app(tmp_path: Path) -> None:
    file = tmp_path / "voice.js"
    file.write_text("1")
    assert app_of(bundled(file)) is app_of(bundled(file))
