"""Lines of prose: broken between words, never between a number and its unit."""

from __future__ import annotations

import re
import textwrap

# A space that no line is broken at, while lines are made.
_TIED = "\N{NO-BREAK SPACE}"
_NUMBER_AND_UNIT = re.compile(r"(?<=\d) (?=(?:µs|ms|s|min|h|%)(?!\w))")


def wrap(text: str, width: int, indent: str = "") -> list[str]:
    """`text` in lines of at most `width` characters, those after the first behind `indent`."""
    lines = textwrap.wrap(
        _NUMBER_AND_UNIT.sub(_TIED, text),
        width,
        subsequent_indent=indent,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return [line.replace(_TIED, " ") for line in lines]
