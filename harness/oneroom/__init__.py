"""oneroom: a deterministic simulator and test harness for multi-window RTC coordination.

Public, and kept stable, is what `__all__` lists (docs/python-api.md); everything else may change.
The names are imported when they are first used, so that `oneroom --help` does not pay for the
simulator.
"""

from __future__ import annotations

# Type checkers take it as true. Nothing is imported here: an interrupt in that time would be a
# traceback (oneroom.__main__).
TYPE_CHECKING = False
if TYPE_CHECKING:
    from oneroom.checks.check import Check as Check
    from oneroom.checks.check import LivenessCheck as LivenessCheck
    from oneroom.choices.replay import Replay as Replay
    from oneroom.choices.seeded import Seeded as Seeded
    from oneroom.core.actions import Role as Role
    from oneroom.core.coordinator import Coordinator as Coordinator
    from oneroom.core.election import On as On
    from oneroom.core.events import Timer as Timer
    from oneroom.core.policy import Policy as Policy
    from oneroom.core.timings import Timings as Timings
    from oneroom.driver.run import Run as Run
    from oneroom.ports.socket_handler import Socket as Socket
    from oneroom.ports.socket_handler import SocketHandler as SocketHandler
    from oneroom.scenario import Scenario as Scenario
    from oneroom.scenario import ScenarioError as ScenarioError
    from oneroom.sim.run import simulate as simulate
    from oneroom.testing import Outcome as Outcome
    from oneroom.testing import load as load
    from oneroom.testing import load_text as load_text
    from oneroom.testing import run as run
    from oneroom.trace.digest import digest as digest

__version__ = "0.1.0"

_HOMES = {
    "Check": "oneroom.checks.check",
    "Coordinator": "oneroom.core.coordinator",
    "LivenessCheck": "oneroom.checks.check",
    "On": "oneroom.core.election",
    "Outcome": "oneroom.testing",
    "Policy": "oneroom.core.policy",
    "Replay": "oneroom.choices.replay",
    "Role": "oneroom.core.actions",
    "Run": "oneroom.driver.run",
    "Scenario": "oneroom.scenario",
    "ScenarioError": "oneroom.scenario",
    "Seeded": "oneroom.choices.seeded",
    "Socket": "oneroom.ports.socket_handler",
    "SocketHandler": "oneroom.ports.socket_handler",
    "Timer": "oneroom.core.events",
    "Timings": "oneroom.core.timings",
    "digest": "oneroom.trace.digest",
    "load": "oneroom.testing",
    "load_text": "oneroom.testing",
    "run": "oneroom.testing",
    "simulate": "oneroom.sim.run",
}

__all__ = [
    "Check",
    "Coordinator",
    "LivenessCheck",
    "On",
    "Outcome",
    "Policy",
    "Replay",
    "Role",
    "Run",
    "Scenario",
    "ScenarioError",
    "Seeded",
    "Socket",
    "SocketHandler",
    "Timer",
    "Timings",
    "__version__",
    "digest",
    "load",
    "load_text",
    "run",
    "simulate",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'oneroom' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
