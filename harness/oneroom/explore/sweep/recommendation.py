"""The setting that follows from a sweep.

Rules, in their order: the fewest violations; of those, no more calls torn down than the least and
what is tolerated; of those, the shortest time without an owner (p99, then p50); then the fewest
messages; then the first.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.sweep_results import SweepResult, SweepRow
from oneroom.explore.sweep.costs import over_environments


def recommendation(rows: Sequence[SweepRow], tolerated: float) -> SweepResult:
    """The result that follows from the rows of a sweep, at least one.

    A shorter time without an owner may cost `tolerated` calls torn down in 100 runs.
    """
    settings = over_environments(rows)
    fewest = min(row.violations / row.runs for row in settings)
    safe = [place for place, row in enumerate(settings) if row.violations / row.runs == fewest]
    least = min(settings[place].torn_per_100 for place in safe)
    calm = [place for place in safe if settings[place].torn_per_100 <= least + tolerated]
    best = min(calm, key=lambda place: _haste(settings[place]))
    quicker = [
        place for place in safe if settings[place].no_owner_p99_ms < settings[best].no_owner_p99_ms
    ]
    return SweepResult(
        rows=tuple(rows),
        settings=settings,
        front=tuple(
            place
            for place, row in enumerate(settings)
            if not any(_beats(other, row) for other in settings)
        ),
        recommended=best,
        quicker=min(quicker, key=lambda place: settings[place].torn_per_100, default=-1),
    )


def _haste(row: SweepRow) -> tuple[float, ...]:
    return row.no_owner_p99_ms, row.no_owner_p50_ms, row.messages_per_s


def _beats(one: SweepRow, other: SweepRow) -> bool:
    """True if `one` costs no more in anything, and less in something."""
    pairs = list(zip(one.costs, other.costs, strict=True))
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)
