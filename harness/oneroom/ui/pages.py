"""The document of the page: the newest report, with the views that a server answers for."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from oneroom.report.folder import PAGE, newest
from oneroom.report.html.document import Served, in_blocks, render_packed, runs_of, suite_of

_FILES = Path(__file__).parent / "page"
_SCRIPTS = (
    "request.js",
    "failures.js",
    "what_if.js",
    "saving.js",
    "what_if_moving.js",
    "search.js",
    "views.js",
)


def page(reports: Path) -> str:
    """The document, with the newest of `reports` if there is one."""
    try:
        report = (newest(reports) / PAGE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        report = ""
    return render_packed("oneroom", suite_of(report), runs_of(report), served())


@cache
def served() -> Served:
    """The style sheet and the script of the views that need the server."""
    scripts = [(_FILES / name).read_text(encoding="utf-8") for name in _SCRIPTS]
    return Served((_FILES / "views.css").read_text(encoding="utf-8"), in_blocks(scripts))
