"""A stored failure: all that its run needs, as a value and as a readable file's text.

Rules: the scenario's text is part of it, so that it can be sent to somebody else and outlives edits
of the scenario. Draws are kept by the name of their label.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from oneroom.checks.results import Failure
from oneroom.choices.draw import Draw
from oneroom.choices.labels import Label
from oneroom.explore.judged_run import JudgedRun
from oneroom.scenario.bundle import Bundle

FORMAT = 1


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
    # The owner machine that they ran, if it was not the one in Python.
    core: Bundle | None = None
    # The time-outs that `--timing` gave to all windows.
    timings_us: dict[str, int] = {}


def stored_failure(
    failure: Failure,
    made: JudgedRun,
    versions: Mapping[str, str],
    records_before: int = 0,
    steps_before: int = 0,
) -> StoredFailure:
    """`failure`, whose run is `made`, as it is kept; `versions` has those of oneroom and simpy."""
    result, bundle = failure.result, made.run.scenario.bundle
    return StoredFailure(
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
        core=made.run.scenario.core,
        timings_us=dict(made.run.scenario.forced_timings_us),
    )


def draws(stored: StoredFailure) -> list[Draw]:
    """The tape as `oneroom.choices.replay.Replay` plays it.

    A label that does not exist any more becomes 0, which no run asks for.
    """
    numbers = {label.name: int(label) for label in Label}
    return [Draw(numbers.get(name, 0), bound, value) for name, bound, value in stored.tape]


def entry_words(stored: StoredFailure, position: int) -> str:
    """`entry 14 (FATE #3)`: a draw of the tape, by its label and its number among those of it."""
    label = stored.tape[position][0]
    nth = sum(entry[0] == label for entry in stored.tape[: position + 1])
    return f"entry {position + 1:,} ({label} #{nth:,})"


def text_of(stored: StoredFailure) -> str:
    """The scenario's text as it was run."""
    return "\n".join(stored.text)


def render(stored: StoredFailure) -> str:
    """JSON with one field, one line of text and one draw a line, as a file has it.

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
