"""The page of a sweep: the recommendation, the picture, and the same as tables.

Rules: one file that needs nothing but itself, without a script; everything in the picture is in the
tables, which screen readers read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from oneroom.checks.sweep_results import SweepResult, SweepRow
from oneroom.report import sweep_svg, sweep_text

_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = (
    ":root{color-scheme:light dark}body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;"
    "max-width:64rem;padding:0 1rem}code{font:13px ui-monospace,Menlo,Consolas,monospace}"
    "table{border-collapse:collapse;display:block;overflow-x:auto}"
    "th,td{border-bottom:1px solid #8884;padding:.25rem .6rem;text-align:right;white-space:nowrap}"
    "th:nth-child(-n+3),td:nth-child(-n+3){text-align:left}.best{font-weight:bold}"
    "caption{text-align:left;padding:.5rem 0}svg{width:100%;height:auto}"
)


def render(sweep: SweepResult, command: str, troubles: Sequence[str]) -> str:
    """The page of a sweep that `command` has made."""
    sentence = sweep_text.sentence(sweep)
    told = [sentence, sweep_text.confirmation(sweep), *troubles]
    paragraphs = "\n".join(f"<p>{escape(text)}</p>" for text in told if text)
    marks = dict.fromkeys(sweep.front, "on the front") | {sweep.recommended: "recommended"}
    settings = _table(
        "Every setting, over all environments",
        sweep.settings,
        [marks.get(place, "") for place in range(len(sweep.settings))],
    )
    each = _table("Every setting in every environment", sweep.rows, [""] * len(sweep.rows))
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width,initial-scale=1">\n'
        f"<title>oneroom sweep</title>\n<style>{_STYLE}</style>\n<h1>oneroom sweep</h1>\n"
        f"<p><code>{escape(command)}</code></p>\n{paragraphs}\n"
        f"{sweep_svg.render(sweep, sentence)}\n{settings}\n{each}\n</html>\n"
    )


def _table(caption: str, rows: Iterable[SweepRow], marks: Sequence[str]) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in (*sweep_text.HEADS, ""))
    lines = []
    for row, mark in zip(rows, marks, strict=True):
        columns = "".join(f"<td>{escape(text)}</td>" for text in (*sweep_text.cells(row), mark))
        best = ' class="best"' if mark == "recommended" else ""
        lines.append(f"<tr{best}>{columns}</tr>")
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead>\n<tbody>"
        + "\n".join(lines)
        + "</tbody></table>"
    )
