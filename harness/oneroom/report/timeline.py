"""The space-time diagram of a failure in plain text.

Time runs down, one column a window, the SFU last.

    *    4.000 s  ── step crash main (line 14) ──────────────
    *             ┃ crashes                  │                          ┃
    x    5.204 s                             ┃ opens its Room (t8)  ┃

A terminal too narrow for columns gets a list: time and sentence.

Rules: at most as wide as the style says, and about 60 lines, whatever the trace. Records that lead
to the failure (`*`) and the failing record (`x`) stay; of the rest the most informative kinds stay
longest, those near the failure before those far from it; records that are left out are counted.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import msgspec

from oneroom.checks.results import Finding
from oneroom.report import figures, lanes
from oneroom.report.cause_chain import CauseChain
from oneroom.report.describe import LATE_US, Describer
from oneroom.report.lanes import Lanes
from oneroom.report.style import PLAIN, Style
from oneroom.report.wrap import wrap
from oneroom.trace import app_records as a
from oneroom.trace import chat_records as c
from oneroom.trace import records as r
from oneroom.trace.trace import SFU, WITNESS, Trace

LINES = 60
_PREFIX = 13  # mark, time, gap
# The least width of a diagram with two columns.
_COLUMNS_FROM = 60
# The least width of a column where not all windows fit; those with the fewest records lose theirs.
_NARROWEST = 20
_TIGHTEST = 15  # the least width at which all windows keep theirs, or those of the failure
_CELL_LINES = 3
# A gap shorter than this with fewer records than that is not worth a line that says so.
_GAP_US = 400_000
_GAP_RECORDS = 12
_FEW_RECORDS = 3
_LONG_GAP_US = 2_000_000

_FIRST = (
    r.StepTaken,
    r.FaultChanged,
    r.LifeChanged,
    r.RoomChanged,
    r.RoleChanged,
    r.PresenceChanged,
    r.UserActed,
    r.PromptChanged,
    r.InstanceShared,
    r.ClockStepped,
    c.ChatSocketChanged,
    a.AppFailed,
)
_SECOND = (
    r.CommandIssued,
    r.CommandApplied,
    r.MessageLost,
    r.CaptureChanged,
    r.WitnessSaw,
    r.LockChanged,
    r.Noted,
    r.DevicesHeard,
    a.ActionCalled,
    a.ConsoleWritten,
    r.Healed,
    r.Settled,
    c.ChatWritten,
    c.ChatStored,
    c.ChatShown,
)
_THIRD = (
    r.CommandResolved,
    r.UserNotified,
    r.MessagePosted,
    r.PolicyMessagePosted,
    r.TrackChanged,
    r.WebhookHeard,
    r.Rendered,
    c.ChatConfirmed,
)
# Elections do these all the time.
_FOURTH = (r.StorageRead, r.StorageWritten, r.StorageHeard, r.DrawMade)

# They only pass a cause on, so they are left out first.
PASSING = (r.TimerRan, r.PolicyTimerRan, r.TurnRan, a.AppTimerRan)

# Records that belong to no window are drawn across all columns.
_ACROSS = (r.StepTaken, r.Healed, r.Settled, r.FaultChanged, c.ChatStored)


class TimelineRow(msgspec.Struct, frozen=True):
    """One line before it is painted.

    `kind` is "x", "*", "rule", "fold" or "" and decides the colour alone.
    """

    text: str
    kind: str


def timeline(
    trace: Trace,
    finding: Finding | None,
    chain: CauseChain | None,
    style: Style = PLAIN,
    most_lines: int = LINES,
) -> str:
    """The diagram as text, as wide as the style says; ends without a newline.

    Of a run that held there is neither a `finding` nor its `chain`.
    """
    if not trace.records:
        return ""  # an exception of the user's before anything happened
    describer = Describer(trace)
    leading = frozenset(() if chain is None else chain.records)
    ranked = _ranked(describer, finding, leading)
    # Cells wrap and gaps take lines, so how many records fit is only known once they are laid out.
    budget = most_lines
    while True:
        shown = sorted(ranked[:budget])
        if style.width < _COLUMNS_FROM:
            rows = _listed(describer, shown, finding, leading, style.width)
        else:
            rows = _Layout(describer, trace, shown, finding, leading, style.width).rows()
        if len(rows) <= most_lines or budget <= 8:
            break
        budget -= max(1, (len(rows) - most_lines) // 2)
    return "\n".join(_paint(row, style) for row in rows)


def _listed(
    describer: Describer,
    shown: Sequence[int],
    finding: Finding | None,
    leading: frozenset[int],
    width: int,
) -> list[TimelineRow]:
    """Those records one below the other, each a sentence behind its time."""
    rows: list[TimelineRow] = []
    clock = ""
    for n in shown:
        record = describer.records[n]
        at = figures.timestamp(record.at_us)
        failing = finding is not None and n == finding.record
        kind = "x" if failing else "*" if n in leading else ""
        pieces = wrap(describer.sentence(record), width - _PREFIX)
        head = f"{kind:<1}{'' if at == clock else at:>10}  "
        clock = at
        for number, piece in enumerate(pieces):
            text = f"{head if number == 0 else ' ' * _PREFIX}{piece}"
            rows.append(TimelineRow(text, kind))
    return [*rows, TimelineRow("* leads to it  x shows it", "fold")]


def story(trace: Trace, finding: Finding | None, chain: CauseChain | None, most: int) -> list[int]:
    """Numbers of the records that tell a run best, at most so many, in their order."""
    leading = frozenset(() if chain is None else chain.records)
    return sorted(_ranked(Describer(trace), finding, leading)[:most])


def _ranked(describer: Describer, finding: Finding | None, leading: frozenset[int]) -> list[int]:
    """Numbers of the records worth showing, the most informative first."""
    failing = -1 if finding is None else finding.record

    def rank(record: r.Record) -> tuple[int, int]:
        if record.n == failing:
            return 0, 0
        distance = abs(max(0, failing) - record.n)
        if record.n in leading:
            return (6 if isinstance(record, PASSING) else 1), distance
        return priority(describer, record), distance

    repeated = redundant(describer)
    worth = [
        record
        for record in describer.records
        if record.n == failing
        or (
            record.n not in repeated
            and (record.n in leading or priority(describer, record) < NEVER)
        )
    ]
    return [record.n for record in sorted(worth, key=rank)]


def redundant(describer: Describer) -> frozenset[int]:
    """Records that add nothing.

    A window draws what it drew before, or a fault is implied by a lifecycle record.
    """
    found: list[int] = []
    drawn: dict[int, tuple[int, int, bool, int, int]] = {}
    for record in describer.records:
        match record:
            case r.Rendered():
                now = (record.channel, record.connection, record.muted, record.share, record.error)
                nothing_yet = (
                    record.where not in drawn
                    and record.connection is r.ConnectionState.IDLE
                    and record.share is r.Share.OFF
                )
                if drawn.get(record.where) == now or (
                    nothing_yet and not describer.name(record.error)
                ):
                    found.append(record.n)
                drawn[record.where] = now
            case r.FaultChanged() if describer.implied_by_lifecycle(record):
                found.append(record.n)
    return frozenset(found)


NEVER = 9


def priority(describer: Describer, record: r.Record) -> int:
    """3 to 6 for records that may be shown, the most informative kinds first; else `NEVER`."""
    if isinstance(record, r.MessageDelivered):
        return 5 if describer.delay_us(record) >= LATE_US else NEVER
    if isinstance(record, _FIRST):
        return 3
    if isinstance(record, r.LockChanged) and record.change not in (
        r.LockChange.GRANTED,
        r.LockChange.STOLEN,
    ):
        return 5
    if isinstance(record, _SECOND):
        return 4
    if isinstance(record, _THIRD):
        return (
            NEVER
            if isinstance(record, r.MessagePosted) and record.kind is r.MessageKind.HEARTBEAT
            else 5
        )
    return 6 if isinstance(record, _FOURTH) else NEVER


class _Layout:
    """Lays the chosen records out in columns."""

    def __init__(
        self,
        describer: Describer,
        trace: Trace,
        shown: Sequence[int],
        finding: Finding | None,
        leading: frozenset[int],
        width: int,
    ) -> None:
        self.describer = describer
        self.trace = trace
        self.shown = shown
        self.failing = -1 if finding is None else finding.record
        self.leading = leading
        self.width = width
        self.columns, self.without = _columns(trace, shown, finding, width - _PREFIX)
        self.cell_width = (width - _PREFIX) // len(self.columns)
        self.lanes = Lanes()
        self.clock = ""

    def rows(self) -> list[TimelineRow]:
        """The whole diagram, header and legend included."""
        found = self._header()
        before = 0
        for n in self.shown:
            record = self.trace.records[n]
            found.extend(self._gap(before, n))
            self.lanes.follow(self.trace.records[before : n + 1])
            if self._column(record) in self.columns:
                found.extend(self._cell(record))
            elif isinstance(record, _ACROSS) or n == self.failing:
                found.append(self._rule(record))
            before = n + 1
        found.extend(self._gap(before, len(self.trace.records)))
        found.extend(self._legend())
        return found

    def _header(self) -> list[TimelineRow]:
        names = [self.describer.name(place) if place != SFU else "SFU" for place in self.columns]
        heads = "".join(_fit(name, self.cell_width) for name in names).rstrip()
        line = "".join(("─" * (self.cell_width - 2) + "  ") for _ in names).rstrip()
        return [
            TimelineRow(" " * _PREFIX + heads, "head"),
            TimelineRow(" " * _PREFIX + line, "fold"),
        ]

    def _legend(self) -> list[TimelineRow]:
        drawn = (
            f"{lanes.HOLDS} holds a Room  {lanes.OPEN} does not  "
            f"{lanes.OPEN_STILL}{lanes.HOLDS_STILL} does not run"
        )
        marks = f"{lanes.SEVERAL} two at the SFU  w: witness"
        if self.failing >= 0:
            marks += "  * leads to it  x shows it"
        fits = len(drawn) + len(marks) + 2 <= self.width - _PREFIX
        legend = (
            [f"{drawn}  {marks}"] if fits else [drawn, *textwrap.wrap(marks, self.width - _PREFIX)]
        )
        rows = [TimelineRow(f"{'':{_PREFIX}}{line}", "fold") for line in legend]
        if self.without:
            left_out = f"not shown: {', '.join(self.without)}"
            rows.extend(
                TimelineRow(f"{'':{_PREFIX}}{line}", "fold")
                for line in textwrap.wrap(
                    left_out, self.width - _PREFIX, subsequent_indent="  ", break_on_hyphens=False
                )
            )
        return rows

    def _column(self, record: r.Record) -> int:
        if isinstance(record, r.StepTaken | r.Healed | r.Settled):
            return -1  # across all columns
        return SFU if record.where == WITNESS else record.where

    def _mark(self, record: r.Record) -> str:
        if record.n == self.failing:
            return "x"
        return "*" if record.n in self.leading else ""

    def _margin(self, mark: str, at_us: int) -> str:
        clock = figures.timestamp(at_us)
        clock_text = "" if clock == self.clock else clock
        self.clock = clock
        return f"{mark:<1} {clock_text:>9}  "

    def _cell(self, record: r.Record) -> list[TimelineRow]:
        column = self.columns.index(self._column(record))
        pieces = textwrap.wrap(
            self.describer.describe(record),
            self.cell_width - 4,
            subsequent_indent="  ",
            max_lines=_CELL_LINES,
            placeholder=" …",
            break_on_hyphens=False,
        )
        mark = self._mark(record)
        rows: list[TimelineRow] = []
        for number, piece in enumerate(pieces):
            margin = self._margin(mark, record.at_us) if number == 0 else " " * _PREFIX
            rows.append(TimelineRow((margin + self._line({column: piece})).rstrip(), mark))
        return rows

    def _rule(self, record: r.Record) -> TimelineRow:
        mark = self._mark(record)
        said = textwrap.shorten(
            self.describer.sentence(record), self.width - _PREFIX - 4, placeholder=" …"
        )
        text = f"{self._margin(mark, record.at_us)}── {said} "
        return TimelineRow(text + "─" * max(0, self.width - len(text) - 2), mark or "rule")

    def _gap(self, start: int, end: int) -> list[TimelineRow]:
        """A line for the records left out before record `end`, if they are worth one."""
        hidden = self.trace.records[start:end]
        if not hidden:
            return []
        since_us = self.trace.records[start - 1].at_us if start > 0 else 0
        until_us = (
            self.trace.records[end].at_us if end < len(self.trace.records) else hidden[-1].at_us
        )
        few = len(hidden) < (_GAP_RECORDS if until_us - since_us < _GAP_US else _FEW_RECORDS)
        if few and until_us - since_us < _LONG_GAP_US:
            return []
        self.clock = ""
        self.lanes.follow(hidden)
        text = (
            f"{self.lanes.of(self.columns[0])} … {figures.duration(until_us - since_us)}: "
            f"{_contents(hidden)} "
        )
        behind = self._line({})
        return [TimelineRow((" " * _PREFIX + text + behind[len(text) :]).rstrip(), "fold")]

    def _line(self, cells: dict[int, str]) -> str:
        """One line of lanes with text in some of them."""
        return "".join(
            _fit(f"{self.lanes.of(place)} {cells.get(column, '')}", self.cell_width)
            for column, place in enumerate(self.columns)
        )


def _columns(
    trace: Trace, shown: Sequence[int], finding: Finding | None, room: int
) -> tuple[list[int], list[str]]:
    """Places that get a column of `room` characters, and the names of windows that get none.

    Columns are in the order in which the windows opened, the SFU last.
    """
    windows: list[int] = []
    for record in trace.records:
        if isinstance(record, r.LifeChanged) and record.where not in windows:
            windows.append(record.where)
    counts = dict.fromkeys(windows, 0)
    for n in shown:
        where = trace.records[n].where
        if where in counts:
            counts[where] += 1
    about = () if finding is None else finding.windows
    failing = -1 if finding is None else trace.records[finding.record].where
    concerned = [window for window in windows if trace.names[window] in about or window == failing]
    # Windows of the failure itself keep their column, however few records they have.
    favour = sorted(
        windows,
        key=lambda window: (window not in concerned, -counts[window], windows.index(window)),
    )
    tight = room // _TIGHTEST - 1  # but for the SFU
    fitting = max(room // _NARROWEST - 1, min(tight, len(concerned)), 1)
    chosen = favour if len(windows) <= tight else favour[:fitting]
    without = [trace.names[window] for window in windows if window not in chosen]
    return [*(window for window in windows if window in chosen), SFU], without


def _contents(hidden: Sequence[r.Record]) -> str:
    """A count of left-out records: `12 heartbeats and 40 other records`."""
    beats = sum(
        1
        for record in hidden
        if isinstance(record, r.MessagePosted) and record.kind is r.MessageKind.HEARTBEAT
    )
    others = len(hidden) - beats
    if beats == 0:
        return figures.plural(others, "record")
    if others == 0:
        return figures.plural(beats, "heartbeat")
    return f"{figures.plural(beats, 'heartbeat')} and {figures.plural(others, 'other record')}"


def _fit(text: str, width: int) -> str:
    """Exactly `width` characters, two of them free at the right so that columns do not touch."""
    room = width - 2
    return (text if len(text) <= room else text[: room - 1] + "…").ljust(width)


def _paint(row: TimelineRow, style: Style) -> str:
    if row.kind == "x":
        return style.bad(row.text)
    if row.kind == "*":
        return style.odd(row.text)
    if row.kind == "head":
        return style.strong(row.text)
    return style.faint(row.text) if row.kind in ("fold", "rule") else row.text
