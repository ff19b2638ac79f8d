"""Runs the arms and prints a table of runs per second and ratios.

Rules: arms are interleaved in rounds, each in a child process, so that other load on the machine
affects all of them; all run on one interpreter; ratios are taken within a round. No speed is
asserted: the numbers are for people to read.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parents[2]
PEER_VENV = PROJECT / "benchmarks" / ".venv-peers"

BASE = "bare_heap"
PEER = "seedloop_arm"
OURS = "oneroom_arm"
ARMS = (BASE, OURS, PEER, "simloop_arm", "simloom_arm")
PEERS = ARMS[2:]

BAR_TO_BASE = 0.15
BAR_TO_PEER = 2.0


class Series(NamedTuple):
    """One arm's runs per second, round by round, with the Python that it ran on."""

    arm: str
    python: str
    runs_per_s: list[float]
    delivered: list[int]


class BenchError(Exception):
    """An arm failed, or did other work than the rest."""


def interpreter() -> Path | None:
    """The Python of the peers, which all arms run on; None if there is none or its set-up is
    incomplete.

    A set-up without a network ends before the stamp of .ci/make_venv.py.
    """
    return PEER_VENV / "bin" / "python" if (PEER_VENV / ".made-from").exists() else None


def measure(arm: str, seconds: float) -> dict[str, Any]:
    """The report of the arm's process. Raises BenchError if it fails."""
    python = interpreter()
    if arm in PEERS and python is None:
        return {
            "unavailable": "its environment is missing (needs Python >= 3.12, made by `make bench`)"
        }
    command = [str(python or sys.executable), "-m", "benchmarks.election.child", arm, str(seconds)]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(str(PROJECT / root) for root in ("harness", "fakes")),
    }
    ran = subprocess.run(
        command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise BenchError(f"{arm} failed:\n{ran.stderr}")
    answer: dict[str, Any] = json.loads(ran.stdout)
    return answer


def measure_all(rounds: int, seconds: float) -> tuple[list[Series], dict[str, str]]:
    """The measurements of every arm in every round, and the reason for each arm left out."""
    series: dict[str, Series] = {}
    left_out: dict[str, str] = {}
    for number in range(rounds):
        # Another arm goes first each time: who starts on a cool processor is faster.
        start = number % len(ARMS)
        for arm in ARMS[start:] + ARMS[:start]:
            if arm in left_out:
                continue
            answer = measure(arm, seconds)
            if "unavailable" in answer:
                left_out[arm] = answer["unavailable"]
                continue
            one = series.setdefault(arm, Series(arm, answer["python"], [], answer["delivered"]))
            one.runs_per_s.append(answer["runs_per_s"])
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    return [series[arm] for arm in ARMS if arm in series], left_out


def check_same_work(measured: list[Series]) -> None:
    """Check that the peers and the bare heap delivered equally many messages.

    They draw from the same generator in the same order, so equal seeds must give equal counts.
    """
    expected = next(one.delivered for one in measured if one.arm == BASE)
    for one in measured:
        if one.arm != OURS and one.delivered != expected:
            raise BenchError(
                f"{one.arm} delivered {one.delivered} messages, {BASE} {expected}: not the same "
                "work"
            )


def ratios(one: Series, other: Series) -> list[float]:
    """The ratio of `one` to `other` in each round."""
    return [mine / theirs for mine, theirs in zip(one.runs_per_s, other.runs_per_s, strict=True)]


def ratio_text(one: Series, other: Series | None) -> str:
    if other is None:
        return "-"
    found = ratios(one, other)
    return f"{statistics.median(found):.3f} ({min(found):.3f}..{max(found):.3f})"


def table(measured: list[Series]) -> str:
    """One line an arm: runs/s min, median, max, and the ratio to the bare heap and to seedloop,
    median (min..max).
    """
    by_name = {one.arm: one for one in measured}
    lines = [
        f"{'arm':14}{'python':>9}{'min':>9}{'median':>9}{'max':>9}   "
        f"{'to bare heap':24}{'to seedloop':24}"
    ]
    for one in measured:
        rates = one.runs_per_s
        spread = f"{min(rates):9,.1f}{statistics.median(rates):9,.1f}{max(rates):9,.1f}"
        beside = f"{ratio_text(one, by_name[BASE]):24}{ratio_text(one, by_name.get(PEER)):24}"
        lines.append(
            f"{one.arm.removesuffix('_arm'):14}{one.python:>9}{spread}   {beside}".rstrip()
        )
    return "\n".join(lines)


def bars(measured: list[Series]) -> str:
    """The distance of oneroom from its own bars, above or below."""
    by_name = {one.arm: one for one in measured}
    if OURS not in by_name:
        return ""
    text = [
        f"bare heap {statistics.median(ratios(by_name[OURS], by_name[BASE])):.2f} (bar "
        f"{BAR_TO_BASE})"
    ]
    if PEER in by_name:
        text.append(
            f"seedloop {statistics.median(ratios(by_name[OURS], by_name[PEER])):.2f} (bar "
            f"{BAR_TO_PEER})"
        )
    return f"oneroom to {', to '.join(text)}"


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Four windows, 60 s, one crash: runs per second of processor time."
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--seconds", type=float, default=2.0, help="processor time of an arm in a round"
    )
    options = parser.parse_args()
    try:
        measured, left_out = measure_all(options.rounds, options.seconds)
        check_same_work(measured)
    except BenchError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"runs per second of processor time, {options.rounds} rounds of {options.seconds:g} s, "
        "paired within a round"
    )
    print(table(measured))
    for arm, reason in left_out.items():
        print(f"{arm.removesuffix('_arm')}: left out, {reason}")
    if text := bars(measured):
        print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
