"""Faults: what steps have broken in a run, and what undoes it.

One registry for each run, in virtual and in real time alike. Liveness is judged only when nothing
is broken; `heal` undoes everything that does not end by itself.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.trace.records import FaultChanged
from oneroom.trace.trace import Trace

WORLD_NAME = "world"
"""What a fault is about that is not about one window, as the trace names it."""


class Fault:
    """One way in which `about`, a window or the world, is broken. `name` stands in the trace.

    `undo` ends it and clears it from the registry; None for a fault that ends by itself.
    `survives` is true of what is no fault of the window's runtime, and outlives it.
    """

    def __init__(
        self,
        name: str,
        about: str = WORLD_NAME,
        undo: Callable[[], None] | None = None,
        *,
        survives: bool = False,
    ) -> None:
        self.name = name
        self.about = about
        self.undo = undo
        self.survives = survives

    @property
    def passing(self) -> bool:
        """True if it ends by itself."""
        return self.undo is None


class Faults:
    """The faults that are on, in the order in which they began last, with how often each is on."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._active: dict[tuple[str, str], tuple[Fault, int]] = {}

    def __len__(self) -> int:
        return len(self._active)

    def begin(self, fault: Fault) -> None:
        """`fault` is on, once more if it is on already."""
        key = (fault.about, fault.name)
        _, count = self._active.pop(key, (fault, 0))
        self._active[key] = (fault, count + 1)
        self._record(fault.name, fault.about, on=True)

    def end(self, name: str, about: str = WORLD_NAME) -> None:
        """The fault is on once less."""
        fault, count = self._active.pop((about, name))
        if count > 1:
            self._active[about, name] = (fault, count - 1)
        self._record(name, about, on=False)

    def clear(self, name: str, about: str = WORLD_NAME) -> None:
        """End the fault as often as it is on."""
        for _ in range(self.count(name, about)):
            self.end(name, about)

    def clear_runtime(self, window: str) -> None:
        """The runtime of the window has ended, and its faults with it."""
        for fault, _ in list(self._active.values()):
            if fault.about == window and not fault.survives:
                self.clear(fault.name, window)

    def heal(self) -> None:
        """Undo every fault that does not end by itself, in the order of beginning."""
        for key, (fault, _) in list(self._active.items()):
            if fault.undo is not None and key in self._active:
                fault.undo()

    def count(self, name: str, about: str = WORLD_NAME) -> int:
        """The number of times that the fault is on."""
        entry = self._active.get((about, name))
        return 0 if entry is None else entry[1]

    def any_passing(self) -> bool:
        """True if a fault that ends by itself has not ended yet."""
        return any(fault.passing for fault, _ in self._active.values())

    def counts(self) -> dict[tuple[str, str], int]:
        """The number of times that each fault is on, by what it is about and its name."""
        return {key: count for key, (_, count) in self._active.items()}

    def forget(self) -> None:
        """The run is over: let go of what would undo them, so that no reference cycle is left."""
        self._active.clear()

    def _record(self, name: str, about: str, *, on: bool) -> None:
        trace = self._trace
        place = trace.intern(about)
        trace.act_on(
            FaultChanged(trace.n, trace.now_us, place, trace.cause, trace.intern(name), on)
        )
