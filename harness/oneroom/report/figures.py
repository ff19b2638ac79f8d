"""Numbers as people read them.

Rules: a time is handed in as integer microseconds and comes out in the unit that a reader would
choose; rounding never hides a difference between zero and not zero.
"""

from __future__ import annotations

from oneroom.confidence import interval, upper_bound


def duration(span_us: int) -> str:
    """A span in its natural unit: `80 µs`, `140 ms`, `1.25 s`, `1023 s`.

    Seconds are the largest, as of the times of a run, so that one can be taken from the other.
    """
    if span_us < 1_000:
        return f"{span_us} µs"
    if span_us < 1_000_000:
        return f"{_plain(span_us / 1_000, 1 if span_us < 10_000 else 0)} ms"
    if span_us < 120_000_000:
        return f"{_plain(span_us / 1_000_000, 2)} s"
    return f"{span_us // 1_000_000} s"


def timestamp(at_us: int) -> str:
    """A time of the run in seconds with three decimals: `5.204 s`."""
    return f"{at_us // 1_000 / 1_000:.3f} s"


def exact_timestamp(at_us: int) -> str:
    """A time of the run to the microsecond, for records within one millisecond: `5.204112 s`."""
    return f"{at_us / 1_000_000:.6f} s"


def count(number: int) -> str:
    """A number with thousands separated: `1,904`."""
    return f"{number:,}"


def plural(number: int, noun: str) -> str:
    """A number with its noun: `1 seed`, `1,000 seeds`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def rate(hits: int, trials: int) -> str:
    """`29 of 10,000 seeds (0.29 %, 95 % CI 0.20–0.42)`; without an interval for a single seed."""
    if trials == 1:
        return f"{hits} of 1 seed"
    return f"{hits:,} of {plural(trials, 'seed')} ({share(hits, trials)})"


def share(hits: int, trials: int) -> str:
    """`0.29 %, 95 % CI 0.20–0.42`."""
    low, high = interval(hits, trials)
    digits = _digits(100 * hits / trials)
    percent, low_text, high_text = (
        f"{100 * value:.{digits}f}" for value in (hits / trials, low, high)
    )
    return f"{percent} %, 95 % CI {low_text}–{high_text}"


def at_most(trials: int) -> str:
    """The upper bound (95 %) of what was never seen in `trials`: `0.030 %`, `26 %`."""
    return f"{100 * upper_bound(trials):#.2g}".rstrip(".") + " %"


def _digits(percent: float) -> int:
    if percent < 1:
        return 2
    return 1 if percent < 10 else 0


def _plain(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
