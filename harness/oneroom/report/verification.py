"""The words of `oneroom verify`: how often a failure showed near where it was found, and now."""

from __future__ import annotations

from oneroom.report import figures

NOT_KNOWN = "not counted before"


def change(before: tuple[int, int] | None, now: tuple[int, int]) -> str:
    """`29 of 10,000 → 0 of 10,000`, of broken runs and all."""
    return f"{NOT_KNOWN if before is None else of(*before)} → {of(*now)}"


def of(broken: int, runs: int) -> str:
    """`29 of 10,000`."""
    return f"{broken:,} of {runs:,}"


def conclusion(before: tuple[int, int] | None, now: tuple[int, int]) -> str:
    """The verdict on both halves together."""
    broken, runs = now
    if broken:
        return f"STILL FAILS  in {of(broken, runs)} runs"
    bound = f"in none of {runs:,} runs: at most {figures.at_most(runs)} fail (95 %)"
    if before is None:
        return f"HOLDS  {bound}; how often it failed before was not counted"
    if before[0] == 0:
        return f"UNPROVEN  {bound}; but it failed in none of {before[1]:,} before either"
    return f"FIXED  {bound}"
