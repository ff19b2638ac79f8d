"""The schedules that are left to run, and what is known so far, as a value and as a file.

The file is written whole or not at all, so a search that is killed goes on from where it was last
written.
"""

from __future__ import annotations

import os
from hashlib import blake2b
from pathlib import Path

import msgspec

from oneroom.explore.exhaustive.exploration import Explored
from oneroom.explore.exhaustive.schedule import ORDINARY, Schedule
from oneroom.explore.scenario_text import ScenarioText

FORMAT = 1
FOLDER = "exhaust"


class Unusable(Exception):
    """A file that is no frontier of this search; `args` are the reason in one clause."""


class Frontier(msgspec.Struct):
    """Of one search.

    `left[n]` are the schedules with n departures that are left, in their order; those with fewer
    departures are run first, so a state is always reached with as few as it can be. `known` are the
    fingerprints of the states that were reached. `runs` is how many schedules were run, of which
    `merged` came to a known state and `given_up` did not come to an end. Of those that came to
    their end, `judged`, the longest has `deepest` turns, and `vacuous` are the checks that had
    nothing to guard in any.
    """

    of: str
    left: list[list[Schedule]]
    format: int = FORMAT
    level: int = 0
    known: set[bytes] = msgspec.field(default_factory=set)
    runs: int = 0
    merged: int = 0
    given_up: int = 0
    deepest: int = 0
    judged: int = 0
    vacuous: set[str] = msgspec.field(default_factory=set)
    opaque: str = ""
    spent_s: float = 0.0

    def next(self, most: int) -> list[Schedule]:
        """The schedules to run next, at most so many; none if all were run."""
        while self.level < len(self.left) - 1 and not self.left[self.level]:
            self.level += 1
        return self.left[self.level][:most]

    def take(self, schedules: list[Schedule], found: list[Explored]) -> list[bytes]:
        """Take in what the runs of `schedules`, the next ones, have shown. Returns the states that
        were not known.
        """
        here = self.left[self.level]
        del here[: len(schedules)]
        behind = self.left[self.level + 1] if self.level + 1 < len(self.left) else []
        fresh: list[bytes] = []
        for one in found:
            for reached in one.reached:
                if reached.state:
                    if reached.state in self.known:
                        # another process has come here first, and has seen all that follows
                        one.merged = True
                        if one.at >= reached.record:
                            one.broken = ()
                        break
                    self.known.add(reached.state)
                    fresh.append(reached.state)
                here += reached.moved
                behind += reached.departing
            self._count(one)
        return fresh

    def waiting(self) -> list[int]:
        """The numbers of schedules that are left, by their departures."""
        return [len(schedules) for schedules in self.left]

    def _count(self, one: Explored) -> None:
        self.runs += 1
        self.merged += one.merged
        self.opaque = self.opaque or one.opaque
        if one.merged:
            return
        self.given_up += bool(one.gave_up)
        self.deepest = max(self.deepest, one.turns)
        if not one.gave_up:
            vacuous = set(one.vacuous)
            self.vacuous = self.vacuous & vacuous if self.judged else vacuous
            self.judged += 1


def new_frontier(of: str, departures: int) -> Frontier:
    """The frontier of a search that begins, with at most so many departures."""
    return Frontier(of, [[ORDINARY], *([] for _ in range(departures))])


def search_id(scenario: ScenarioText, policy: str, departures: int, version: str) -> str:
    """A name that is equal for calls that search the same."""
    whole = msgspec.json.encode((scenario, policy, departures, version, FORMAT))
    return blake2b(whole, digest_size=6).hexdigest()


def frontier_path(root: Path, of: str) -> Path:
    """The file of a search's frontier."""
    return root / FOLDER / f"{of}.msgpack"


def write_frontier(path: Path, frontier: Frontier) -> None:
    """Write the file whole or not at all. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_bytes(msgspec.msgpack.encode(frontier))
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def read_frontier(path: Path, of: str) -> Frontier:
    """The frontier of the search `of`. Raises Unusable, OSError."""
    try:
        found = msgspec.msgpack.decode(path.read_bytes(), type=Frontier)
    except msgspec.DecodeError as error:
        raise Unusable(f"it cannot be read: {error}") from error
    if found.of != of or found.format != FORMAT:
        raise Unusable("it is of another search")
    return found
