"""The data of one run for the failure page: records as columns, states of lanes as spans, what
broke and why.

Rules: the page knows no semantics. Every word that it shows and every look that it draws is chosen
here; it lays out, draws and answers the keyboard. The format is documented in docs/report.md and
has a number; a text is in the table `texts` once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeAlias, get_type_hints

from oneroom.checks.results import RAISED, Failure, Finding, Result
from oneroom.driver.run import Run
from oneroom.report import cause_chain, figures
from oneroom.report.describe import Describer
from oneroom.report.html import run_marks
from oneroom.report.html.columns import Texts, differences, distances
from oneroom.report.html.lane_states import lane_states
from oneroom.report.html.legend import legend
from oneroom.report.html.run_lanes import LanePlan
from oneroom.report.html.sources import scenario_source, user_sources
from oneroom.report.html.spans import LASTS, Span
from oneroom.trace import app_records as a
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

FORMAT = 1
Json: TypeAlias = dict[str, object]

# A sentence that the page makes of the lane's name and the words: `main opens`, `SFU: + main`.
_NAME_AND_WORDS, _NAME_COLON_WORDS = -1, -2
# What did not run or was broken so shortly before a failure is told beside its causes.
_CLOSE_US = 10_000_000
_CLOSE = 6
_COURSE = 14  # sentences about a run that held


def run_data(
    run: Run,
    result: Result,
    failures: Sequence[Failure] = (),
    seeds: int = 1,
    twin: LinkedTwin | None = None,
) -> dict[str, object]:
    """The data of a run for its page. `failures` are those of its scenario and policy over `seeds`
    seeds, the one that the page is about first; for a run by itself there are none. `twin` is
    the nearest run of the other verdict, if the document has it as well.
    """
    whole = _RunData(run, result, failures, seeds).whole()
    return whole | {"twin": None if twin is None else twin._asdict()}


class LinkedTwin(NamedTuple):
    """The nearest run of the other verdict, as a page links to it: its id in the document, what the
    link says, and what decides between the two.
    """

    id: str
    link: str
    lines: Sequence[str]


class _RunData:
    """The data of one run while it is put together."""

    def __init__(self, run: Run, result: Result, failures: Sequence[Failure], seeds: int) -> None:
        self._run = run
        self._result = result
        self._failures = failures
        self._seeds = seeds
        self._trace: Trace = run.trace
        self._records: Sequence[r.Record] = run.trace.records
        self._describer = Describer(run.trace)
        self._lanes = LanePlan(run.trace)
        self._texts = Texts()
        self._spans = lane_states(run.trace, self._lanes, self._describer)
        self._used = {f"{span.track} {span.style}" for span in self._spans}
        self._used.update(word for span in self._spans for word in span.style.split())

    def whole(self) -> Json:
        """All of it, ready for JSON."""
        result = self._result
        records = self._record_columns()
        findings = [self._finding(finding) for finding in self._ordered()]
        return {
            "format": FORMAT,
            "title": result.title,
            "scenario": result.scenario,
            "line": result.line,
            "policy": result.policy,
            "seed": result.seed,
            "verdict": result.verdict,
            "facts": self._facts(),
            "repro": self._failures[0].repro if self._failures else result.repro,
            "id": self._failures[0].id if self._failures else result.id,
            "end_us": self._trace.now_us,
            "unfinished": result.gave_up,
            "lanes": [[lane.name, lane.kind, lane.note] for lane in self._lanes.all],
            "ranks": run_marks.RANKS,
            "marks": run_marks.MARKS,
            "arrows": run_marks.ARROWS,
            "groups": run_marks.GROUPS,
            "kinds": self._kinds(),
            "records": records,
            "spans": self._span_columns(),
            "findings": findings,
            "course": [] if findings else self._course(),
            "legend": legend(self._used),
            "sources": self._sources(),
            "texts": self._texts.all,
        }

    # -- the run ----------------------------------------------------------------------------------

    def _facts(self) -> list[list[str]]:
        """The small print below the title: pairs of a name and a value."""
        result = self._result
        facts = [["bus", result.bus], ["SFU", result.sfu]]
        if not result.violations:
            facts.extend(
                [name.removesuffix("_ms").replace("_", " "), f"{value:,} ms"]
                for name, value in result.ledger.items()
                if name.endswith("_ms") and value
            )
        return facts

    def _sources(self) -> list[Json]:
        scenario = scenario_source(self._result.scenario, self._run.scenario.text)
        names = self._trace.names
        told = [finding.message for finding in self._result.violations if finding.check in RAISED]
        for record in self._records:
            if isinstance(record, a.AppFailed):
                told.append(names[record.error])
            elif isinstance(record, a.ConsoleWritten):
                told.append(names[record.text])
        return [scenario, *user_sources(told)]

    # -- records ----------------------------------------------------------------------------------

    def _record_columns(self) -> Json:
        place, ranking = self._texts.place, run_marks.Ranking(self._describer)
        lanes = [self._lanes.of(record) for record in self._records]
        arrows = self._arrows(lanes)
        self._number_kinds()
        ranks: list[int] = []
        marks: list[int] = []
        words: list[int] = []
        short: list[int] = []
        sentences: list[int] = []
        for record, lane in zip(self._records, lanes, strict=True):
            ranks.append(ranking.of(record))
            mark = run_marks.mark(record)
            self._used.add(f"mark {mark}")
            marks.append(run_marks.MARKS.index(mark))
            said = self._describer.describe(record)
            label = run_marks.label(said)
            words.append(place(label))
            short.append(place(run_marks.short_label(said)))
            sentences.append(self._sentence(record, self._lanes.all[lane].name, label))
        return {
            "at": differences(record.at_us for record in self._records),
            "lane": lanes,
            "cause": distances([record.cause for record in self._records]),
            "kind": [self._kind_places[type(record)] for record in self._records],
            "rank": ranks,
            "mark": marks,
            "arrow": arrows,
            "words": words,
            "short": short,
            "said": sentences,
        }

    def _sentence(self, record: r.Record, lane: str, label: str) -> int:
        sentence = self._describer.sentence(record)
        if sentence == f"{lane} {label}":
            return _NAME_AND_WORDS
        if sentence == f"{lane}: {label}":
            return _NAME_COLON_WORDS
        return self._texts.place(sentence)

    def _arrows(self, lanes: Sequence[int]) -> list[int]:
        effects: dict[int, list[r.Record]] = {}
        for record in self._records:
            effects.setdefault(record.cause, []).append(record)
        found: list[int] = []
        for record in self._records:
            arrow = "none"
            if 0 <= record.cause < record.n and lanes[record.cause] != lanes[record.n]:
                cause = self._records[record.cause]
                if lanes[record.cause] != self._lanes.world:
                    arrow = run_marks.arrow(record, cause, effects.get(record.n, []))
                self._used.add(f"arrow {arrow}")
            found.append(run_marks.ARROWS.index(arrow))
        return found

    # -- kinds and their fields -------------------------------------------------------------------

    def _number_kinds(self) -> None:
        kinds = sorted({type(record) for record in self._records}, key=lambda kind: kind.__name__)
        self._kind_places = {kind: place for place, kind in enumerate(kinds)}

    def _kinds(self) -> list[Json]:
        of_kind: dict[type[r.Record], list[r.Record]] = {}
        for record in self._records:
            of_kind.setdefault(type(record), []).append(record)
        return [
            {
                "name": kind.__name__,
                "group": run_marks.group(kind),
                "fields": self._fields(kind, of_kind.get(kind, [])),
            }
            for kind in sorted(of_kind, key=lambda kind: kind.__name__)
        ]

    def _fields(self, kind: type[r.Record], records: Sequence[r.Record]) -> list[Json]:
        """The kind's own fields, a column each: texts and names of values as places, or numbers."""
        hints = get_type_hints(kind, include_extras=True)
        found: list[Json] = []
        for name in kind.__struct_fields__[len(r.Record.__struct_fields__) :]:
            values = [getattr(record, name) for record in records]
            interned = r.INTERNED in getattr(hints[name], "__metadata__", ())
            if interned:
                said = [self._trace.names[value] for value in values]
            elif isinstance(values[0], bool):
                said = ["yes" if value else "no" for value in values]
            elif hasattr(values[0], "name"):
                said = [_value_name(value) for value in values]
            else:
                found.append({"name": name, "text": False, "values": values})
                continue
            places = [self._texts.place(text) for text in said]
            found.append({"name": name, "text": True, "values": places})
        return found

    # -- spans ------------------------------------------------------------------------------------

    def _span_columns(self) -> Json:
        place, spans = self._texts.place, self._spans
        return {
            "lane": [span.lane for span in spans],
            "track": [place(span.track) for span in spans],
            "style": [place(span.style) for span in spans],
            "begin": differences(span.begin for span in spans),
            "length": [LASTS if span.end == LASTS else span.end - span.begin for span in spans],
            "label": [place(span.label) for span in spans],
        }

    # -- what broke -------------------------------------------------------------------------------

    def _ordered(self) -> list[Finding]:
        """The findings, that of the page first, then the unexpected ones."""
        first = self._failures[0].finding.check if self._failures else ""
        unexpected = self._result.unexpected
        return sorted(
            self._result.violations,
            key=lambda one: (one.check != first, one.check not in unexpected),
        )

    def _finding(self, finding: Finding) -> Json:
        chain = cause_chain.explain(self._trace, finding)
        violations = {one.check: one for one in self._run.judgement.violations}
        violation = violations.get(finding.check)
        failure = next((one for one in self._failures if one.finding.check == finding.check), None)
        return {
            "id": "" if failure is None else failure.id,
            "check": finding.check,
            "at_us": finding.at_us,
            "record": finding.record,
            "windows": finding.windows,
            "message": finding.message,
            "expected": finding.check not in self._result.unexpected,
            "since_us": finding.at_us if violation is None else violation.since_us,
            "until_us": -1 if violation is None else violation.until_us,
            "line": finding.line or chain.step_line or self._result.line,
            "rate": "" if failure is None else figures.rate(failure.hits, self._seeds),
            "chain": chain.records,
            "links": [
                {"records": link.records, "text": link.text, "line": link.line}
                for link in chain.links
            ],
            "close": self._close(finding, frozenset(chain.records)),
        }

    def _close(self, finding: Finding, chain: frozenset[int]) -> list[Json]:
        """Windows that did not run, and faults, shortly before the failure; no causes of it."""
        since_us = finding.at_us - _CLOSE_US
        found: list[Json] = []
        for span in self._spans:
            if span.track != "pause" and span.style != "fault":
                continue
            lane = self._lanes.all[span.lane].name
            if span.track == "pause" and lane not in finding.windows:
                continue
            begin_us, end_us = self._times_us(span)
            over = span.end != LASTS and end_us < since_us
            if span.begin >= finding.record or span.begin in chain or over:
                continue
            text = self._describer.sentence(self._records[span.begin])
            found.append(
                {
                    "record": span.begin,
                    "text": text,
                    "from_us": begin_us,
                    "to_us": -1 if span.end == LASTS else end_us,
                }
            )
        return found[-_CLOSE:]

    def _times_us(self, span: Span) -> tuple[int, int]:
        end_us = self._trace.now_us if span.end == LASTS else self._records[span.end].at_us
        return self._records[span.begin].at_us, end_us

    def _course(self) -> list[Json]:
        """The course of a run that held, in a few sentences."""
        found: list[Json] = []
        for record in self._records:
            if self._is_of_course(record):
                step = self._records[record.cause] if 0 <= record.cause < record.n else None
                line = step.line if isinstance(step, r.StepTaken) else 0
                text = self._describer.sentence(record)
                found.append({"records": (record.n,), "text": text, "line": line})
        return found[:_COURSE]

    def _is_of_course(self, record: r.Record) -> bool:
        match record:
            case r.LifeChanged(life=life):
                return life not in (r.Life.OPENED, r.Life.FOCUSED)
            case r.RoleChanged(role=role):
                return role is r.Role.OWNER
            case r.RoomChanged(state=state):
                return state in (r.RoomState.OPENING, r.RoomState.ENDED)
            case r.FaultChanged():
                return not self._describer.implied_by_lifecycle(record)
        return isinstance(record, r.UserActed | r.UserNotified | r.PromptChanged | a.AppFailed)


def _value_name(value: object) -> str:
    name = getattr(value, "name", None)
    return str(value) if name is None else str(name).lower().replace("_", " ")
