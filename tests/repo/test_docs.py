"""Files, folders and targets that README.md, CONTRIBUTING.md and the Makefile name exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.project import ROOT

PAGES = sorted(
    page for page in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("*/README.md"))
)
NAMES_PATHS = [
    "README.md",
    "CONTRIBUTING.md",
    "docs/limits.md",
    "docs/trace.md",
    *(page.relative_to(ROOT).as_posix() for page in PAGES if page.parent.name == "decisions"),
]
"""The pages that are written by hand and name paths from the project's folder."""

_CODE = re.compile(r"`([^`\n]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)\)")
_FILE = re.compile(r"[\w.<>*-]+\.(?:py|md|yaml|toml|txt)")
# `reports/latest`, say, is only there after a run, and a policy of the user's own never.
_MADE_BY_RUNS = ("reports/", ".oneroom", ".venv", "my_app", "oneroom:", "./oneroom:")


# Changes that a stranger should find the file of by the names of files alone.
FIRST_FILE = {
    "time-out: heartbeat": "harness/oneroom/core/timings.py",
    "how long a ghost lives": "fakes/oneroom_fakes/sfu/timers.py",
    "an identity joins twice": "fakes/oneroom_fakes/sfu/duplicate_identity.py",
    "a new step verb": "harness/oneroom/scenario/verbs.py",
    "a new check": "harness/oneroom/checks/<name>.py",
    "a new bus": "harness/oneroom/core/bus_kind.py",
    "shows its cause": "harness/oneroom/report/cause_chain.py",
    "a seed becomes draws": "harness/oneroom/choices/seeded.py",
    "a crash of a window does to its locks": "fakes/oneroom_fakes/web_locks.py",
    "JUnit": "harness/oneroom/report/junit.py",
    "a live window's network is cut": "harness/oneroom/live/network/network_path.py",
    "shrinking simplifies a scenario": "harness/oneroom/explore/simplifications.py",
    "a record is encoded for the digest": "harness/oneroom/trace/digest.py",
    "a new command": "harness/oneroom/cli/main.py",
}


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def exists(folder: Path, path: str) -> bool:
    """`<name>` stands for any name."""
    pattern = re.sub(r"<\w+>", "*", path.strip("/"))
    return any(folder.glob(pattern)) if "*" in pattern else (folder / pattern).exists()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_to_files(page: Path) -> None:
    links = [link for link in _LINK.findall(page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", NAMES_PATHS)
def test_paths_that_are_named_exist(name: str) -> None:
    """A name without a folder is one beside the path that was named before it in the same line."""
    missing = []
    for line in text_of(name).splitlines():
        beside = ROOT
        for code in _CODE.findall(line):
            if " " in code or "://" in code or code.startswith(_MADE_BY_RUNS):
                continue
            first = code.split("/")[0]
            if "/" in code and (ROOT / first).exists():
                if not exists(ROOT, code):
                    missing.append(code)
                whole = ROOT / code
                beside = whole if whole.is_dir() else whole.parent
            elif _FILE.fullmatch(code) and not (exists(beside, code) or exists(ROOT, code)):
                missing.append(f"{beside.relative_to(ROOT)}/{code}")
    assert missing == []


def test_the_packages_in_contributing_are_those_of_the_tree() -> None:
    block = text_of("CONTRIBUTING.md").split("## The packages")[1].split("## ")[0]
    named = re.findall(r"^    ([\w/]+/)  ", block, re.MULTILINE)
    packages = [
        f"{folder.relative_to(ROOT)}/"
        for folder in (ROOT / "harness" / "oneroom").iterdir()
        if (folder / "__init__.py").exists()
    ]
    assert set(packages) <= set(named)
    assert [path for path in named if not (ROOT / path).is_dir()] == []
    purposes = next(line for line in block.splitlines() if line.startswith("    tests/")).partition(
        "by purpose: "
    )[2]
    folders = {
        folder.name for folder in (ROOT / "tests").iterdir() if any(folder.glob("**/test_*.py"))
    }
    assert set(purposes.split()) == folders


def rows_of_contributing() -> dict[str, list[str]]:
    """What can be changed, and the paths and names in code that stand beside it."""
    text = text_of("CONTRIBUTING.md").partition("## To change or add …\n")[2].partition("\n## ")[0]
    rows = [line.strip("| ").partition(" | ") for line in text.splitlines() if "` " in f"{line} "]
    return {what: _CODE.findall(where) for what, _, where in rows if where}


@pytest.mark.parametrize(("what", "where"), rows_of_contributing().items())
def test_a_row_of_contributing_begins_with_a_path(what: str, where: list[str]) -> None:
    assert "/" in where[0]
    assert exists(ROOT, where[0])


def test_every_package_has_a_row_in_contributing() -> None:
    named = {code.rpartition("/")[0] for where in rows_of_contributing().values() for code in where}
    packages = [
        init.parent.relative_to(ROOT).as_posix()
        for root in (ROOT / "harness" / "oneroom", ROOT / "fakes" / "oneroom_fakes")
        for init in root.glob("**/__init__.py")
    ]
    assert [package for package in packages if package not in named] == []


@pytest.mark.parametrize(("change", "file"), FIRST_FILE.items())
def test_a_change_leads_to_one_file(change: str, file: str) -> None:
    first = [where[0] for what, where in rows_of_contributing().items() if change in what]
    assert first == [file]


def test_targets_are_documented_and_what_is_documented_is_a_target() -> None:
    makefile = text_of("Makefile")
    targets = set(re.findall(r"^([a-z][\w-]*):", makefile, re.MULTILINE))
    head = makefile.split("\n\n")[0]
    assert set(re.findall(r"^# make ([\w-]+)   ", head, re.MULTILINE)) <= targets
    for name in ("README.md", "docs/limits.md", "Makefile"):
        assert set(re.findall(r"`make ([a-z][\w-]*)`", text_of(name))) <= targets
    phony = next(line for line in makefile.splitlines() if line.startswith(".PHONY:")).split()[1:]
    assert set(phony) - {"FORCE"} == targets
