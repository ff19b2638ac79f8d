"""Finding and reading of scenario files; a bad file is refused with all that is wrong.

Rules of this file: the only entry points of this package. They return a Scenario or raise a
ScenarioError, never another exception.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from oneroom.scenario import catalogue
from oneroom.scenario.diagnostic import Problem, ScenarioError, shorten
from oneroom.scenario.document import read_document
from oneroom.scenario.model import Scenario
from oneroom.scenario.names import Vocabulary, closest
from oneroom.scenario.reader import Reader
from oneroom.scenario.shown_path import shown_path
from oneroom.scenario.source import SourceText, checked_source, read_source

SUFFIX = ".yaml"
"""What a scenario file is called below a folder; a file that is named itself may be called
anything.
"""

# A key `scenario` anywhere, or `windows` at the top of a scenario that lost its first line. Not a
# matter of valid YAML: a scenario with a mistake in it must be refused, not passed over.
_LIKE_A_SCENARIO = re.compile(
    r"""^(?:[ \t]*\{?[ \t]*["']?scenario|["']?windows)["']?\s*:""", re.MULTILINE
)
_OTHERS_FOLDERS = ("node_modules",)  # beside hidden ones, such as .venv, .git and .github

_WITH_LINE = re.compile(r"(.+):([0-9]{1,7})")


@dataclass(frozen=True)
class Discovered:
    """A scenario file to read (`oneroom:stage1/x.yaml` for one of the catalogue).

    `line` is the line that was named with it (`file.yaml:14`), if one was. `below_folder` is true
    for a file that was not named itself, which need not be a scenario.
    """

    path: Path
    line: int | None = None
    below_folder: bool = field(default=False, compare=False)


def load(path: Path | str, vocabulary: Vocabulary) -> Scenario:
    """The scenario in the file at `path`. Raises ScenarioError with every problem of the file."""
    return _parsed(read_source(path), vocabulary, Path(path).parent)


def load_discovered(found: Discovered, vocabulary: Vocabulary) -> Scenario | None:
    """The scenario in a file that was named, at the line that was named with it.

    None for a file below a folder that is another program's. Raises ScenarioError with every
    problem of the file.
    """
    source = read_source(found.path)
    if found.below_folder and not _LIKE_A_SCENARIO.search(source.text):
        return None
    scenario = _parsed(source, vocabulary, found.path.parent)
    count = len(source.lines) - (source.lines[-1] == "")
    if found.line is not None and not 1 <= found.line <= count:
        message = f"there is no line {found.line}, and so no scenario: the last one is {count:,}"
        raise ScenarioError([Problem(source.path, 0, 0, message)])
    return scenario


def parse(text: str, vocabulary: Vocabulary, path: str = "<text>") -> Scenario:
    """The scenario in `text`; `path` is its name in problems. Files that it names are not looked
    for.

    Raises ScenarioError with all of them.
    """
    return _parsed(checked_source(path, text), vocabulary)


def discover(paths: Iterable[Path | str]) -> list[Discovered]:
    """The scenario files at and below `paths`, each once.

    In the order of `paths`, those of a folder by name. Raises ScenarioError with a Problem for
    every path that does not exist.
    """
    found: dict[Discovered, None] = {}
    problems = []
    for path in paths:
        target = _target(f"{path}")
        if target is None or _is_no_scenario(target.path):
            problems.append(_no_such_path(f"{path}"))
        elif catalogue.located(target.path).is_dir() and target.line is not None:
            message = f"a folder has no line {target.line}"
            shown = shown_path(target.path)
            problems.append(Problem(shown, 0, 0, message, "", f"write {shown}"))
        elif catalogue.located(target.path).is_dir():
            found.update(
                (Discovered(file, below_folder=True), None) for file in _files_below(target.path)
            )
        else:
            found[target] = None
    if problems:
        raise ScenarioError(problems)
    return list(found)


def _parsed(source: SourceText, vocabulary: Vocabulary, folder: Path | None = None) -> Scenario:
    reader = Reader(read_document(source), vocabulary, folder)
    scenario = reader.read()
    if scenario is None:
        raise ScenarioError(reader.problems)
    return scenario


def _target(path: str) -> Discovered | None:
    """The file that a command line names: the path if it exists, else without `:LINE`."""
    if _exists(path):
        return Discovered(Path(path))
    match = _WITH_LINE.fullmatch(path)
    if match is not None and _exists(match.group(1)):
        return Discovered(Path(match.group(1)), int(match.group(2)))
    return None


def _is_no_scenario(path: Path) -> bool:
    """True for the files of the catalogue that are none, such as its schema."""
    file = catalogue.located(path)
    return catalogue.is_name(path) and file.is_file() and file.suffix != SUFFIX


def _exists(path: str) -> bool:
    try:
        return path != "" and catalogue.located(path).exists()
    except (OSError, ValueError):
        # A name too long or with a NUL in it: there is no such file, whatever the system calls it.
        return False


def _files_below(folder: Path) -> list[Path]:
    """The YAML files of a folder, sorted by path parts, alike on every file system."""
    files: list[Path] = []
    for root, folders, names in os.walk(catalogue.located(folder)):
        folders[:] = [
            name for name in folders if not name.startswith(".") and name not in _OTHERS_FOLDERS
        ]
        files += [Path(root, name) for name in names if name.endswith(SUFFIX)]
    if catalogue.is_name(folder):
        files = [Path(catalogue.name_of(file)) for file in files]
    return sorted(files, key=lambda file: file.parts)


def _no_such_path(path: str) -> Problem:
    """The Problem of a path that does not exist, with the neighbour that was probably meant."""
    if not path:
        return Problem(
            "''",
            0,
            0,
            "an empty path names nothing",
            "",
            "leave it out, or name a file or a folder",
        )
    with_line = _WITH_LINE.fullmatch(path)
    without_line = (with_line.group(1) if with_line else path).partition("\0")[0]
    if catalogue.is_name(path):
        return _not_in_the_catalogue(path, without_line)
    target = Path(without_line)
    try:
        return Problem(
            shorten(shown_path(path), 200),
            0,
            0,
            f"a link to `{shorten(str(target.readlink()))}`, where nothing is",
        )
    except OSError:
        pass  # no link
    parent = target.parent
    try:
        neighbours = sorted(entry.name for entry in parent.iterdir())
    except OSError:
        neighbours = []
    near = closest(target.name, neighbours)
    suggestion = f"did you mean `{shown_path(parent / near)}`?" if near else ""
    if without_line.split("/")[0] == catalogue.PREFIX.rstrip(":"):
        inside = without_line.partition("/")[2]
        suggestion = f"scenarios that come with oneroom are `{catalogue.PREFIX}{inside}`"
    return Problem(
        shorten(shown_path(path), 200), 0, 0, "there is no such file or folder", "", suggestion
    )


def _not_in_the_catalogue(path: str, name: str) -> Problem:
    """The Problem of an `oneroom:` name that does not exist.

    The name of the file alone is enough to suggest the one that was meant.
    """
    wanted = Path(name.removeprefix(catalogue.PREFIX))
    files = [
        file.relative_to(catalogue.folder())
        for file in map(catalogue.located, _files_below(Path(catalogue.PREFIX)))
    ]
    known = {f"{one}": one for file in files for one in (file.parent, file)}
    by_file_name = {file.name: file for file in files}
    near = known.get(closest(f"{wanted}", known) or "") or by_file_name.get(
        closest(wanted.name, by_file_name) or ""
    )
    suggestion = (
        f"did you mean `{catalogue.PREFIX}{near}`?"
        if near
        else f"`oneroom list {catalogue.PREFIX}` lists those that do"
    )
    return Problem(shorten(path, 200), 0, 0, "no such scenario comes with oneroom", "", suggestion)
