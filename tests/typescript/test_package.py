"""The package as npm publishes it: built, complete, and loaded by a plain Node."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from tests.project import ROOT
from tests.typescript.bundle import PACKAGE


def test_what_is_built_loads_in_node(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    tsc = PACKAGE / "node_modules" / ".bin" / "tsc"
    subprocess.run([tsc, "-p", PACKAGE / "tsconfig.build.json", "--outDir", built], check=True)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    script = (
        "import {Coordinator, WebLockLease, config} from './dist/index.js';"
        "import {Voice} from './dist/browser/index.js';"
        "const turn = new Coordinator(config('a'), WebLockLease).handle({type: 'Started'}, 0);"
        "console.log(turn.map((action) => action.type).join(), typeof Voice);"
    )
    said = subprocess.run(
        ["node", "--input-type=module", "--eval", script],
        cwd=tmp_path,
        text=True,
        capture_output=True,
        check=True,
    )
    assert said.stdout == "Post,RequestLock,Arm function\n"
    named = json.loads((PACKAGE / "package.json").read_text())["exports"]
    for entry in named.values():
        for file in entry.values():
            assert (tmp_path / file).is_file()


def test_it_has_no_dependency_and_the_projects_licence() -> None:
    package = json.loads((PACKAGE / "package.json").read_text())
    assert "dependencies" not in package
    assert (PACKAGE / "LICENSE").read_text() == (ROOT / "LICENSE").read_text()
