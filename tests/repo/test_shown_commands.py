"""Every command in a console block of a page is run, and its output compared with the page's.

Commands run in an empty folder, one folder a page.

Rules: what cannot be run here is in `NOT_RUN` with the reason, and is parsed only, like the
commands in running text. How an output is compared, tests/repo/shown_commands.py says.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import pytest

from oneroom.checks.verdict import Exit
from oneroom.cli import selection
from oneroom.cli.init import ELECTION, FIRST
from oneroom.cli.main import COMMANDS, cli, invoke
from oneroom.scenario import discover
from tests.project import BARE_ENVIRONMENT, ROOT
from tests.repo.shown_commands import Block, Shown, blocks, call, commands, difference, shown

PAGES = sorted(
    page for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"))
)
LANGUAGES = {"console", "yaml", "toml", "mermaid", "python", "js", "ts", "perl", "{toctree}"}
NOT_RUN = {
    r"make .*": "sets up an environment and takes minutes; .ci/run runs it",
    r"oneroom import .*": "needs a log; tests/imports and tests/cli/test_import.py have some",
    r"pytest .*": "tests/pytest_plugin runs it",
    r"pip install .*": "tests/repo/test_wheel.py installs the wheel",
    r"npm (?:ci|install) .*": "installs packages from npm",
    r"oneroom run \S+ --app (?:examples|src)/.*": "needs packages from npm; tests/examples runs it",
    r"oneroom run \S+ --app-command .*": "needs Perl; tests/examples runs it",
    r"\.ci/install_engine": "installs Docker",
    r"docker/build": "needs Docker",
    r"umask 077; .*": "needs Docker, as the command after it",
    r"LIVEKIT_IMAGE=\S+ docker compose .*": "needs Docker",
    r"oneroom livekit .*": "needs Docker",
    r"oneroom ui.*": "serves until it is interrupted; tests/ui runs it",
    r"oneroom confirm .*": "needs a LiveKit server; the times shown are those of one run",
    r"\.venv/bin/python -m benchmarks\..*": "takes minutes, and measures this machine",
}
"""Commands in console blocks that are parsed only, as patterns, with the reason."""

QUICK = ("--help", "list", "init", "lint", "schema")
"""What is run wherever it stands in running text; the other commands there are parsed only."""

STAND_INS = {"N": "1", "SCENARIO": "oneroom:", "PATH": "oneroom:"}
"""What is parsed where a page writes a word for something of the reader's own."""

_INLINE = re.compile(r"`((?:\.venv/bin/)?oneroom [a-z-][^`\n]*)`")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def why_not_run(command: Shown) -> str:
    return next(
        (why for pattern, why in NOT_RUN.items() if re.fullmatch(pattern, " ".join(command.words))),
        "",
    )


WITH_COMMANDS = [page for page in PAGES if shown(text_of(page))]


@pytest.mark.parametrize("page", WITH_COMMANDS, ids=name_of)
def test_what_is_shown_is_what_is_printed(page: Path, tmp_path: Path) -> None:
    for block in blocks(text_of(page)):
        write_file(block, tmp_path)
        for command in commands(block):
            if not why_not_run(command):
                try_command(command, tmp_path)


def try_command(command: Shown, folder: Path) -> None:
    program, *arguments = command.words
    assert program == "oneroom", f"{command.command}: run it here, or say in NOT_RUN why not"
    called = call(arguments, folder)
    assert called.returncode in (Exit.HELD, Exit.VIOLATED), called.stderr
    if command.output:
        assert difference(command.output, called.stdout) == "", f"{command.command} prints other"


def write_file(block: Block, folder: Path) -> Path | None:
    """Write the file that a block is, if its first line is a comment with the file's name."""
    name = re.match(r"(?:#|//) ([\w/-]+\.(?:py|js|yaml))\n", block.text)
    if name is None:
        return None
    file = folder / name[1]
    file.parent.mkdir(exist_ok=True)
    file.write_text(block.text, encoding="utf-8")
    return file


@pytest.mark.parametrize("page", [ROOT / "docs" / "python-api.md"], ids=name_of)
def test_the_tests_that_a_page_shows_pass(page: Path, tmp_path: Path) -> None:
    (file,) = filter(None, [write_file(block, tmp_path) for block in blocks(text_of(page))])
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", file],
        cwd=tmp_path,
        env=BARE_ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 passed" in ran.stdout, ran.stdout + ran.stderr


def test_whatever_is_not_run_is_in_a_page() -> None:
    commands = [" ".join(one.words) for page in WITH_COMMANDS for one in shown(text_of(page))]
    unused = [
        pattern
        for pattern in NOT_RUN
        if not any(re.fullmatch(pattern, command) for command in commands)
    ]
    assert unused == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_commands_stand_in_console_blocks(page: Path) -> None:
    assert {block.language for block in blocks(text_of(page))} <= LANGUAGES
    programs = r"(?:\.venv/bin/)?oneroom|make|pip|docker|\.ci/\w+|docker/\w+"
    assert re.findall(rf"^(?:    |\$ )(?:{programs}) .*$", outside(text_of(page)), re.M) == []


def outside(page: str) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page, flags=re.MULTILINE | re.DOTALL)


def parsed(words: Sequence[str]) -> None:
    """See that oneroom understands a command line, and that what it names exists. Raises
    click.UsageError or ScenarioError.
    """
    words = [STAND_INS.get(word, word) for word in words if word != "--help"]
    if not words:
        return
    with cli.make_context("oneroom", list(words)) as context:
        command = cli.get_command(context, words[0])
        assert command is not None, f"{words[0]} is none of {', '.join(COMMANDS)}"
        if len(words) == 1:
            return  # a mention
        arguments = [word for word in words[1:] if "…" not in word]
        made = command.make_context(words[0], list(arguments), parent=context)
        discover(made.params.get("paths", ()))
        policies = () if words[0] == "init" else made.params.get("policy", ())
        selection.find_policies(
            name for value in policies for name in value.split(",") if "my_app" not in name
        )
        made.close()


def inline() -> list[tuple[str, list[str]]]:
    """The commands in the running text of all pages, each page's once."""
    return [
        (name_of(page), shlex.split(line.removeprefix(".venv/bin/"))[1:])
        for page in PAGES
        for line in dict.fromkeys(_INLINE.findall(outside(text_of(page))))
    ]


@pytest.mark.parametrize(
    ("page", "words"),
    inline(),
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_commands_in_running_text_are_understood(
    page: str, words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    try:
        parsed(words)
    except click.UsageError as error:
        pytest.fail(f"{page}: oneroom {' '.join(words)}: {error.message}")
    if words[0] in QUICK and not STAND_INS.keys() & words:
        monkeypatch.chdir(tmp_path)
        assert invoke(words) == Exit.HELD


@pytest.mark.parametrize(
    "command",
    [one for page in WITH_COMMANDS for one in shown(text_of(page)) if why_not_run(one)],
    ids=lambda one: one.command,
)
def test_commands_that_are_not_run_are_understood(command: Shown) -> None:
    words = command.words
    if words[0] == "oneroom":
        parsed(words[1:])
    elif words[0] == "make":
        assert re.search(rf"^{words[1]}:", text_of(ROOT / "Makefile"), re.MULTILINE)
    elif words[:2] == [".venv/bin/python", "-m"]:
        assert (ROOT / words[2].replace(".", "/")).with_suffix(".py").is_file()
    elif "/" in words[0] and "=" not in words[0]:
        assert os.access(ROOT / words[0], os.X_OK)
    for file in re.findall(r"-f (\S+)", command.command):
        assert (ROOT / file).is_file()


def test_the_example_in_the_readme_is_what_init_writes() -> None:
    (example,) = [
        block.text for block in blocks(text_of(ROOT / "README.md")) if block.language == "yaml"
    ]
    assert example == FIRST


def test_the_policy_in_its_page_is_what_init_writes() -> None:
    page = text_of(ROOT / "docs" / "own-policy.md")
    assert [block.text for block in blocks(page) if block.language == "python"] == [ELECTION]


def test_the_app_in_its_page_is_what_init_writes() -> None:
    page = text_of(ROOT / "docs" / "own-windows.md")
    app = text_of(ROOT / "harness" / "oneroom" / "javascript" / "voice.js")
    assert next(block.text for block in blocks(page) if block.language == "js") == app


PRINTED = "one\ntwo 5 ms\nthree\nHELD; 257 ms  reports/latest\n"


@pytest.mark.parametrize(
    "lines",
    [
        ["one", "two 5 ms", "three", "HELD; 257 ms  reports/latest"],
        ["one", "two 5 ms  ", "three", "HELD; 1,004.5 s  reports/latest", ""],
        ["…", "three", "…"],
        ["one", "…", "two 5 ms", "…", "HELD; 4 s  reports/latest"],
    ],
)
def test_an_output_is_recognised(lines: list[str]) -> None:
    assert difference(lines, PRINTED) == ""


@pytest.mark.parametrize(
    "lines",
    [
        ["one", "two 6 ms", "…"],
        ["one", "three", "…"],
        ["…", "three", "two 5 ms", "…"],
        ["one", "two 5 ms", "three"],
        ["…", "HELD; 257 ms  reports/latest", "four"],
        ["…", "HELD; 257 ms  reports/oldest"],
        ["…", "VIOLATED; 257 ms  reports/latest"],
        ["", "one", "…"],
    ],
)
def test_a_wrong_output_is_found(lines: list[str]) -> None:
    assert difference(lines, PRINTED) != ""


def test_an_output_needs_a_command() -> None:
    with pytest.raises(ValueError, match="no command above 'HELD'"):
        shown("text\n```console\nHELD\n```\n")
