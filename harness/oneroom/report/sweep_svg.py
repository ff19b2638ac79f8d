"""The picture of a sweep: time without an owner against calls torn down, a mark for each setting.

Rules: an SVG document of its own, without script and without reference to anything outside. A
setting with violations is a cross, others are dots; those of the front are filled and joined, the
recommended one has a ring. Calls torn down are on a logarithmic axis that begins with 0.
"""

from __future__ import annotations

from math import log10
from xml.sax.saxutils import escape

from oneroom.checks.sweep_results import SweepResult, SweepRow
from oneroom.report import sweep_text

_WIDTH, _HEIGHT = 760, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 730, 30, 360
_MOST_LABELS = 24
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#24292f}.axis{stroke:#8c959f}"
    ".grid{stroke:#d0d7de;stroke-width:.5}.dot{fill:#fff;stroke:#57606a;stroke-width:1.5}"
    ".front{fill:#0072b2;stroke:#0072b2}.line{stroke:#0072b2;fill:none;stroke-dasharray:4 3}"
    ".bad{stroke:#d55e00;stroke-width:2;fill:none}.best{stroke:#009e73;stroke-width:3;fill:none}"
    ".ground{fill:#fff}"
    "@media(prefers-color-scheme:dark){.ground{fill:#0d1117}text{fill:#e6edf3}"
    ".dot{fill:#0d1117;stroke:#9198a1}.front{fill:#56b4e9;stroke:#56b4e9}.line{stroke:#56b4e9}"
    ".grid{stroke:#30363d}}"
)


def render(sweep: SweepResult, title: str) -> str:
    """The picture, a whole SVG document."""
    return _Picture(sweep).document(title)


class _Picture:
    def __init__(self, sweep: SweepResult) -> None:
        self._sweep = sweep
        self._most_ms = max(1_000, *(row.no_owner_p99_ms for row in sweep.settings))
        self._most_torn = max(1.0, *(row.torn_per_100 for row in sweep.settings))

    def document(self, title: str) -> str:
        """All of it."""
        safe = [place for place in self._sweep.front if not self._sweep.settings[place].violations]
        corners = sorted(self._place(self._sweep.settings[place]) for place in safe)
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in corners)
        marks = [self._mark(place, row) for place, row in enumerate(self._sweep.settings)]
        body = "\n".join((*self._axes(), f'<polyline class="line" points="{line}"/>', *marks))
        name = escape(title, {'"': "&quot;"})
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" '
            f'role="img" aria-label="{name}">\n<title>{name}</title><style>{_STYLE}</style>\n'
            f'<rect class="ground" width="{_WIDTH}" height="{_HEIGHT}"/>\n{body}\n</svg>\n'
        )

    def _place(self, row: SweepRow) -> tuple[float, float]:
        across = row.no_owner_p99_ms / self._most_ms
        up = log10(1 + row.torn_per_100) / log10(1 + self._most_torn)
        return _LEFT + across * (_RIGHT - _LEFT), _BOTTOM - up * (_BOTTOM - _TOP)

    def _axes(self) -> list[str]:
        drawn = []
        for part in range(5):
            seconds = part * self._most_ms / 4_000
            x = _LEFT + part * (_RIGHT - _LEFT) / 4
            drawn.append(f'<path class="grid" d="M{x:.0f} {_TOP}V{_BOTTOM}"/>')
            drawn.append(_text(x, _BOTTOM + 18, f"{seconds:.1f} s", "middle"))
        for torn in (0, 1, 10, 100, 1_000, 10_000):
            if torn <= self._most_torn:
                share = log10(1 + torn) / log10(1 + self._most_torn)
                y = _BOTTOM - share * (_BOTTOM - _TOP)
                drawn.append(f'<path class="grid" d="M{_LEFT} {y:.0f}H{_RIGHT}"/>')
                drawn.append(_text(_LEFT - 8, y + 4, f"{torn:,}", "end"))
        drawn.append(f'<path class="axis" fill="none" d="M{_LEFT} {_TOP}V{_BOTTOM}H{_RIGHT}"/>')
        drawn.append(_text(_RIGHT, _BOTTOM + 42, "time without an owner, p99", "end"))
        drawn.append(_text(8, 16, "calls torn down in 100 runs", "start"))
        return drawn

    def _mark(self, place: int, row: SweepRow) -> str:
        x, y = self._place(row)
        told = f"<title>{escape(', '.join(sweep_text.cells(row)))}</title>"
        if row.violations:
            size = 5
            drawn = f'<path class="bad" d="M{x - size:.1f} {y - size:.1f}l10 10m0-10l-10 10"/>'
        else:
            kind = "dot front" if place in self._sweep.front else "dot"
            drawn = f'<circle class="{kind}" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
        if place == self._sweep.recommended:
            drawn += f'<circle class="best" cx="{x:.1f}" cy="{y:.1f}" r="10"/>'
        named = place == self._sweep.recommended or len(self._sweep.settings) <= _MOST_LABELS
        if named:
            right = x > _RIGHT - 80
            at = x - 14 if right else x + 14
            spelt = sweep_text.timings(row.setting)
            drawn += _text(at, y - 8, spelt, "end" if right else "start")
        return f"<g>{told}{drawn}</g>"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
