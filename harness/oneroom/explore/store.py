"""The store of failures: one readable file each, `.oneroom/failures/<ID>.json`.

A shrunk failure has its scenario beside it as `<ID>.yaml`, to be run, edited and kept.

Rules: a file holds all that its run needs, the scenario's text included, so it can be sent to
somebody else and outlives edits of the scenario. Draws are kept by the name of their label. A file
is written whole or not at all. Raises OSError as the system has it; the caller decides what a full
or read-only disk means.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from oneroom.checks.results import Failure
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.choices.replay import Replay
from oneroom.explore.judged_run import JudgedRun, failure_id, run_judged
from oneroom.explore.shrink import Shrunk
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.scenario.bundle import Bundle
from oneroom.scenario.shown_path import shown_path

FORMAT = 1
FOLDER = Path(".oneroom")
_IGNORE = "# Made by oneroom: what it keeps between runs is nobody else's.\n*\n"


class StoredFailure(msgspec.Struct, frozen=True):
    """One file.

    `tape` holds [name of the label, bound, value] for every draw; `line` is the scenario's line in
    `scenario`; `bus` is the bus that `--bus` gave to all windows, `checks` are those that `--check`
    added.
    """

    format: int
    id: str
    check: str
    at_us: int
    message: str
    scenario: str
    title: str
    line: int
    policy: str
    seed: int
    digest: str
    records: int
    oneroom: str
    simpy: str
    text: tuple[str, ...]
    tape: tuple[tuple[str, int, int], ...]
    # Sizes of the run from which this one was shrunk; 0 for one that was not shrunk.
    records_before: int = 0
    steps_before: int = 0
    # The SFU it was found on. The tape of a run on a real server is that of its simulation.
    sfu: str = "fake"
    bus: str = ""
    checks: tuple[str, ...] = ()
    # The app that its windows ran, and the hash of its bundle.
    bundle: Bundle | None = None
    bundle_sha256: str = ""


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


class Store:
    """The failures below `root`, which need not exist yet."""

    def __init__(self, root: Path = FOLDER) -> None:
        self.root = root
        self.folder = root / "failures"

    def keep_shrunk(
        self, shrunk: Shrunk, check: str, versions: Mapping[str, str]
    ) -> tuple[Failure, JudgedRun]:
        """Keep a shrunk failure under a name of its own, with its scenario as a file beside it.

        Returns the failure as it is stored. The same small scenario has the same name whatever seed
        led to it. Raises Nondeterministic.
        """
        found = shrunk.judged
        text, policy = found.run.scenario.text, found.result.policy
        bundle = found.run.scenario.bundle
        name = failure_id(text, policy, 0, check, bundle=bundle)
        path = self.folder / f"{name}.yaml"
        scenario = parse(text, vocabulary(), path.as_posix())
        scenario = scenario.with_checks(found.run.scenario.added_checks)
        scenario = scenario.with_bundle(bundle)
        made = run_judged(scenario, policy, found.result.seed, Replay(found.run.tape))
        if made.result.digest != found.result.digest:
            raise Nondeterministic(policy)
        finding = next(finding for finding in made.result.violations if finding.check == check)
        result = msgspec.structs.replace(made.result, id=name, repro=f"oneroom replay {name}")
        failure = Failure(result, finding, name, result.repro, stored=True, hits=1)
        self.save(failure, made, versions, shrunk.records_before, shrunk.steps_before)
        _write(path, text)
        return failure, made

    def save(
        self,
        failure: Failure,
        made: JudgedRun,
        versions: Mapping[str, str],
        records_before: int = 0,
        steps_before: int = 0,
    ) -> Path:
        """Keep `failure`, whose run is `made`; `versions` has those of oneroom and simpy.

        The file of an old run of the same failure is replaced.
        """
        result, bundle = failure.result, made.run.scenario.bundle
        stored = StoredFailure(
            format=FORMAT,
            id=failure.id,
            check=failure.finding.check,
            at_us=failure.finding.at_us,
            message=failure.finding.message,
            scenario=result.scenario,
            title=result.title,
            line=result.line,
            policy=result.policy,
            seed=result.seed,
            digest=made.result.digest,
            records=made.result.records,
            oneroom=versions["oneroom"],
            simpy=versions["simpy"],
            text=tuple(made.run.scenario.text.split("\n")),
            tape=tuple((Label(draw.label).name, draw.bound, draw.value) for draw in made.run.tape),
            sfu=result.sfu,
            records_before=records_before,
            steps_before=steps_before,
            bus=made.run.scenario.forced_bus,
            checks=made.run.scenario.added_checks,
            bundle=bundle,
            bundle_sha256=bundle.sha256 if bundle is not None else "",
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        ignore = self.root / ".gitignore"
        if not ignore.exists():
            _write(ignore, _IGNORE)
        path = self.folder / f"{failure.id}.json"
        _write(path, _render(stored))
        return path

    def ids(self) -> tuple[str, ...]:
        """Names of all stored failures, sorted."""
        if not self.folder.is_dir():
            return ()
        return tuple(sorted(path.stem for path in self.folder.glob("*.json")))

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


def draws(stored: StoredFailure) -> list[Draw]:
    """The tape as `oneroom.choices.replay.Replay` plays it.

    A label that does not exist any more becomes 0, which no run asks for.
    """
    numbers = {label.name: int(label) for label in Label}
    return [Draw(numbers.get(name, 0), bound, value) for name, bound, value in stored.tape]


def text_of(stored: StoredFailure) -> str:
    """The scenario's text as it was run."""
    return "\n".join(stored.text)


class _Head(msgspec.Struct):
    """The field that every version of the file has."""

    format: int


def _render(stored: StoredFailure) -> str:
    """JSON with one field, one line of text and one draw a line.

    That is readable, and a diff shows the draws that differ.
    """
    facts: dict[str, object] = msgspec.structs.asdict(stored)
    del facts["text"], facts["tape"]
    fields = [f'  "{key}": {_json(value)}' for key, value in facts.items()]
    fields += [_list("text", stored.text), _list("tape", stored.tape)]
    return "{\n" + ",\n".join(fields) + "\n}\n"


def _list(key: str, values: Sequence[object]) -> str:
    return f'  "{key}": [\n' + ",\n".join(f"    {_json(value)}" for value in values) + "\n  ]"


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all.

    A file that is cut off by a full disk would look like a failure that cannot be read.
    """
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
