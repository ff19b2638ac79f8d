"""A step of a state machine whose transitions are data.

A table maps a state to what may happen in it, and that to the state that follows. Every event is
legal in every state: the world may say at any time what no longer matters, and what has no arrow
changes nothing.
"""

from __future__ import annotations

import enum
from typing import TypeVar

State = TypeVar("State", bound=enum.IntEnum)
On = TypeVar("On", bound=enum.IntEnum)

Transitions = dict[State, dict[On, State]]


def step(transitions: Transitions[State, On], state: State, on: On) -> tuple[State, bool]:
    """The state after `on`, and True if the table has an arrow for it; else the state stays."""
    following = transitions[state].get(on)
    return (state, False) if following is None else (following, True)
