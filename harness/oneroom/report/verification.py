"""The words of `oneroom verify`: how often a failure showed near where it was found, and now."""

from __future__ import annotations

from oneroom.report import figures

NOT_KNOWN = "not counted before"


def change(before: tuple[int, int] | None, now: tuple[int, int]) -> str:
    """`29 of 10,000 (0.29 %, 95 % CI 0.20–0.42) → 0 of 10,000 (at most 0.030 %)`."""
    return f"{NOT_KNOWN if before is None else _share(*before)} → {_share(*now)}"


def _share(broken: int, runs: int) -> str:
    """Broken runs of all, and how sure that is."""
    if runs == 0:
        return "none to make"
    if broken == 0:
        return f"0 of {runs:,} (at most {figures.at_most(runs)})"
    return f"{broken:,} of {runs:,} ({figures.share(broken, runs)})"


def conclusion(before: tuple[int, int] | None, now: tuple[int, int]) -> str:
    """The verdict on both halves together."""
    broken, runs = now
    if broken:
        return f"STILL FAILS  in {broken:,} of {runs:,} runs"
    bound = f"in none of {runs:,} runs: at most {figures.at_most(runs)} fail (95 %)"
    if before is None:
        return f"HOLDS  {bound}; how often it failed before was not counted"
    if before[0] == 0:
        return f"UNPROVEN  {bound}; but it failed in none of {before[1]:,} before either"
    return f"FIXED  {bound}"
