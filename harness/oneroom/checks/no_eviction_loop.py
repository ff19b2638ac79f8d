"""Safety check: windows do not evict each other in a loop.

Promise: within any 60 s, running windows are pushed out of the call by one another
         (`DUPLICATE_IDENTITY`) at most twice, as the SFU's sessions say, or a real server's
         webhooks.
Exempt:  evictions of ghosts, of windows that stand still, and of a window's own session by its full
         reconnect.
Vacuous: no running window was ever pushed out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from oneroom.checks.check import Check, join_names
from oneroom.checks.evictions import Evictions
from oneroom.checks.violation import Violation
from oneroom.checks.window_lifecycle import WindowLifecycle
from oneroom.trace.records import LifeChanged, PresenceChanged, Record, WebhookHeard

WINDOW_US: Final = 60_000_000
ALLOWED: Final = 2  # one for a zombie that comes back, one for taking the Room back from it


class NoEvictionLoop(Check):
    """Counts evictions in a sliding window of time.

    `windows` of a violation: the evicted windows in order, the last of them at the violation's
    record.
    """

    name = "no_eviction_loop"
    promise = "windows do not evict each other in a loop"
    reads: tuple[type[Record], ...] = (PresenceChanged, WebhookHeard, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.lifecycle = WindowLifecycle()
        self.evictions = Evictions()
        self.recent: list[tuple[int, int]] = []  # (at_us, window), oldest first

    def on(self, record: Record) -> None:
        if isinstance(record, LifeChanged):
            self.lifecycle.on(record)
        elif isinstance(record, PresenceChanged):
            evicted = self.evictions.on(record, self.lifecycle)
            if evicted >= 0:
                self._evicted(record, evicted)
        elif isinstance(record, WebhookHeard):
            evicted = self.evictions.on_webhook(record, self.lifecycle)
            if evicted >= 0:
                self._evicted(record, evicted)

    def _evicted(self, record: Record, window: int) -> None:
        self.seen = True
        self.recent = [entry for entry in self.recent if record.at_us - entry[0] <= WINDOW_US]
        self.recent.append((record.at_us, window))
        if len(self.recent) > ALLOWED:
            self.violate(
                record, tuple([entry[1] for entry in self.recent]), since_us=self.recent[0][0]
            )

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        windows = list(dict.fromkeys(violation.windows))
        span_s = (violation.at_us - violation.since_us) / 1_000_000
        return (
            f"{join_names(windows, names)} were evicted {len(violation.windows)} times within "
            f"{span_s:.1f} s"
        )
