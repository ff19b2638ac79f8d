"""What became of stored failures: a line in a table, a verdict under a timeline, a line of JSON."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.report import figures
from oneroom.report.json_lines import VERSION
from oneroom.report.style import PLAIN, Style


class ReplayLine(msgspec.Struct, frozen=True, kw_only=True):
    """One replay. `stale_at` is the number of the first of `draws` that differed, -1 for none;
    `refused` is why this version cannot make the run at all, "" if it can.
    """

    outcome: str
    id: str
    scenario: str
    line: int
    policy: str
    seed: int
    check: str
    message: str
    same_digest: bool = False
    digest: str = ""
    stored_digest: str
    stale_at: int = -1
    draws: int
    fresh: int = 0
    fresh_broken: int = 0
    file_changed: bool = False
    refused: str = ""


def table_line(told: ReplayLine, style: Style = PLAIN) -> str:
    """`FAILED  Xt9Kp2  crash.yaml:14  web-lock  single_room  same run`."""
    head = f"{told.id}  {told.scenario}:{told.line}  {told.policy}  {told.check}"
    return f"{_paint(told.outcome, f'{told.outcome:<6}', style)}  {head}  {style.faint(_why(told))}"


def verdict(told: ReplayLine, style: Style = PLAIN) -> str:
    """What a single replay comes to, in full."""
    lines = [f"{_paint(told.outcome, told.outcome, style)}  {told.id}  {told.check}: {_why(told)}"]
    if told.same_digest:
        lines.append(f"  same digest {told.digest}")
    elif not told.refused:
        lines.append(f"  digest {told.digest}, stored was {told.stored_digest}")
    if told.outcome == "FIXED":
        lines.append(
            f"  the file is kept; delete .oneroom/failures/{told.id}.json when you trust it"
        )
    if told.file_changed:
        lines.append(
            f"  {told.scenario} is not what it was; the stored text was replayed, not the file"
        )
    return "\n".join(lines)


def summary(outcomes: Sequence[str], folder: str, style: Style = PLAIN) -> str:
    """`2 FAILED, 1 FIXED of 3 failures stored in .oneroom`."""
    counts = [(name, outcomes.count(name)) for name in ("FAILED", "STALE", "FIXED")]
    told = ", ".join(_paint(name, f"{count:,} {name}", style) for name, count in counts if count)
    return f"{told} of {figures.plural(len(outcomes), 'failure')} stored in {folder}"


def json_line(told: ReplayLine) -> str:
    """One object, its keys those of ReplayLine."""
    return msgspec.json.encode(
        {"version": VERSION, "kind": "replay", **msgspec.structs.asdict(told)}
    ).decode()


def _why(told: ReplayLine) -> str:
    if told.refused:
        return told.refused
    if told.outcome == "FIXED":
        return "the same draws, and it holds"
    stale = f"draws differ from {told.stale_at + 1:,} of {told.draws:,} on"
    if told.outcome == "STALE":
        return f"{stale}; {told.fresh} fresh seeds hold"
    if told.fresh_broken:
        return f"{stale}, and {told.fresh_broken} of {told.fresh} fresh seeds break it"
    if told.same_digest:
        return "the same run"
    return f"still broken, though {stale}" if told.stale_at >= 0 else "still broken, by another run"


def _paint(outcome: str, text: str, style: Style) -> str:
    if outcome == "FAILED":
        return style.bad(text)
    return style.good(text) if outcome == "FIXED" else style.odd(text)
