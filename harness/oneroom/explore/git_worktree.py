"""A commit of the user's repository as a folder beside the present one, for as long as it is used.

Rules: it is made by `git worktree` below `.oneroom`, so that an app in it finds the packages of
npm that its project has installed. Hooks do not run. It is gone afterwards, whatever ended its use.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

_NO_HOOKS = ("-c", f"core.hooksPath={os.devnull}")


class NoCommit(Exception):
    """A commit that cannot be had; its text is one clause."""


@dataclass(frozen=True)
class Worktree:
    """A commit. `top` is its root, `folder` what the present folder is in it; `repository` is the
    root of the repository that it is of.
    """

    top: Path
    folder: Path
    repository: Path


@contextmanager
def worktree(
    revision: str, below: Path, deferred: AbstractContextManager[object] | None = None
) -> Iterator[Worktree]:
    """The commit that `revision` names, in a new folder under `below`. Its end is not interrupted
    while `deferred` is entered. Raises NoCommit.
    """
    if shutil.which("git") is None:
        raise NoCommit("there is no git on the path")
    repository = Path(_git("rev-parse", "--show-toplevel"))
    prefix = _git("rev-parse", "--show-prefix")
    commit = _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    below.mkdir(parents=True, exist_ok=True)
    holder = Path(tempfile.mkdtemp(prefix="commit-", dir=below)).resolve()
    top = holder / "tree"
    try:
        (holder / ".gitignore").write_text("*\n", encoding="utf-8")
        _git(*_NO_HOOKS, "worktree", "add", "--quiet", "--detach", str(top), commit)
        yield Worktree(top, top / prefix, repository)
    finally:
        with deferred or nullcontext():
            forget = ("git", "worktree", "remove", "--force", str(top))
            subprocess.run(forget, capture_output=True, check=False)
            shutil.rmtree(holder, ignore_errors=True)
            if not any(below.iterdir()):
                below.rmdir()


def _git(*arguments: str) -> str:
    """The output of git in the present folder. Raises NoCommit with what it says."""
    done = subprocess.run(("git", *arguments), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        said = done.stderr.strip().splitlines()
        raise NoCommit(said[-1] if said else f"there is no commit {arguments[-1].split('^')[0]!r}")
    return done.stdout.strip()
