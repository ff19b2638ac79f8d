"""Combinations that no policy survives (docs/limits.md): with them a search finds nothing else.

An owner that stands still is in the call until it runs again. Its successor evicts it by joining
the same room under the same identity; nobody does when the user has moved to another channel, or
when each window has an identity of its own.

Nor is `instance: session` drawn: the owner machine asks for a new name for every runtime.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.scenario import Scenario, Step
from oneroom.scenario.verbs import Connect

STANDS_STILL = frozenset(("freeze", "stall", "stop"))
"""The steps after which an owner stands still without knowing it."""


def moves(story: Sequence[Step]) -> bool:
    """True if the user goes from one channel to another."""
    return len({step.verb.channel for step in story if isinstance(step.verb, Connect)}) > 1


def stands_still(scenario: Scenario) -> bool:
    """True if a step of the story or a WebView may let an owner stand still."""
    suspended = any(window.suspends is not None for window in scenario.windows.values())
    return suspended or any(step.name in STANDS_STILL for step in scenario.steps)
