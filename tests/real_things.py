"""Runs the tests that need a real thing, many side by side, and once or twice more alone what has
failed beside others.

    python -m tests.real_things MARKER WORKERS REPORT PATH...

Rules: a machine with two cores is late now and then, and that must neither stop anybody nor be
hidden. What fails beside others is tried alone, at most twice. What passes alone is unstable,
whichever try it was: it is named here and is a property of its case in REPORT (JUnit); more than
2 % of all is called a defect of the tests, and more than 10 %, but no single case, is no noise any
more and fails. What fails in both tries alone has failed. Nothing is skipped: where the real thing
is missing, the tests fail and say so.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

DEFECT_RATIO = 0.02
FAILURE_RATIO = 0.10
UNSTABLE = "unstable"
TRIES_ALONE = 2
_BAD = ("failure", "error")


def main(marker: str, workers: str, report: Path, paths: list[str]) -> int:
    """Returns the exit code."""
    started_s = time.monotonic()
    side_by_side = ["-n", workers, "--dist", "worksteal"]
    code = _pytest([*side_by_side, "-m", marker, f"--junitxml={report}", *paths])
    if code not in (0, 1):
        return code
    tree = ElementTree.parse(report)
    failed = {node(case): case for case in tree.iter("testcase") if has_failed(case)}
    for _ in range(TRIES_ALONE):
        if not failed:
            break
        print(f"once more, alone: {', '.join(failed)}", flush=True)
        passed = _passed_alone(marker, report.with_suffix(".again.xml"), list(failed))
        for name in passed & set(failed):
            call_unstable(failed.pop(name))
        tree.write(report, encoding="utf-8", xml_declaration=True)
    return _conclude(list(tree.iter("testcase")), time.monotonic() - started_s)


def _passed_alone(marker: str, report: Path, names: list[str]) -> set[str]:
    """Run these cases one after the other. Returns those that have passed."""
    if _pytest(["-m", marker, f"--junitxml={report}", *names]) not in (0, 1):
        return set()
    passed = {
        node(case) for case in ElementTree.parse(report).iter("testcase") if not has_failed(case)
    }
    report.unlink()
    return passed


def _pytest(arguments: list[str]) -> int:
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", *arguments], check=False
    ).returncode


def _conclude(cases: list[ElementTree.Element], took_s: float) -> int:
    unstable = [node(case) for case in cases if is_unstable(case)]
    failed = [node(case) for case in cases if has_failed(case)]
    for name in unstable:
        print(f"UNSTABLE {name}: failed beside others, passed alone")
    for name in failed:
        print(f"FAILED {name}: beside others and twice alone")
    if len(unstable) > DEFECT_RATIO * len(cases):
        print(
            f"{len(unstable)} of {len(cases)} unstable: more than {DEFECT_RATIO:.0%} is a defect "
            "of the tests"
        )
    counts = [f"{len(failed)} failed"] if failed else []
    counts += [
        f"{len(cases) - len(failed)} passed",
        *([f"{len(unstable)} of them unstable"] if unstable else []),
    ]
    print(f"{', '.join(counts)} in {took_s:.2f}s")
    return 1 if failed or len(unstable) > max(1, FAILURE_RATIO * len(cases)) else 0


def node(case: ElementTree.Element) -> str:
    """The id under which pytest runs it again."""
    return f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"


def has_failed(case: ElementTree.Element) -> bool:
    """Neither passed nor unstable."""
    return any(child.tag in _BAD for child in case)


def is_unstable(case: ElementTree.Element) -> bool:
    """It failed beside others and passed alone."""
    return any(one.attrib.get("name") == UNSTABLE for one in case.iter("property"))


def call_unstable(case: ElementTree.Element) -> None:
    """Its first failure becomes a property."""
    failure = next(child for child in case if child.tag in _BAD)
    case.remove(failure)
    properties = case.find("properties")
    if properties is None:
        properties = ElementTree.SubElement(case, "properties")
    ElementTree.SubElement(
        properties, "property", name=UNSTABLE, value=failure.attrib.get("message", "")
    )


if __name__ == "__main__":
    # Whoever ends this one ends the tests: `subprocess.run` takes its child along when it is left
    # by an exception.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.exit(main(sys.argv[1], sys.argv[2], Path(sys.argv[3]), sys.argv[4:]))
