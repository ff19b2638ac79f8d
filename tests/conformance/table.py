"""Writes docs/conformance.md from what a run on both arms has left.

    python -m tests.conformance.table FAKE.xml LIVE.xml

Rules: nothing is filtered. A case that was not run says so; one that had to be run again alone is unstable.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

NOTES = Path(__file__).with_name("differences.md")
TARGET = Path(__file__).resolve().parents[2] / "docs" / "conformance.md"
_CASE = re.compile(r"(?P<name>\w+)\[(?P<parameters>.*)\]")


def outcomes(report: Path) -> dict[tuple[str, str], tuple[str, float]]:
    """(file, case) to (outcome, seconds), without the arm."""
    found = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        match = _CASE.fullmatch(case.attrib["name"])
        if match is None or "conformance" not in case.attrib["classname"]:
            continue
        rest = [one for one in match["parameters"].split("-") if one not in ("fake", "livekit")]
        name = match["name"].removeprefix("test_").replace("_", " ") + (f" ({'-'.join(rest)})" if rest else "")
        bad = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        file = case.attrib["classname"].split(".")[-1].removeprefix("test_")
        found[(file, name)] = (bad[0] if bad else "passed", float(case.attrib["time"]))
    return found


def text(fake: dict[tuple[str, str], tuple[str, float]], live: dict[tuple[str, str], tuple[str, float]]) -> str:
    """The page."""
    lines = [
        "# The fake SFU beside a real LiveKit server",
        "",
        "Made by `make conformance`; do not edit. Each case is one body in `tests/conformance/sfu`, put to the fake",
        "in virtual time and to LiveKit v1.13.5 with livekit 1.2.1 (Python) in real time; seconds are the latter's.",
        "",
        "| file | case | fake | LiveKit | s |",
        "|---|---|---|---|---|",
    ]
    for file, name in sorted({*fake, *live}):
        here, _ = fake.get((file, name), ("not run", 0.0))
        there, seconds = live.get((file, name), ("not run", 0.0))
        lines.append(f"| {file} | {name} | {here} | {there} | {seconds:.0f} |")
    passed = sum(fake.get(case, ("",))[0] == live.get(case, ("",))[0] == "passed" for case in {*fake, *live})
    lines += ["", f"{passed} cases passed on both.", "", NOTES.read_text(encoding="utf-8").rstrip(), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    TARGET.write_text(text(outcomes(Path(sys.argv[1])), outcomes(Path(sys.argv[2]))), encoding="utf-8")
