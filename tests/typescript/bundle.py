"""The TypeScript core as one script for the engine, by the esbuild of its package."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.project import ROOT

PACKAGE = ROOT / "typescript" / "oneroom-core"
DOOR = (ROOT / "harness" / "oneroom" / "javascript" / "core_door.ts").read_text()


def bundle(entry: str, package: Path = PACKAGE) -> str:
    """The TypeScript text `entry` with all that it imports, `oneroom-core` from `package`."""
    made = subprocess.run(
        [
            PACKAGE / "node_modules" / ".bin" / "esbuild",
            "--bundle",
            "--loader=ts",
            "--format=iife",
            "--target=es2022",
            "--log-level=warning",
            f"--alias:oneroom-core={package / 'src' / 'index.ts'}",
        ],
        input=entry,
        text=True,
        capture_output=True,
        check=True,
    )
    return made.stdout
