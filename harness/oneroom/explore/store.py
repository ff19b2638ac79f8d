"""The store of failures: one readable file each, `.oneroom/failures/<ID>.json`.

A shrunk failure has its scenario beside it as `<ID>.yaml`, to be run, edited and kept.

Rules: a file is written whole or not at all. Raises OSError as the system has it; the caller
decides what a full or read-only disk means.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from oneroom.checks.results import Failure
from oneroom.choices.replay import Replay
from oneroom.explore.judged_run import JudgedRun, failure_id, run_judged
from oneroom.explore.replay_token import replay_command
from oneroom.explore.shrink import Shrunk
from oneroom.explore.stored_failure import FORMAT, StoredFailure, render, stored_failure, text_of
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.scenario.shown_path import shown_path

FOLDER = Path(".oneroom")
_IGNORE = "# Made by oneroom: what it keeps between runs is nobody else's.\n*\n"
_APP = re.compile(r"^app:.*$", re.MULTILINE)


class Unreadable(Exception):
    """A file of the store that cannot be read: `path`, and the reason in one clause."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(path, why)
        self.path = path
        self.why = why

    def __str__(self) -> str:
        return f"{shown_path(self.path)}: {self.why}"


class Nondeterministic(Exception):
    """A run that does not repeat itself, so that nothing of it can be kept; `args` are one line."""

    def __init__(self, policy: str) -> None:
        super().__init__(
            f"{policy} does not repeat itself under the same draws, so no failure of it can be "
            f"kept; `oneroom run` says where two of its runs differ"
        )


@dataclass(frozen=True)
class ShrunkFailure:
    """A shrunk failure under a name of its own, its run `made`, and what is kept of it."""

    failure: Failure
    made: JudgedRun
    stored: StoredFailure


def shrunk_failure(shrunk: Shrunk, check: str, versions: Mapping[str, str]) -> ShrunkFailure:
    """A shrunk failure as it is kept, and reported, in a scenario of its own.

    The same small scenario has the same name whatever seed led to it. Raises Nondeterministic.
    """
    found = shrunk.judged
    text, policy = found.run.scenario.text, found.result.policy
    bundle = found.run.scenario.bundle
    name = failure_id(text, policy, 0, check, bundle=bundle)
    path = scenario_path(Store().folder, name)
    scenario = parse(text, vocabulary(), path.as_posix())
    scenario = scenario.with_checks(found.run.scenario.added_checks)
    scenario = scenario.with_bundle(bundle).with_core(found.run.scenario.core)
    made = run_judged(scenario, policy, found.result.seed, Replay(found.run.tape))
    if made.result.digest != found.result.digest:
        raise Nondeterministic(policy)
    finding = next(finding for finding in made.result.violations if finding.check == check)
    failure = Failure(made.result, finding, name, "", stored=True, hits=1)
    stored = stored_failure(failure, made, versions, shrunk.records_before, shrunk.steps_before)
    repro = replay_command(stored)
    result = msgspec.structs.replace(made.result, id=name, repro=repro)
    failure = msgspec.structs.replace(failure, result=result, repro=repro)
    return ShrunkFailure(failure, made, stored)


class Store:
    """The failures below `root`, which need not exist yet."""

    def __init__(self, root: Path = FOLDER) -> None:
        self.root = root
        self.folder = root / "failures"

    def keep(self, stored: StoredFailure, *, with_scenario: bool = False) -> Path:
        """Keep a failure, with its scenario as a file beside it if that is not one already.

        The file of an old run of the same failure is replaced.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore(self.root)
        path = self.folder / f"{stored.id}.json"
        write_whole(path, render(stored))
        if with_scenario:
            write_whole(scenario_path(self.folder, stored.id), self._runnable_text(stored))
        return path

    def _runnable_text(self, stored: StoredFailure) -> str:
        """The scenario as a file of this folder. It names the app that failed, as seen from here,
        in the last line, so that all others keep their numbers.
        """
        text, bundle = text_of(stored), stored.bundle
        if bundle is None or bundle.command:
            return text
        app = Path(os.path.relpath(bundle.path, self.folder)).as_posix()
        line = f"app: {json.dumps(app)}"
        if _APP.search(text):
            return _APP.sub(lambda _: line, text)
        return f"{text.rstrip()}\n{line}\n"

    def ids(self) -> tuple[str, ...]:
        """Names of all stored failures, sorted."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(path.stem for path in self.folder.glob("*.json")))

    def kept_s(self, failure_id: str) -> float:
        """The time at which a failure was kept, in seconds since 1970; 0 if it is gone."""
        try:
            return (self.folder / f"{failure_id}.json").stat().st_mtime
        except FileNotFoundError:
            return 0.0

    def forget(self, failure_id: str) -> None:
        """Remove a failure and its scenario. Raises FileNotFoundError."""
        (self.folder / f"{failure_id}.json").unlink()
        scenario_path(self.folder, failure_id).unlink(missing_ok=True)
        (self.root / "counts" / f"{failure_id}.json").unlink(missing_ok=True)

    def load(self, failure_id: str) -> StoredFailure:
        """The failure of that name. Raises Unreadable, FileNotFoundError."""
        return read(self.folder / f"{failure_id}.json")


def read(path: Path) -> StoredFailure:
    """The failure in the file at `path`.

    Raises Unreadable for a file that is not a stored failure, OSError as the system has it.
    """
    data = path.read_bytes()
    try:
        head = msgspec.json.decode(data, type=_Head)
        if head.format != FORMAT:
            raise Unreadable(path, f"is of format {head.format}, this version reads {FORMAT}")
        return msgspec.json.decode(data, type=StoredFailure)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(path, f"is not a stored failure: {error}") from error


def scenario_path(folder: Path, failure_id: str) -> Path:
    """The file of a shrunk failure's scenario."""
    return folder / f"{failure_id}.yaml"


class _Head(msgspec.Struct):
    """The field that every version of the file has."""

    format: int


def ignore(root: Path) -> None:
    """Let Git ignore what is kept below `root`."""
    ignored = root / ".gitignore"
    if not ignored.exists():
        write_whole(ignored, _IGNORE)


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    A file that is cut off by a full disk would look like a failure that cannot be read.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
