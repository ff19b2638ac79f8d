"""The scenarios that come with oneroom, by name.

`oneroom:stage1/main-crashes.yaml` names one of them wherever a path is taken, `oneroom:stage1` a
folder of them, `oneroom:` all.

Rules of this file: it maps names to files and back, and reads none. `oneroom:` always means the
catalogue; a file of the user's own that is called so is `./oneroom:…`.
"""

from __future__ import annotations

import os
from pathlib import Path

PREFIX = "oneroom:"

_PACKAGE = Path(__file__).resolve().parents[1]


def folder() -> Path:
    """The folder of the catalogue.

    Inside the package where a wheel was installed, else the folder `scenarios` at the top of a
    checkout.
    """
    installed = _PACKAGE / "scenarios"
    return installed if installed.is_dir() else _PACKAGE.parents[1] / "scenarios"


def is_name(path: Path | str) -> bool:
    """True if `path` begins with `oneroom:`."""
    return str(path).startswith(PREFIX)


def located(path: Path | str) -> Path:
    """The file or folder that `path` names, which need not exist.

    A path without `oneroom:` is returned as it is. `..` does not lead out of the catalogue.
    """
    if not is_name(path):
        return Path(path)
    inside = os.path.normpath(f"/{str(path).removeprefix(PREFIX)}").lstrip("/")
    return folder() / inside


def name_of(file: Path) -> str:
    """The name of a file or folder of the catalogue."""
    return f"{PREFIX}{file.relative_to(folder()).as_posix()}"
