"""House rules that no linter knows, read off the files themselves; in the manner of TigerBeetle's
tidy.zig.

Rules: a house rule is one function from a file to its problems, listed in `RULES`; `SPOILT` holds
at least one bad snippet for each, so that every rule is seen to fail. Words that are
banned are spelt in two halves here, so that this file passes its own reading.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import NamedTuple

import pytest

from tests.project import ROOT

LINES_MAX = 500
FUNCTION_LINES_MAX = 70
CODE = ("harness", "fakes", "tests", "benchmarks")
TEXT = ("docker", "docs", "scenarios", "reports/sample", "requirements", ".ci")
TEXT_SUFFIXES = {
    ".md",
    ".py",
    ".txt",
    ".toml",
    ".yaml",
    ".yml",
    ".json",
    ".html",
    ".css",
    ".js",
    ".cfg",
    "",
}
MADE_BY_TOOLS = {"__pycache__", ".venv-peers", "node_modules"}

BANNED_WORDS = tuple("".join(halves) for halves in (("TO", "DO"), ("FIX", "ME"), ("X", "XX")))
MACHINE_PATHS = tuple(
    "".join(halves)
    for halves in (("/ro", "ot/"), ("/wo", "rk/"), ("/tmp/", "bash"), ("/ho", "me/"))
)
# A docstring that opens with one of these describes a thing by a subordinate clause or by a guess.
RIDDLE = re.compile(
    r"(?:who|whom|whose|whoever|what|whatever|which|whichever|how|where|wherever|when|whenever|why"
    r"|whether|if|so|that|nobody|somebody|everybody|anybody)\b",
    re.IGNORECASE,
)
VAGUE_NAMES = {"utils", "util", "misc", "helpers", "common"}


class File(NamedTuple):
    """A file of the project: its path from the project's folder, and its text."""

    path: str
    text: str

    @property
    def is_python(self) -> bool:
        return self.path.endswith(".py")

    def is_under(self, *folders: str) -> bool:
        return PurePosixPath(self.path).parts[0] in folders


def short_enough(file: File) -> Iterator[str]:
    """A module that needs more than 500 lines holds two concepts."""
    lines = file.text.count("\n")
    if file.is_python and file.is_under(*CODE) and lines > LINES_MAX:
        yield f"{file.path}: {lines} lines, at most {LINES_MAX}"


def functions_short_enough(file: File) -> Iterator[str]:
    """A function is read at one look."""
    if not (file.is_python and file.is_under("harness", "fakes")):
        return
    for node in ast.walk(ast.parse(file.text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield (
                    f"{file.path}:{node.lineno}: {node.name} has {lines} lines, at most "
                    f"{FUNCTION_LINES_MAX}"
                )


def introduced(file: File) -> Iterator[str]:
    """A module says what it is; a package, what lives there and what may not."""
    if file.is_python and file.is_under(*CODE) and not ast.get_docstring(ast.parse(file.text)):
        yield f"{file.path}: no docstring"


def described_plainly(file: File) -> Iterator[str]:
    """A docstring opens with a noun or a verb, not with a question word or a pronoun."""
    if not (file.is_python and file.is_under(*CODE)):
        return
    module = ast.parse(file.text)
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    # The tests' own functions may say in a clause what they show.
    for node in [module] if file.is_under("tests") else ast.walk(module):
        if isinstance(node, kinds) and (first := RIDDLE.match(ast.get_docstring(node) or "")):
            line = getattr(node, "lineno", 1)
            yield f"{file.path}:{line}: the docstring opens with `{first.group()}`"


def named_for_something(file: File) -> Iterator[str]:
    """A drawer for odds and ends is never tidy again."""
    name = PurePosixPath(file.path).stem
    if file.is_under(*CODE) and name in VAGUE_NAMES:
        yield f"{file.path}: `{name}` says nothing; name the concept"


def finished(file: File) -> Iterator[str]:
    """Nothing is left to do: open work belongs to the issues."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        for word in BANNED_WORDS:
            if re.search(rf"\b{word}\b", line):
                yield f"{file.path}:{number}: {word}"


def at_home_anywhere(file: File) -> Iterator[str]:
    """No path of one machine gets into the project."""
    for number, line in enumerate(file.text.splitlines(), start=1):
        for path in MACHINE_PATHS:
            if re.search(rf"(?<![\w.$}}]){re.escape(path)}", line):
                yield f"{file.path}:{number}: {path} is a path of one machine"


def silenced_with_a_reason(file: File) -> Iterator[str]:
    """A warning is silenced by its code, with the reason in a second comment on the line."""
    if not file.is_python:
        return
    silencer = re.compile(
        r"# (?:noqa|type: ignore)\b(?P<code>(?:: ?[A-Z]+\d+(?:, ?[A-Z]+\d+)*|\[[\w, "
        r"-]+\])?)(?P<rest>.*)$"
    )
    for number, line in enumerate(file.text.splitlines(), start=1):
        found = silencer.search(line)
        if found and (not found["code"] or not re.match(r"\s+# \S+", found["rest"])):
            yield f"{file.path}:{number}: warning silenced without a code and a reason"


def locked_exactly(file: File) -> Iterator[str]:
    """A lock pins every name, and leaves open where packages come from."""
    if not (file.is_under("requirements") and file.path.endswith(".txt")):
        return
    for number, line in enumerate(file.text.splitlines(), start=1):
        if (
            line.strip()
            and not line.lstrip().startswith("#")
            and not re.match(r"[\w.-]+==[\w.]+( ;.*)?$", line)
        ):
            yield f"{file.path}:{number}: not an exact version: {line}"


Rule = Callable[[File], Iterator[str]]
RULES: list[Rule] = [
    short_enough,
    functions_short_enough,
    introduced,
    described_plainly,
    named_for_something,
    finished,
    at_home_anywhere,
    silenced_with_a_reason,
    locked_exactly,
]

LONG_FUNCTION = '"""Planted."""\n\ndef long() -> None:\n' + "    pass\n" * FUNCTION_LINES_MAX
SPOILT: list[tuple[Rule, File]] = [
    (short_enough, File("tests/core/test_long.py", '"""Planted."""\n' + "x = 1\n" * LINES_MAX)),
    (functions_short_enough, File("harness/oneroom/core/planted.py", LONG_FUNCTION)),
    (
        functions_short_enough,
        File("fakes/oneroom_fakes/planted.py", LONG_FUNCTION.replace("def", "async def")),
    ),
    (introduced, File("harness/oneroom/sim/__init__.py", "")),
    (introduced, File("benchmarks/planted.py", "import enum\n")),
    (
        described_plainly,
        File("tests/checks/planted.py", '"""What a plant is, and what it is not."""\n'),
    ),
    (
        described_plainly,
        File(
            "harness/oneroom/cli/planted.py",
            '"""A plant."""\n\nclass Plant:\n    """Whoever waters it."""\n',
        ),
    ),
    (named_for_something, File("harness/oneroom/core/utils.py", '"""Planted."""\n')),
    (finished, File("docs/planted.md", f"one day ({BANNED_WORDS[0]}: when?)\n")),
    (finished, File("harness/oneroom/core/planted.py", f'"""Planted."""\n# {BANNED_WORDS[1]}\n')),
    (finished, File("scenarios/planted.yaml", f"# {BANNED_WORDS[2]} is this right?\n")),
    (at_home_anywhere, File("README.md", f"see {MACHINE_PATHS[0]}.cache\n")),
    (at_home_anywhere, File("Makefile", f"run:\n\t{MACHINE_PATHS[1]}main/oneroom\n")),
    (at_home_anywhere, File("docs/planted.md", f"[log]({MACHINE_PATHS[2]}_jobs.0/1)\n")),
    (silenced_with_a_reason, File("harness/oneroom/core/planted.py", "import os  # no" + "qa\n")),
    (
        silenced_with_a_reason,
        File("harness/oneroom/core/planted.py", "import os  # no" + "qa: F401\n"),
    ),
    (
        silenced_with_a_reason,
        File("tests/planted.py", "x = y.z  # type: " + "ignore[attr-defined]\n"),
    ),
    (locked_exactly, File("requirements/dev.txt", "simpy>=4\n")),
    (locked_exactly, File("requirements/dev.txt", "--index-url https://packages.example/simple\n")),
]
TIDY: list[File] = [
    File(
        "harness/oneroom/trace/planted.py",
        '"""A plant, and whoever waters it."""\n\ndef grow() -> None:\n    """`what` grows."""\n',
    ),
    File(
        "harness/oneroom/core/planted.py",
        '"""Planted."""\n\n' + LONG_FUNCTION.split("\n\n")[1].removesuffix("    pass\n"),
    ),
    File(
        "tests/planted.py",
        '"""Planted."""\nimport os  # no' + "qa: F401  # its import is what is tested\n",
    ),
    File(
        "docs/planted.md",
        "a network/work/list, Todo, $HOME" + MACHINE_PATHS[1] + " and ./project" + MACHINE_PATHS[0],
    ),
    File(
        "requirements/dev.txt",
        "simpy==4.1.2\n    # via oneroom\ncolorama==0.4.6 ; sys_platform == 'win32'\n",
    ),
]


def problems(file: File) -> list[str]:
    return [problem for rule in RULES for problem in rule(file)]


def project_files() -> Iterator[File]:
    """Text files that the project is made of, by folder, so that nobody's scratch files are
    read.
    """
    # In a second working tree `.git` is a file, with the path of the first one in it.
    at_top = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".git"]
    below = [
        path for folder in (*CODE, *TEXT) for path in (ROOT / folder).rglob("*") if path.is_file()
    ]
    for path in sorted(at_top + below):
        relative = path.relative_to(ROOT)
        if path.suffix in TEXT_SUFFIXES and not MADE_BY_TOOLS.intersection(relative.parts):
            yield File(relative.as_posix(), path.read_text(encoding="utf-8", errors="replace"))


def test_the_project_is_tidy() -> None:
    found = [problem for file in project_files() for problem in problems(file)]
    assert not found, "\n".join(found)


def test_every_package_says_what_lives_there() -> None:
    folders = [ROOT / "harness" / "oneroom", ROOT / "fakes" / "oneroom_fakes"]
    packages = {path.parent for folder in folders for path in folder.rglob("*.py")}
    without = sorted(
        str(package.relative_to(ROOT))
        for package in packages
        if not (package / "__init__.py").is_file()
    )
    assert not without, f"no __init__.py in {', '.join(without)}"


@pytest.mark.parametrize(
    ("rule", "file"), SPOILT, ids=[f"{rule.__name__}-{file.path}" for rule, file in SPOILT]
)
def test_a_spoilt_file_is_found(rule: Rule, file: File) -> None:
    found = list(rule(file))
    assert len(found) == 1
    assert found[0].startswith(file.path)


@pytest.mark.parametrize("file", TIDY, ids=[file.path for file in TIDY])
def test_a_tidy_file_is_left_alone(file: File) -> None:
    assert problems(file) == []


def test_every_rule_is_tripped_by_something() -> None:
    assert [rule for rule in RULES if not any(tripped is rule for tripped, _ in SPOILT)] == []
