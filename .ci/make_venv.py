"""Makes a virtual environment from an exact lock, or leaves one alone that is made already.

Rules: standard library only, because it runs before anything is installed. The stamp in the
environment is written last and names what it was made from, so an interrupted set-up is not taken
for a finished one. A lock on a file beside the environment makes a second `make` wait for the first
instead of installing into the same folder; the operating system drops it when its holder dies.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import subprocess
import sys
import venv
from pathlib import Path

STAMP = ".made-from"


def fingerprint(sources: list[Path]) -> str:
    """What an environment of this interpreter and these files is known by."""
    digest = hashlib.sha256(f"{sys.executable} {sys.version}\n".encode())
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()


def build(folder: Path, requirements: Path, project: Path | None) -> None:
    """Create or repair `folder`, install the lock, then `project` in place (its own needs are in
    the lock).
    """
    interpreter = folder / "bin" / "python"
    if not runs(interpreter):
        venv.create(folder, clear=True, with_pip=True)
    pip = [str(interpreter), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    subprocess.run([*pip, "--requirement", str(requirements)], check=True)
    if project is not None:
        subprocess.run(
            [*pip, "--no-deps", "--no-build-isolation", "--editable", str(project)], check=True
        )


def runs(interpreter: Path) -> bool:
    """Whether the environment's Python starts, has pip, and is of the version that makes it now."""
    probe = "import pip, sys; print(*sys.version_info[:2])"
    try:
        answer = subprocess.run(
            [str(interpreter), "-c", probe], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return answer.stdout.split() == [str(part) for part in sys.version_info[:2]]


def main() -> int:
    parser = argparse.ArgumentParser(description="Make a virtual environment from an exact lock.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("requirements", type=Path)
    parser.add_argument(
        "--project", type=Path, help="folder of a pyproject.toml to install in place"
    )
    options = parser.parse_args()
    folder: Path = options.folder
    project: Path | None = options.project
    sources = (
        [options.requirements]
        if project is None
        else [options.requirements, project / "pyproject.toml"]
    )
    wanted = fingerprint(sources)
    stamp = folder / STAMP
    with (folder.parent / f"{folder.name}.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text() == wanted:
            # Somebody else was faster, or only a file's date has changed.
            stamp.touch()
            return 0
        version = ".".join(str(part) for part in sys.version_info[:3])
        print(
            f"set up {folder} from {options.requirements} with Python {version} (once)", flush=True
        )
        stamp.unlink(missing_ok=True)
        try:
            build(folder, options.requirements, project)
        except subprocess.CalledProcessError as failure:
            print(f"set-up failed: {' '.join(failure.cmd)}", file=sys.stderr)
            return 1
        stamp.write_text(wanted)
    return 0


if __name__ == "__main__":
    sys.exit(main())
