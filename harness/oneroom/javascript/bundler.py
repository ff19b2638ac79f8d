"""An app's file as one script: bundled by the esbuild of the user's own project, or as it is.

Rules: a `.js` that imports nothing is run as it is, so that Python alone is enough for it. Every
other file is bundled as its project bundles it (tsconfig.json, package.json); modules that a
simulated window has take the place of the real ones.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec

from oneroom.javascript.modules import ALIASES
from oneroom.scenario.bundle import Bundle

# A statement that only a module may have, or a call of CommonJS.
_IMPORTS = re.compile(r"^\s*(?:import|export)\b(?!\s*\()|\brequire\s*\(", re.MULTILINE)
_SCRIPTS = (".js", ".cjs", ".mjs")
_SUFFIXES = (*_SCRIPTS, ".jsx", ".ts", ".cts", ".mts", ".tsx")
_SECONDS = 120
_OPTIONS = (
    "--bundle",
    "--format=iife",
    "--platform=browser",
    "--target=es2022",
    "--charset=ascii",
    "--sourcemap=external",
    "--sources-content=false",
    "--log-level=warning",
    "--color=false",
    "--define:global=globalThis",  # as webpack does
    '--define:import.meta.env={"MODE":"test","DEV":true,"PROD":false}',
)
_CORE_NAME = "oneroom-core"
_CORE = ("typescript/oneroom-core/src/index.ts", "node_modules/oneroom-core/dist/index.js")
_DOOR = Path(__file__).parent / "core_door.ts"
_INSTALL = "npm install --save-dev esbuild"


class NotBundled(Exception):
    """An app's file that cannot be run; its text is one message for the user."""


def bundled(path: Path) -> Bundle:
    """The app at `path`, ready to run. Raises NotBundled."""
    if path.suffix not in _SUFFIXES:
        raise NotBundled(f"{path} is neither JavaScript nor TypeScript ({', '.join(_SUFFIXES)})")
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise NotBundled(f"{path} cannot be read: {why}") from error
    if path.suffix in _SCRIPTS and not _IMPORTS.search(text):
        return Bundle(path.as_posix(), text)
    esbuild = find_esbuild(path)
    if esbuild is None:
        raise NotBundled(
            f"{path} has to be bundled, and there is no esbuild in its project nor on the path: "
            f"{_INSTALL}, or name a bundle that is one script (.js)"
        )
    return _bundle(esbuild, path, ALIASES)


def bundled_core(folder: Path) -> Bundle:
    """The package `oneroom-core` behind its door (`core_door.ts`): its source in a checkout of this
    project, or as npm has installed it for `folder`. Raises NotBundled.
    """
    for above in (folder.resolve(), *folder.resolve().parents):
        for package in (above / name for name in _CORE):
            esbuild = find_esbuild(package) if package.exists() else None
            if esbuild is not None:
                return _bundle(esbuild, _DOOR, {_CORE_NAME: package})
    raise NotBundled(f"there is no {_CORE_NAME} with an esbuild here: {_INSTALL} {_CORE_NAME}")


def find_esbuild(path: Path) -> Path | None:
    """The esbuild of the project that `path` is in, or else that on the path; None for neither."""
    name = "esbuild.cmd" if os.name == "nt" else "esbuild"
    for folder in path.resolve().parents:
        found = folder / "node_modules" / ".bin" / name
        if found.exists():
            return found
    on_path = shutil.which("esbuild")
    return None if on_path is None else Path(on_path)


def _bundle(esbuild: Path, path: Path, modules: Mapping[str, Path]) -> Bundle:
    aliases = (f"--alias:{name}={file}" for name, file in modules.items())
    with tempfile.TemporaryDirectory() as folder:
        outfile = Path(folder).resolve() / "app.js"
        command = [str(esbuild), str(path), *_OPTIONS, *aliases, f"--outfile={outfile}"]
        try:
            made = subprocess.run(
                command, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotBundled(f"{esbuild} could not bundle {path}: {error}") from error
        if made.returncode != 0:
            raise NotBundled(f"esbuild could not bundle {path}:\n{made.stderr.strip()}")
        source = outfile.read_text(encoding="utf-8")
        source_map = _from_here(outfile.with_suffix(".js.map"), outfile.parent)
    return Bundle(path.as_posix(), source, source_map, is_bundled=True)


def _from_here(file: Path, folder: Path) -> str:
    """The source map with the paths of its sources as seen from the present folder."""
    mapped = msgspec.json.decode(file.read_bytes(), type=dict[str, object])
    sources = mapped["sources"]
    assert isinstance(sources, list), "esbuild's own file"
    mapped["sources"] = list(_shown(sources, folder))
    return msgspec.json.encode(mapped).decode()


def _shown(sources: list[str], folder: Path) -> Iterator[str]:
    here = Path.cwd().resolve()
    for source in sources:
        file = (folder / source).resolve()
        yield Path(os.path.relpath(file, here)).as_posix()
