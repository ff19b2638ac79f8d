"""One entry of a tape."""

from __future__ import annotations

import msgspec


class Draw(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """One entry of a tape: the label, the number of possible values, and the value drawn."""

    label: int
    bound: int
    value: int
