"""One entry of a tape."""

from __future__ import annotations

import msgspec


class Draw(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One entry of a tape: what was drawn, from how many, and what came."""

    label: int
    bound: int
    value: int
