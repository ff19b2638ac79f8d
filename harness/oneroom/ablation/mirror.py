"""Mirrors without one of their protections."""

from __future__ import annotations

from oneroom.core.messages import Snapshot
from oneroom.core.mirror import Mirror
from oneroom.core.outbox import Outbox


class TakesAnyTerm(Mirror):
    """A snapshot of any other term is newer."""

    def _newer(self, term: int, number: int) -> bool:
        return term != self.term or super()._newer(term, number)


class TakesAnySnapshot(Mirror):
    """A snapshot is taken when it comes, old or new."""

    def take(self, snapshot: Snapshot, out: Outbox) -> bool:
        self._adopt(snapshot, out)
        return True


class NeverAsks(Mirror):
    """A snapshot that was missed is not asked for."""

    def wants(self, term: int, number: int, now_us: int, pause_us: int) -> bool:
        super().wants(term, number, now_us, pause_us)
        return False
