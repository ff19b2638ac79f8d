"""Units of time, in microseconds, as everything here counts it."""

from __future__ import annotations

MILLISECOND = 1_000
SECOND = 1_000_000
HOUR = 3_600 * SECOND
