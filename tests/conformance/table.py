"""Writes docs/conformance.md from what a run on both arms has left.

    python -m tests.conformance.table FAKE.xml LIVE.xml            writes it
    python -m tests.conformance.table --count FAKE.xml LIVE.xml    says in one line what came of it

Rules: nothing is filtered. A case that was not run says so; one that had to be run again alone is
unstable.
"""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

from tests.project import ROOT
from tests.real_things import is_unstable

NOTES = Path(__file__).with_name("differences.md")
TARGET = ROOT / "docs" / "conformance.md"
ALONE = "passed alone"
NOT_RUN = ("not run", 0.0)
# (file, case) to (outcome, seconds)
Outcomes = dict[tuple[str, str], tuple[str, float]]
_CASE = re.compile(r"(?P<name>\w+)\[(?P<parameters>.*)\]")
_ARM = re.compile(r"^(?:fake-\d+|livekit)(?:-|$)")


def outcomes(report: Path) -> Outcomes:
    """What became of every case, without the arm and its seeds: the first that is not plainly
    passed counts.
    """
    found: Outcomes = {}
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        match = _CASE.fullmatch(case.attrib["name"])
        if match is None or "conformance.sfu" not in case.attrib["classname"]:
            continue
        rest = _ARM.sub("", match["parameters"])
        name = match["name"].removeprefix("test_").replace("_", " ") + (
            f" ({rest})" if rest else ""
        )
        bad = [child.tag for child in case if child.tag in ("failure", "error", "skipped")]
        bad += [ALONE] if is_unstable(case) else []
        file = case.attrib["classname"].split(".")[-1].removeprefix("test_")
        before, _ = found.get((file, name), ("passed", 0.0))
        outcome = bad[0] if bad and before == "passed" else before
        found[(file, name)] = (outcome, float(case.attrib["time"]))
    return found


PASSED = ("passed", ALONE)


def text(fake: Outcomes, live: Outcomes) -> str:
    """The page."""
    lines = [
        "# The fake SFU beside a real LiveKit server",
        "",
        "Made by `make conformance`; do not edit. Each case is one body in "
        "`tests/conformance/sfu`, put to the fake",
        "in virtual time and to LiveKit v1.13.5 with livekit 1.2.1 (Python) in real time; seconds "
        "are the latter's.",
        "`passed alone` is unstable: it failed beside others, and passed when it was run once more "
        "alone.",
        "",
        "**The other kit: [the fakes of windows beside a real Chromium](conformance-windows.md)**: "
        "BroadcastChannel,",
        "storage events, Web Locks, timers, lives, capture; case, rule, fake, Chromium, runs; what "
        "Chromium corrected.",
        "",
        "| case | rule | fake | LiveKit | s |",
        "|---|---|---|---|---|",
    ]
    for file, name in sorted({*fake, *live}):
        here, _ = fake.get((file, name), NOT_RUN)
        there, seconds = live.get((file, name), NOT_RUN)
        lines.append(f"| {file} | {name} | {here} | {there} | {seconds:.0f} |")
    lines += ["", f"{count(fake, live)}.", "", NOTES.read_text(encoding="utf-8").rstrip(), ""]
    return "\n".join(lines)


def count(fake: Outcomes, live: Outcomes) -> str:
    """One line."""
    cases = {*fake, *live}
    both = sum(good(fake, case) and good(live, case) for case in cases)
    outcomes = [one.get(case, NOT_RUN)[0] for one in (fake, live) for case in cases]
    skipped = sum(outcome in ("skipped", NOT_RUN[0]) for outcome in outcomes)
    return (
        f"{both} of {len(cases)} cases passed on both, {skipped} skipped, {outcomes.count(ALONE)} "
        "unstable"
    )


def good(outcomes: Outcomes, case: tuple[str, str]) -> bool:
    return outcomes.get(case, NOT_RUN)[0] in PASSED


def listed(page: str) -> set[tuple[str, str]]:
    """The cases that a page lists."""
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {
        (row[0].removeprefix("| "), row[1]) for row in rows if len(row) == 5 and row[0] != "| case"
    }


def main(arguments: list[str]) -> int:
    """Returns the exit code."""
    counting = arguments[0] == "--count"
    fake, live = (outcomes(Path(one)) for one in arguments[counting:])
    if not counting:
        TARGET.write_text(text(fake, live), encoding="utf-8")
        return 0
    print(f"conformance: {count(fake, live)}")
    if listed(TARGET.read_text(encoding="utf-8")) != {*fake, *live}:
        print("docs/conformance.md lists other cases: run `make conformance`")
        return 1
    return 0 if all(good(fake, case) and good(live, case) for case in {*fake, *live}) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
