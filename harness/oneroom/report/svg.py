"""The story of a run as one SVG picture: time runs down, a lane a window, the SFU last.

Rules: at most as many records as are asked for, chosen as those of the text timeline are; rows are
as far apart as they need to be read, so a gap in time is a line that says how long. A lane is thick
while its window holds a Room, dashed while it does not run; a message is an arrow from the row at
which it was posted, a lost one ends in a cross. No script and no reference to anything outside.
"""

from __future__ import annotations

from bisect import bisect_right
from xml.sax.saxutils import escape

from oneroom.checks.results import Finding
from oneroom.report import cause_chain, figures, lanes
from oneroom.report.describe import Describer
from oneroom.report.timeline import story
from oneroom.scenario.diagnostic import printable
from oneroom.trace import records as r
from oneroom.trace.trace import SFU, WITNESS, Trace

MOST_ROWS = 60
_ROW, _LANE, _LEFT, _TOP = 22, 240, 90, 60
_CHARACTERS = 34  # of a lane's text
_GAP_US = 1_000_000
_STYLE = (
    "text{font:12px ui-monospace,Menlo,Consolas,monospace;fill:#24292f;"
    "paint-order:stroke;stroke:#fff;stroke-width:3px}"
    ".t,.gap{fill:#57606a}.lane{stroke:#8c959f;stroke-width:1.5}"
    ".holds{stroke:#0072b2;stroke-width:6}.still{stroke-dasharray:3 4}"
    ".msg{stroke:#57606a;fill:none;marker-end:url(#a)}.lost{stroke:#d55e00;stroke-dasharray:5 3}"
    ".leads{font-weight:bold}.fails{fill:#d55e00;font-weight:bold}"
    "@media(prefers-color-scheme:dark){svg{background:#0d1117}"
    "text{fill:#e6edf3;stroke:#0d1117}}"
)
_MARKER = (
    '<marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" '
    'orient="auto"><path d="M0 0L8 4L0 8z" fill="#57606a"/></marker>'
)


def render(trace: Trace, finding: Finding | None, title: str, most_rows: int = MOST_ROWS) -> str:
    """The picture, a whole SVG document."""
    return _Picture(trace, finding, most_rows).document(title)


class _Picture:
    def __init__(self, trace: Trace, finding: Finding | None, most_rows: int) -> None:
        self._trace = trace
        self._describer = Describer(trace)
        self._finding = finding
        chain = None if finding is None else cause_chain.explain(trace, finding)
        self._leading = frozenset(() if chain is None else chain.records)
        self._shown = story(trace, finding, chain, most_rows)
        opened = (rec.where for rec in trace.records if isinstance(rec, r.LifeChanged))
        self._places = [*dict.fromkeys(opened), SFU]
        self._y: dict[int, int] = {}
        y, before_us = _TOP, 0
        for n in self._shown:
            at_us = trace.records[n].at_us
            y += 2 * _ROW if at_us - before_us >= _GAP_US else _ROW
            self._y[n], before_us = y, at_us
        self._bottom = y + _ROW

    def document(self, title: str) -> str:
        """All of it."""
        width = _LEFT + _LANE * len(self._places) + 20
        heads = "".join(
            _text(self._x(place), _TOP - 20, self._head(place), "leads") for place in self._places
        )
        body = "\n".join((*self._lanes(), *self._arrows(), *self._rows()))
        name = _clean(_fit(title, False))
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{self._bottom}" '
            f'viewBox="0 0 {width} {self._bottom}" role="img" aria-label="{_quoted(name)}">\n'
            f"<title>{escape(name)}</title><style>{_STYLE}</style><defs>{_MARKER}</defs>\n"
            f"{_text(8, 20, name, '')}\n{heads}\n{body}\n</svg>\n"
        )

    def _head(self, place: int) -> str:
        return "SFU" if place == SFU else _fit(self._trace.names[place], True)

    def _x(self, place: int) -> int:
        """The lane of a place; what belongs to none is written at the left."""
        return _LEFT + _LANE * self._places.index(place) if place in self._places else _LEFT - 12

    def _lanes(self) -> list[str]:
        """The lanes, in pieces from one row to the next."""
        state, done, found = lanes.Lanes(), 0, []
        for n, below in zip(self._shown, (*self._shown[1:], None), strict=True):
            state.follow(self._trace.records[done : n + 1])
            done = n + 1
            until = self._bottom if below is None else self._y[below]
            for place in self._places:
                sign = state.of(place)
                if sign != lanes.GONE:
                    kind = "lane"
                    kind += " holds" * (sign in (lanes.HOLDS, lanes.HOLDS_STILL, lanes.SEVERAL))
                    kind += " still" * (sign in (lanes.OPEN_STILL, lanes.HOLDS_STILL))
                    found.append(_line(kind, self._x(place), self._y[n], self._x(place), until))
        return found

    def _arrows(self) -> list[str]:
        """The messages of the rows, each to the height at which it was heard or lost."""
        found = []
        for record in self._trace.records:
            if not isinstance(record, r.MessageDelivered | r.MessageLost):
                continue
            posted = self._trace.records[record.cause]
            if posted.n in self._y and {posted.where, record.where} <= set(self._places):
                kind = "msg lost" if isinstance(record, r.MessageLost) else "msg"
                until = self._y[self._shown[bisect_right(self._shown, record.n) - 1]] + _ROW // 2
                start = (self._x(posted.where), self._y[posted.n])
                found.append(_line(kind, *start, self._x(record.where), until))
        return found

    def _rows(self) -> list[str]:
        found, before_us = [], 0
        for n in self._shown:
            record, y = self._trace.records[n], self._y[n]
            if record.at_us - before_us >= _GAP_US:
                passed = f"… {figures.duration(record.at_us - before_us)}"
                found.append(_text(8, y - _ROW, passed, "gap"))
            before_us = record.at_us
            fails = self._finding is not None and self._finding.record == n
            kind = "fails" if fails else "leads" if n in self._leading else ""
            mark = "✗ " if fails else ""
            found.append(_text(8, y, figures.timestamp(record.at_us), "t"))
            where = SFU if record.where == WITNESS else record.where
            in_lane = where in self._places
            words = self._describer
            said = words.describe(record) if in_lane else f"── {words.sentence(record)}"
            found.append(_text(self._x(where) + 10, y, _fit(mark + said, in_lane), kind))
        return found


def _fit(text: str, in_lane: bool) -> str:
    most = _CHARACTERS if in_lane else 2 * _CHARACTERS
    return text if len(text) <= most else text[: most - 1] + "…"


def _line(kind: str, x1: int, y1: int, x2: int, y2: int) -> str:
    return f'<line class="{kind}" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"/>'


def _text(x: int, y: int, text: str, kind: str) -> str:
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x}" y="{y}"{of_kind}>{escape(_clean(text))}</text>'


def _clean(text: str) -> str:
    """`text` without control characters, which no XML may have."""
    return printable(text)


def _quoted(text: str) -> str:
    return escape(text, {'"': "&quot;"})
