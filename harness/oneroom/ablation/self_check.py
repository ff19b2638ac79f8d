"""Self-checks without one of their protections."""

from __future__ import annotations

from oneroom.core.self_check import On, SelfCheck


class NeverDoubts(SelfCheck):
    """An owner believes in itself, however long it gave no sign of life."""

    def begin(self, *, stood_still: bool) -> None:
        pass


class TakesOldAnswers(SelfCheck):
    """An answer to any question, however old, clears a doubt."""

    def hear(self, answered: int) -> None:
        if answered:
            self._step(On.ANSWER)
