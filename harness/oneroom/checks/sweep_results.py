"""Results of a sweep: what each setting of time-outs costs, as values for tables and pictures.

Rules: values only, like oneroom.checks.results.
"""

from __future__ import annotations

import msgspec

from oneroom.confidence import interval


class Setting(msgspec.Struct, frozen=True):
    """A policy (or app) with the time-outs that a sweep gives it."""

    policy: str
    timings_us: dict[str, int]


class SweepRow(msgspec.Struct, frozen=True):
    """The runs of one setting in one environment, or in all of them.

    `violations` counts runs with a violated check, `first_violation` is the command that repeats
    one of them. Of several environments, each cost is that of the one in which it is highest.
    """

    setting: Setting
    environment: str
    runs: int
    violations: int
    no_owner_p50_ms: int
    no_owner_p99_ms: int
    torn_per_100: float
    two_rooms_ms: float
    messages_per_s: float
    first_violation: str = ""

    @property
    def per_million(self) -> tuple[float, float, float]:
        """Runs in a million that violate a check, and the 95 % interval of that."""
        low, high = interval(self.violations, self.runs)
        return 1e6 * self.violations / self.runs, 1e6 * low, 1e6 * high

    @property
    def costs(self) -> tuple[float, ...]:
        """The figures of which less is better: violations, calls torn down, time without an owner
        (p99), messages.
        """
        return (
            self.violations / self.runs,
            self.torn_per_100,
            self.no_owner_p99_ms,
            self.messages_per_s,
        )


class SweepResult(msgspec.Struct, frozen=True):
    """A sweep: `rows` by setting and environment, `settings` over all environments.

    `front` are the places in `settings` of those that no other one beats in everything,
    `recommended` is one of them; `quicker` is one that is as safe and shorter without an owner, -1
    for none. `confirmed` are fresh runs of the recommended setting, None without any.
    """

    rows: tuple[SweepRow, ...]
    settings: tuple[SweepRow, ...]
    front: tuple[int, ...]
    recommended: int
    quicker: int
    confirmed: SweepRow | None = None
