"""Commands and outputs as the pages of this project show them, and the comparison of an output with
what a command prints now.

A block of code that begins with ```console holds commands, lines that begin with `$ `, each with
its output below. Three things may differ from what is printed now, and nothing else:

- a line that is `…` alone stands for any lines, or none;
- the wall time at the end of a run (`; 257 ms  reports/latest`);
- blanks at the end of a line, and blank lines at the end of the output.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.project import BARE_ENVIRONMENT, ONEROOM

ELISION = "…"
_BLOCK = re.compile(r"^```([\w{}-]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PROMPT = "$ "
_WALL_TIME = re.compile(r"; [\d.,]+ (?:ms|s|min)(?=  reports/)")


class Block(NamedTuple):
    """A fenced block of code of a page."""

    language: str
    text: str


class Shown(NamedTuple):
    """A command as a page shows it, and the output below it."""

    command: str
    output: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The command without the comment behind it."""
        return shlex.split(re.split(r"\s+#\s", self.command)[0])


def blocks(page: str) -> list[Block]:
    """The fenced blocks of a page, in order."""
    return [Block(*found) for found in _BLOCK.findall(page)]


def shown(page: str) -> list[Shown]:
    """The commands of a page's console blocks, in order. Raises ValueError for an output without a
    command.
    """
    return [command for block in blocks(page) for command in commands(block)]


def commands(block: Block) -> list[Shown]:
    """The commands of a block, in order; none if it is no console block. Raises as `shown`."""
    if block.language != "console":
        return []
    if not block.text.startswith(_PROMPT):
        raise ValueError(f"no command above {block.text.splitlines()[0]!r}")
    parts = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [Shown(command, tuple(output)) for command, *output in map(str.splitlines, parts)]


def call(arguments: Sequence[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Call the command as a reader would, in `folder`."""
    return subprocess.run(
        [*ONEROOM, *arguments],
        cwd=folder,
        env=BARE_ENVIRONMENT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def difference(shown_lines: Sequence[str], printed: str) -> str:
    """The first shown line that is not what is printed, with what was found in its place; "" if
    all are.
    """
    wanted = _plain("\n".join(shown_lines))
    now = _plain(printed)
    at = 0
    elided = False
    for line in wanted:
        if line == ELISION:
            elided = True
            continue
        place = _find(line, now, at) if elided else at
        if place is None:
            return f"nowhere below line {at}: {line}"
        if place >= len(now) or now[place] != line:
            return f"shown:   {line}\nprinted: {now[place] if place < len(now) else '(the end)'}"
        at, elided = place + 1, False
    if at < len(now) and not elided:
        return f"printed and not shown: {now[at]}"
    return ""


def _plain(text: str) -> list[str]:
    lines = [line.rstrip() for line in _WALL_TIME.sub("; (time)", text).split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def _find(line: str, lines: Sequence[str], start: int) -> int | None:
    return next((at for at in range(start, len(lines)) if lines[at] == line), None)
