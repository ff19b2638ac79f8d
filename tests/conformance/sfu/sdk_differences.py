"""Rules of which livekit-client and livekit for Python have one each, with both: rows of
docs/conformance.md.

Rules: a case of the kit says what both SDKs do; where they part, it reads the row by `Rig.sdk`
(`DIFFERENCE.of(rig.sdk)`), and so the real SDK confirms its own half. A range is in microseconds,
from the soonest to the latest.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from tests.conformance.sfu.server_rig import SdkName
from tests.units import SECOND

Value = TypeVar("Value")


class Range(NamedTuple):
    """A time that is not before `low_us` and not after `high_us`."""

    low_us: int
    high_us: int

    def __str__(self) -> str:
        return f"{self.low_us / SECOND:g} to {self.high_us / SECOND:g} s"


class Difference(NamedTuple, Generic[Value]):
    """What is done about `rule`, by each SDK."""

    rule: str
    js: Value
    python: Value

    def of(self, sdk: SdkName) -> Value:
        return self.js if sdk == "js" else self.python


NETWORK_IS_BACK = Difference(
    "a network that was gone too short to be missed is back (the events `offline`, `online`)",
    js="resumes",
    python="notices nothing",
)


def rows() -> list[Difference[object]]:
    """All differences, in the order of this file."""
    return [one for one in globals().values() if isinstance(one, Difference)]
