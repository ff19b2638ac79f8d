"""Answers to what-if: the run of a name, with the changes that the reader has made so far.

Rules: a request has all changes, so that going back is a request with fewer of them, and what the
server keeps is a cache. One run is played at a time: playing changes the collector and standard
output of the process.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from oneroom.checks.results import Failure
from oneroom.explore.what_if import Immovable, Version, moved
from oneroom.report import figures
from oneroom.report.describe import Describer
from oneroom.report.html.run_data import run_data
from oneroom.trace.records import Record, StepTaken
from oneroom.trace.trace import Trace
from oneroom.ui.runs import RunName, Runs
from oneroom.ui.saving import save
from oneroom.ui.server import Refused

MOST_CHANGES = 200
_KEPT = 32


class Change(msgspec.Struct, frozen=True):
    """A record of the run so far, and the time to which it is moved."""

    record: int
    at_us: int


class Question(msgspec.Struct, frozen=True):
    """The run of a name with changes, one after the other."""

    name: RunName
    changes: tuple[Change, ...] = ()


class _Played(msgspec.Struct, frozen=True):
    """A version, and its changes in words."""

    version: Version
    words: tuple[dict[str, Any], ...] = ()


class Keeping(Question, frozen=True):
    """The same, and the name under which it is kept as a scenario."""

    file: str = ""


class WhatIfs:
    """Plays runs with changes, and keeps them in `folder`."""

    def __init__(self, runs: Runs, folder: Path) -> None:
        self._runs = runs
        self._folder = folder
        self._lock = threading.Lock()
        self._played: OrderedDict[Question, _Played] = OrderedDict()

    def answer(self, question: Question) -> dict[str, Any]:
        """The data of the run for its page, and what the changes have come to. Raises Refused."""
        with self._lock:
            started_s = time.process_time()
            first = self._find(Question(question.name)).version.made
            played = self._find(question)
            played_s = time.process_time() - started_s
            made = played.version.made
            return {
                "run": self._data(question, played.version),
                "moved": played.version.moved,
                "verdict": made.result.verdict,
                "was": first.result.verdict,
                "broken": [one.check for one in made.result.violations],
                "broke": [one.check for one in first.result.violations],
                "changes": played.words,
                "difference": difference(first.run.trace, made.run.trace),
                "played_ms": round(1_000 * played_s, 1),
            }

    def keep(self, wanted: Keeping) -> dict[str, Any]:
        """Keep the run with its changes as a scenario; returns how it is run. Raises Refused."""
        with self._lock:
            played = self._find(Question(wanted.name, wanted.changes))
            words = [
                f"{one['text']}: {figures.exact_timestamp(one['from_us'])} to "
                f"{figures.exact_timestamp(one['to_us'])}"
                for one in played.words
            ]
            return save(played.version, words, self._folder, wanted.file)

    def _data(self, question: Question, version: Version) -> dict[str, Any]:
        data = run_data(version.made.run, version.made.result, _failures(version))
        if question.changes:
            data["repro"] = ""  # no command makes it
        elif question.name.id and version.made.result.id != question.name.id:
            data |= {"id": question.name.id, "repro": f"oneroom replay {question.name.id}"}
        return data

    def _find(self, question: Question) -> _Played:
        if len(question.changes) > MOST_CHANGES:
            raise Refused(f"a run takes at most {MOST_CHANGES} changes")
        kept = self._played.get(question)
        if kept is None:
            kept = self._played[question] = self._make(question)
            if len(self._played) > _KEPT:
                self._played.popitem(last=False)
        self._played.move_to_end(question)
        return kept

    def _make(self, question: Question) -> _Played:
        if not question.changes:
            return _Played(self._runs.find(question.name))
        before = self._find(Question(question.name, question.changes[:-1]))
        change = question.changes[-1]
        try:
            after = moved(before.version, change.record, change.at_us)
        except Immovable as error:
            raise Refused(str(error)) from error
        return _Played(after, (*before.words, _words(before.version, after, change)))


def _words(before: Version, after: Version, change: Change) -> dict[str, Any]:
    """A change in words: what was moved, from when to when."""
    version, n = (after, after.moved) if after.moved >= 0 else (before, change.record)
    record = version.records[n]
    text = Describer(version.made.run.trace).sentence(record)
    if isinstance(record, StepTaken):
        text = text.removesuffix(f" (line {record.line})")  # the next change may move it
    return {
        "text": text,
        "from_us": before.records[change.record].at_us,
        "to_us": record.at_us,
        "asked_us": change.at_us,
    }


def _failures(version: Version) -> Sequence[Failure]:
    """The failure that the page is about: the first that the scenario does not expect."""
    result = version.made.result
    ranked = sorted(result.violations, key=lambda one: one.check not in result.unexpected)
    return [
        Failure(result, finding, result.id, result.repro, stored=False, hits=1)
        for finding in ranked[:1]
    ]


def difference(first: Trace, changed: Trace) -> dict[str, Any] | None:
    """The first records of two runs that say something else; None if times alone differ."""
    left, right = Describer(first), Describer(changed)
    shorter = min(len(first.records), len(changed.records))
    pairs = zip(first.records, changed.records, strict=False)
    for n, (mine, theirs) in enumerate(pairs):
        if left.sentence(_anywhere(mine)) != right.sentence(_anywhere(theirs)):
            was, now = left.sentence(mine), right.sentence(theirs)
            return {"record": n, "was": _timed(mine.at_us, was), "now": _timed(theirs.at_us, now)}
    if len(first.records) == len(changed.records):
        return None
    return {
        "record": min(shorter, len(changed.records) - 1),
        "was": _rest(first, left, shorter),
        "now": _rest(changed, right, shorter),
    }


def _anywhere(record: Record) -> Record:
    """A record without its line of the scenario's text, which is written anew for a step that has
    moved.
    """
    return msgspec.structs.replace(record, line=0) if isinstance(record, StepTaken) else record


def _rest(trace: Trace, describer: Describer, n: int) -> str:
    if n >= len(trace.records):
        return "the run has ended"
    return _timed(trace.records[n].at_us, describer.sentence(trace.records[n]))


def _timed(at_us: int, words: str) -> str:
    return f"{figures.exact_timestamp(at_us)}  {words}"
