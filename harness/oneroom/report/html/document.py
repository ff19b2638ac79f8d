"""One HTML file of the page's sources and the data of a suite, of runs, or of both.

Rules: the file needs nothing but itself. Its content security policy allows the one script and the
one style sheet that are in it, by their hashes, and no request. Data are blocks that no browser
runs: JSON, deflated, in base64, so no name in them can end an element.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
import zlib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

_PAGE = Path(__file__).parent / "page"
# In the order in which they are applied.
_STYLES = ("theme.css", "suite.css", "timeline.css")
_SCRIPTS = (
    "data.js",
    "format.js",
    "hash_state.js",
    "distribution.js",
    "heat_map.js",
    "detail.js",
    "tables.js",
    "suite.js",
    "timeline_text.js",
    "timeline_model.js",
    "timeline_buckets.js",
    "timeline_layout.js",
    "timeline_shapes.js",
    "timeline_lanes.js",
    "timeline_heads.js",
    "timeline_drawing.js",
    "timeline_overview.js",
    "timeline_search.js",
    "timeline_side.js",
    "timeline_table.js",
    "timeline_interaction.js",
    "timeline.js",
    "router.js",
)
SELF_ALONE = "connect-src 'self'; "
_BLOCK = '<script type="application/octet-stream" {attributes}>{text}</script>\n'
_SUITE = re.compile(r'^<script type="[^"]*" id="suite">([^<]*)</script>$', re.MULTILINE)
_RUN = re.compile(r'^<script type="[^"]*" data-failures="([^"]*)">([^<]*)</script>$', re.MULTILINE)
_DOCUMENT = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<style>{style}</style>
<noscript>This report is drawn by a script, which this browser does not run. The same in text: \
results.ndjson and failures/ beside this file.</noscript>
<div id="page"></div>
{blocks}<script>{script}</script>
"""


def packed(data: bytes) -> str:
    """The data as text for a block of the document."""
    return base64.b64encode(zlib.compress(data, 6)).decode()


class Served(NamedTuple):
    """The additions to a document that a server answers for: a style sheet, and a script that may
    ask that server.
    """

    style: str
    script: str


def render(
    title: str,
    suite: bytes | None,
    runs: Mapping[tuple[str, ...], str],
    served: Served | None = None,
) -> str:
    """The document. `suite` is the JSON of `SuiteData`, None for a document of single runs; `runs`
    are the packed data of runs, each by the ids of its failures.
    """
    return render_packed(title, None if suite is None else packed(suite), runs, served)


def render_packed(
    title: str,
    suite: str | None,
    runs: Mapping[tuple[str, ...], str],
    served: Served | None = None,
) -> str:
    """The document of a suite whose data are packed already."""
    style, script = _sources(served)
    blocks = [] if suite is None else [_BLOCK.format(attributes='id="suite"', text=suite)]
    for ids, text in runs.items():
        attributes = f'data-failures="{html.escape(" ".join(ids))}"'
        blocks.append(_BLOCK.format(attributes=attributes, text=text))
    policy = (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; "
        f"{'' if served is None else SELF_ALONE}base-uri 'none'; form-action 'none'"
    )
    return _DOCUMENT.format(
        policy=policy,
        title=html.escape(title),
        style=style,
        script=script,
        blocks="".join(blocks),
    )


def runs_of(page: str) -> dict[tuple[str, ...], str]:
    """The packed data of the runs that are in a document."""
    return {tuple(ids.split()): text for ids, text in _RUN.findall(page)}


def suite_of(page: str) -> str | None:
    """The packed data of the suite that is in a document, None if there is none."""
    found = _SUITE.search(page)
    return None if found is None else found[1]


def in_blocks(files: Sequence[str]) -> str:
    """Scripts, each in a block of its own: what it declares is its own, `page` is what they
    share.
    """
    return "".join(f"{{\n{file}}}\n" for file in files)


@cache
def _sources(served: Served | None = None) -> tuple[str, str]:
    """The style sheet and the script."""
    style = "\n".join(_read(name) for name in _STYLES)
    *files, router = [_read(name) for name in _SCRIPTS]
    script, more = in_blocks(files), in_blocks([router])
    if served is not None:
        style, script = f"{style}\n{served.style}", f"{script}{served.script}"
    return style, f'"use strict";\nconst page = {{}};\n{script}{more}'


def _read(name: str) -> str:
    return (_PAGE / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
