"""Writes docs/conformance-windows.md from what runs on both arms have left.

    python -m tests.conformance.windows.table FAKE.xml CHROMIUM.xml...            writes it python
    -m tests.conformance.windows.table --count FAKE.xml CHROMIUM.xml...    says in one line what
    came of it

Rules: nothing is filtered. A case that was not run says so; one that had to be run again alone is
unstable. The rule of a case is the one whose row in fakes/README.md names it.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.project import ROOT
from tests.real_things import has_failed, is_unstable

TARGET = ROOT / "docs" / "conformance-windows.md"
RULES = ROOT / "fakes" / "README.md"
NOTES = Path(__file__).with_name("differences.md")
FOLDER = "tests.conformance.windows."
_CASE = re.compile(r"test_(?P<name>\w+)\[(?P<parameters>.*)\]")
_ARM = re.compile(r"^(?:fake-\d+|chromium)(?:-|$)")

# A group's file and a case
Case = tuple[str, str]
# How often it passed, passed alone, and failed
Runs = dict[Case, tuple[int, int, int]]


def runs(reports: list[Path]) -> Runs:
    """What became of every case in all of `reports`, without the arm and its seeds."""
    found: Runs = {}
    for report in reports:
        for one in ElementTree.parse(report).getroot().iter("testcase"):
            match = _CASE.fullmatch(one.attrib["name"])
            if (
                not one.attrib["classname"].startswith(FOLDER)
                or match is None
                or not _ARM.match(match["parameters"])
            ):
                continue
            rest = _ARM.sub("", match["parameters"])
            case = (
                one.attrib["classname"].removeprefix(f"{FOLDER}test_"),
                f"{match['name']}{rest and f'[{rest}]'}",
            )
            passed, alone, failed = found.get(case, (0, 0, 0))
            if has_failed(one) or one.find("skipped") is not None:
                failed += 1
            elif is_unstable(one):
                alone += 1
            else:
                passed += 1
            found[case] = (passed, alone, failed)
    return found


def rules() -> dict[Case, str]:
    """Case to the rule that it confirms."""
    found: dict[Case, str] = {}
    for line in RULES.read_text(encoding="utf-8").splitlines():
        for file, name in re.findall(
            r"tests/conformance/windows/test_(\w+)\.py::(?:test_)?(\w+)", line
        ):
            found.setdefault((file, name), line.split("|")[1].strip())
    return found


def rule_of(known: dict[Case, str], case: Case) -> str:
    """The rule of a case; of one that has parameters also by these."""
    group, name = case
    plain, _, parameter = name.rstrip("]").partition("[")
    return next((known[group, one] for one in (plain, parameter) if (group, one) in known), "")


def outcome(of: Runs, case: Case) -> str:
    """In a word."""
    passed, alone, failed = of.get(case, (0, 0, 0))
    if not passed + alone + failed:
        return "not run"
    return "failed" if failed else "passed alone" if alone else "passed"


def text(fake: Runs, chromium: Runs) -> str:
    """The page."""
    lines = [
        "# The fakes of windows beside a real Chromium",
        "",
        "Made by `make conformance-windows`; do not edit. Each case is one body in "
        "`tests/conformance/windows`, put",
        "to the fakes in virtual time with several seeds and to Chromium 156 in real time; both "
        "with",
        '`pytest -m "not live" tests/conformance/windows`. '
        "The rule is the row of `fakes/README.md` that names it.",
        "`passed alone` is unstable: it failed beside others, and passed when it was run once more "
        "alone. The SFU, the",
        "other half of the world, is in [conformance.md](conformance.md).",
        "",
        "| group | case | rule | fake | Chromium | runs |",
        "|---|---|---|---|---|---|",
    ]
    known = rules()
    for case in sorted({*fake, *chromium}):
        group, name = case
        rule = rule_of(known, case)
        ran = sum(chromium.get(case, (0, 0, 0)))
        here, there = outcome(fake, case), outcome(chromium, case)
        lines.append(f"| {group} | {name.replace('_', ' ')} | {rule} | {here} | {there} | {ran} |")
    lines += ["", f"{count(fake, chromium)}.", "", NOTES.read_text(encoding="utf-8").rstrip(), ""]
    return "\n".join(lines)


def count(fake: Runs, chromium: Runs) -> str:
    """One line."""
    cases = {*fake, *chromium}
    both = sum(good(fake, case) and good(chromium, case) for case in cases)
    missing = sum(case not in of for of in (fake, chromium) for case in cases)
    unstable = sum(outcome(chromium, case) == "passed alone" for case in cases)
    return f"{both} of {len(cases)} cases passed on both, {missing} skipped, {unstable} unstable"


def good(of: Runs, case: Case) -> bool:
    """Every run of it passed."""
    return outcome(of, case) in ("passed", "passed alone")


def listed(page: str) -> set[str]:
    """The cases that a page lists."""
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {row[1] for row in rows if len(row) == 6 and row[1] != "case"}


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    counting = arguments[0] == "--count"
    first, *others = [Path(one) for one in arguments[counting:]]
    fake, chromium = runs([first]), runs(others)
    if not counting:
        TARGET.write_text(text(fake, chromium), encoding="utf-8")
        return 0
    print(f"conformance of windows: {count(fake, chromium)}")
    cases = {*fake, *chromium}
    if listed(TARGET.read_text(encoding="utf-8")) != {name.replace("_", " ") for _, name in cases}:
        print("docs/conformance-windows.md lists other cases: run `make conformance-windows`")
        return 1
    return 0 if all(good(fake, case) and good(chromium, case) for case in cases) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
