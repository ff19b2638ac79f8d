"""The points of a sweep: values for each time-out, on a grid or drawn.

Rules: a point is a function of ranges, number and seed. Values are whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from itertools import product

from oneroom.scenario import Range

_MS = 1_000
_SHARES = 1 << 32


def grid(ranges: Mapping[str, Range], values: int) -> list[dict[str, int]]:
    """Every combination of `values` (at least 2) evenly spaced values of each range, its ends
    among them.
    """
    columns = [_spaced(span, values) for span in ranges.values()]
    return [dict(zip(ranges, point, strict=True)) for point in product(*columns)]


def drawn(ranges: Mapping[str, Range], points: int, seed: int) -> list[dict[str, int]]:
    """`points` points, each value of a range as likely as the others."""
    made = [
        {name: _whole(span, _share(f"{seed} {number} {name}")) for name, span in ranges.items()}
        for number in range(points)
    ]
    once = {tuple(point.items()): point for point in made}
    return list(once.values())


def _spaced(span: Range, values: int) -> list[int]:
    if not span.is_draw:
        return [span.low_us]
    made = (_whole(span, place / (values - 1)) for place in range(values))
    return list(dict.fromkeys(made))


def _whole(span: Range, share: float) -> int:
    if share in (0.0, 1.0):
        return span.high_us if share else span.low_us
    exact_us = span.low_us + share * (span.high_us - span.low_us)
    return min(span.high_us, max(span.low_us, round(exact_us / _MS) * _MS))


def _share(text: str) -> float:
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest()) / _SHARES
