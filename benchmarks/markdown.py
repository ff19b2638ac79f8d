"""Tables of figures in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], text_columns: Sequence[int]) -> str:
    """A table whose columns are figures, aligned to the right, but for `text_columns`."""
    alignment = ["---" if place in text_columns else "---:" for place in range(len(head))]
    lines = [head, *rows]
    told = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([told[0], f"|{'|'.join(alignment)}|", *told[1:]])
