"""Modules of npm as a simulated window has them, by the names by which apps import them."""

from __future__ import annotations

import re
from pathlib import Path

_FOLDER = Path(__file__).parent

# The file that stands for each module; a bundler puts it in the place of the real one.
ALIASES = {
    "livekit-client": _FOLDER / "livekit-client" / "index.js",
    "oneroom": _FOLDER / "oneroom.js",
    "@tauri-apps/api/core": _FOLDER / "tauri" / "core.js",
    "@tauri-apps/api/event": _FOLDER / "tauri" / "event.js",
    "@tauri-apps/api/webviewWindow": _FOLDER / "tauri" / "window.js",
    "@tauri-apps/api/window": _FOLDER / "tauri" / "window.js",
    "electron": _FOLDER / "electron" / "index.js",
}
# Global names under which scripts without a bundler know a module.
GLOBALS = {
    "livekit-client": "LivekitClient",
    "oneroom": "oneroom",
    "@tauri-apps/api/core": "tauriCore",
    "@tauri-apps/api/event": "tauriEvent",
    "@tauri-apps/api/window": "tauriWindow",
    "electron": "electron",
}

# The forms of import and export that the files of modules have; each is a statement of its own.
_IMPORT = re.compile(r"^import (?P<names>\{[^}]*\}) from '\./(?P<file>[^']+)';", re.MULTILINE)
_PASSED_ON = re.compile(r"^export (?P<names>\*|\{[^}]*\}) from '\./(?P<file>[^']+)';", re.MULTILINE)
_EXPORT = re.compile(r"^export (?P<what>(?:async )?(?:const|class|function)) (?P<name>\w+)", re.M)


def script(name: str) -> str:
    """A module as one classic script, which defines its global."""
    entry = ALIASES[name]
    linked: dict[str, str] = {}
    _link(entry.parent, entry.name, linked)
    body = "\n".join(linked.values())
    return f"var {GLOBALS[name]} = (() => {{\n{body}\nreturn {_variable(entry.name)};\n}})();\n"


def _link(folder: Path, file: str, linked: dict[str, str]) -> None:
    """Add the file to `linked`, behind those that it imports: each is a scope of its own, whose
    value is an object of its exports.
    """
    text = (folder / file).read_text(encoding="utf-8")
    for pattern in (_IMPORT, _PASSED_ON):
        for found in pattern.finditer(text):
            if found["file"] not in linked:
                _link(folder, found["file"], linked)
    exports = [export["name"] for export in _EXPORT.finditer(text)]
    for found in _PASSED_ON.finditer(text):
        theirs = _variable(found["file"])
        names = re.findall(r"\w+", found["names"])
        exports += [f"{one}: {theirs}.{one}" for one in names] or [f"...{theirs}"]
    text = _IMPORT.sub(lambda found: f"const {found['names']} = {_variable(found['file'])};", text)
    text = _EXPORT.sub(r"\g<what> \g<name>", _PASSED_ON.sub("", text))
    value = f"return {{{', '.join(exports)}}};"
    linked[file] = f"const {_variable(file)} = (() => {{\n{text}\n{value}\n}})();"


def _variable(file: str) -> str:
    return f"module_{file.removesuffix('.js')}"
