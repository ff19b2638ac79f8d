"""oneroom: a deterministic simulator and test harness for multi-window RTC coordination.

Public, and kept stable, is what `__all__` lists; everything else may change. The names are imported
when they are first used, so that `oneroom --help` does not pay for the simulator.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oneroom.checks.check import Check as Check
    from oneroom.choices.replay import Replay as Replay
    from oneroom.choices.seeded import Seeded as Seeded
    from oneroom.core.coordinator import Coordinator as Coordinator
    from oneroom.core.policy import Policy as Policy
    from oneroom.scenario import load as load
    from oneroom.sim.run import simulate as simulate
    from oneroom.trace.digest import digest as digest

__version__ = "0.1.0"

_HOMES = {
    "Check": "oneroom.checks.check",
    "Coordinator": "oneroom.core.coordinator",
    "Policy": "oneroom.core.policy",
    "Seeded": "oneroom.choices.seeded",
    "Replay": "oneroom.choices.replay",
    "digest": "oneroom.trace.digest",
    "load": "oneroom.scenario",
    "simulate": "oneroom.sim.run",
}

__all__ = [
    "Check",
    "Coordinator",
    "Policy",
    "Replay",
    "Seeded",
    "__version__",
    "digest",
    "load",
    "simulate",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'oneroom' has no attribute {name!r}")
    return getattr(importlib.import_module(home), name)
