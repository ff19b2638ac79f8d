"""Results of replayed failures: a line in a table, a verdict under a timeline, a line of JSON."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.report import figures
from oneroom.report.json_lines import VERSION
from oneroom.report.style import PLAIN, Style


class ReplayLine(msgspec.Struct, frozen=True, kw_only=True):
    """One replay.

    `stale_at` is the number of the first of `draws` that differed, -1 for none; `unused` names the
    first entry of the recording that the run does not ask for, "" for none; `refused` is why
    this version cannot make the run at all, "" if it can.
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
    unused: str = ""
    refused: str = ""


def table_line(replayed: ReplayLine, style: Style = PLAIN) -> str:
    """One line of the table: `FAILED  Xt9Kp2  crash.yaml:14  web-lock  single_room  same run`."""
    place = f"{replayed.scenario}:{replayed.line}"
    head = f"{replayed.id}  {place}  {replayed.policy}  {replayed.check}"
    outcome = _paint(replayed.outcome, f"{replayed.outcome:<6}", style)
    return f"{outcome}  {head}  {style.faint(_reason(replayed))}"


def verdict(replayed: ReplayLine, style: Style = PLAIN) -> str:
    """The result of a single replay in full."""
    outcome = _paint(replayed.outcome, replayed.outcome, style)
    lines = [f"{outcome}  {replayed.id}  {replayed.check}: {_reason(replayed)}"]
    if replayed.same_digest:
        lines.append(f"  same digest {replayed.digest}")
    elif not replayed.refused:
        lines.append(f"  digest {replayed.digest}, stored was {replayed.stored_digest}")
    if replayed.outcome == "FIXED":
        lines.append(
            f"  the file is kept; `oneroom failures forget {replayed.id}` when you trust it"
        )
    if replayed.file_changed:
        lines.append(
            f"  {replayed.scenario} has changed since, or is not here; the stored text was "
            "replayed, not the file"
        )
    return "\n".join(lines)


def summary(outcomes: Sequence[str], folder: str, style: Style = PLAIN) -> str:
    """The line under the table: `2 FAILED, 1 FIXED of 3 failures stored in .oneroom`."""
    counts = [(name, outcomes.count(name)) for name in ("FAILED", "STALE", "FIXED")]
    replayed = ", ".join(
        _paint(name, f"{count:,} {name}", style) for name, count in counts if count
    )
    return f"{replayed} of {figures.plural(len(outcomes), 'failure')} stored in {folder}"


def json_line(replayed: ReplayLine) -> str:
    """One JSON object, its keys those of ReplayLine."""
    return msgspec.json.encode(
        {"version": VERSION, "kind": "replay", **msgspec.structs.asdict(replayed)}
    ).decode()


def _reason(replayed: ReplayLine) -> str:
    if replayed.refused:
        return replayed.refused
    if replayed.outcome == "FIXED":
        if replayed.stale_at < 0:
            return "passes now: the same draws, and it holds"
        return f"passes now, with all choices of the recording; {replayed.fresh} fresh seeds hold"
    if replayed.outcome == "STALE" and replayed.unused:
        return f"{replayed.unused} was never asked for; {replayed.fresh} fresh seeds hold"
    stale = f"draws differ from number {replayed.stale_at + 1:,} of {replayed.draws:,} on"
    if replayed.outcome == "STALE":
        return f"{stale}; {replayed.fresh} fresh seeds hold"
    if replayed.fresh_broken:
        return f"{stale}, and {replayed.fresh_broken} of {replayed.fresh} fresh seeds break it"
    if replayed.same_digest:
        return "the same run"
    return (
        f"still broken, though {stale}"
        if replayed.stale_at >= 0
        else "still broken, by another run"
    )


def _paint(outcome: str, text: str, style: Style) -> str:
    if outcome == "FAILED":
        return style.bad(text)
    return style.good(text) if outcome == "FIXED" else style.odd(text)
