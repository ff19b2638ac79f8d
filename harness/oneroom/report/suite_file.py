"""`suite.json` in a report's folder: the outcome of a call as data, for `oneroom merge`,
`--last-failed` and `--run-times`.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from oneroom.checks.results import RunGroup, Skipped, Summary

NAME = "suite.json"
VERSION = 1


class SuiteFile(msgspec.Struct, frozen=True):
    """One call. `shard` is `2/3`, "" for a whole suite; `plan` is equal for shards of one suite;
    `texts` are the failure texts of groups: scenario, policy, text.
    """

    version: int
    plan: str
    shard: str
    summary: Summary
    groups: tuple[RunGroup, ...]
    texts: tuple[tuple[str, str, str], ...] = ()
    skipped: tuple[Skipped, ...] = ()

    def run_ms(self) -> dict[tuple[str, str], float]:
        """Milliseconds of one run of each scenario and policy."""
        return {
            (group.scenario, group.policy): group.wall_ms / group.seeds
            for group in self.groups
            if group.seeds
        }

    def not_as_expected(self) -> frozenset[tuple[str, str]]:
        """The scenarios and policies that were not as expected."""
        return frozenset(
            (group.scenario, group.policy) for group in self.groups if group.verdict != "held"
        )


class NoSuite(Exception):
    """A folder whose `suite.json` is missing or cannot be read; `args` are one sentence."""


def read(folder: Path) -> SuiteFile:
    """The outcome in a report's folder, or in the file itself. Raises NoSuite."""
    path = folder if folder.is_file() else folder / NAME
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoSuite(f"{path} cannot be read: {error.strerror}") from error
    try:
        version = msgspec.json.decode(data, type=_Head).version
        if version != VERSION:
            raise NoSuite(f"{path} is of version {version}, this oneroom reads {VERSION}")
        return msgspec.json.decode(data, type=SuiteFile)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NoSuite(f"{path} is not the outcome of a run: {error}") from error


class _Head(msgspec.Struct):
    version: int
