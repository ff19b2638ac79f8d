"""Moves that no policy may make.

Rules: the policies of this project may make a move that means nothing, and it has no effect. To one
that is its user's own it is forbidden: whoever loads that policy says how (`Policy._forbid`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

# Called with the move in words; raises IllegalMove if it is forbidden to the code that made it.
Forbid: TypeAlias = Callable[[str], None]


class IllegalMove(ValueError):
    """A policy did what no policy may do."""


def allow(move: str) -> None:
    """Let a move pass."""
