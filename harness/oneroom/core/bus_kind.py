"""The kinds of bus, by the names that scenario files use, in the plan's order: a window that has
several speaks on the first.

The fake of each is named in `oneroom_fakes.user_buses`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias, get_args

BusKind: TypeAlias = Literal["broadcast-channel", "storage-event", "tauri-event"]
BUS_KINDS: tuple[BusKind, ...] = get_args(BusKind)


def in_order(kinds: Iterable[str]) -> tuple[BusKind, ...]:
    """The kinds that a platform has, the preferred one first."""
    present = set(kinds)
    return tuple(kind for kind in BUS_KINDS if kind in present)
