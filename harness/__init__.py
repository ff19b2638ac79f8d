"""oneroom: a deterministic simulator and test harness for multi-window RTC coordination.

Public, and kept stable, is what `__all__` lists; everything else may change. The names are imported when they are first
used, so that `oneroom --help` does not pay for the simulator.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from harness.checks.check import Check as Check
    from harness.choices.seeded import Seeded as Seeded
    from harness.choices.tape import Tape as Tape
    from harness.core.coordinator import Coordinator as Coordinator
    from harness.core.policy import Policy as Policy
    from harness.scenario import load as load
    from harness.sim.run import simulate as simulate
    from harness.trace.digest import digest as digest

__version__ = "0.1.0"

_HOMES = {
    "Check": "harness.checks.check",
    "Coordinator": "harness.core.coordinator",
    "Policy": "harness.core.policy",
    "Seeded": "harness.choices.seeded",
    "Tape": "harness.choices.tape",
    "digest": "harness.trace.digest",
    "load": "harness.scenario",
    "simulate": "harness.sim.run",
}

__all__ = ["Check", "Coordinator", "Policy", "Seeded", "Tape", "__version__", "digest", "load", "simulate"]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'harness' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
