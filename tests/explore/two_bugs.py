"""A policy with two bugs that break the same check, by two mechanisms."""

from __future__ import annotations

from oneroom.policies.heartbeat import TERM, HeartbeatTimeout


class TwoBugs(HeartbeatTimeout):
    """It takes silence for death, as its base does; and a window that opens while the term of an
    owner is kept owns at once, without a look at whether that owner lives.
    """

    name = "two-bugs"

    def started(self, now_us: int) -> None:
        kept = self.local_storage.get(TERM)
        super().started(now_us)
        if kept is not None:
            self._own(now_us)
