"""Rules of which livekit-client and livekit for Python have one each, with both: rows of
docs/conformance.md.

Rules: a case of the kit says what both SDKs do; where they part, it reads the row by `Rig.sdk`
(`DIFFERENCE.of(rig.sdk)`), and so the real SDK confirms its own half. A range is in microseconds,
from the soonest to the latest.
"""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

from oneroom.core.reasons import Reason
from tests.conformance.sfu.server_rig import SdkName
from tests.units import MILLISECOND, SECOND

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

    def row(self) -> tuple[str, str, str]:
        """The rule and what each SDK does, in words."""
        return (self.rule, _told(self.js), _told(self.python))


KICKED_WHILE_CONNECTING = Difference[Range | None](
    "kicked or removed while `connect()` waits for media, it joins again after",
    js=None,
    python=Range(13 * SECOND, 16 * SECOND),
)
REFUSED_TOKEN = Difference(
    "an expired token ends `connect()` with", js=Reason.USER_REJECTED, python=Reason.JOIN_FAILURE
)
JOINS = Difference("joins of one `connect()` before it gives up", js=1, python=4)
UNANSWERED = Difference(
    "`connect()` without any network ends after",
    js=Range(14_500 * MILLISECOND, 16 * SECOND),
    python=Range(19 * SECOND, 34 * SECOND),
)
TIMED_OUT = Difference(
    "`connect()` without any network, or without media, ends with",
    js=Reason.UNKNOWN,
    python=Reason.JOIN_FAILURE,
)
SIMULATED_FULL_RECONNECT = Difference(
    "a simulated full reconnect ends the older session with",
    js=Reason.DUPLICATE_IDENTITY,
    python=Reason.CLIENT_INITIATED,
)

ZOMBIE_WITH_TRACKS = Difference(
    "a client that was cut off for 7 s and taken over, both with tracks, is back and has evicted "
    "the newer one after",
    js=Range(2 * SECOND, 13 * SECOND),
    python=Range(14_900 * MILLISECOND, 16 * SECOND),
)
ZOMBIE_WITHOUT_TRACKS = Difference(
    "the same without tracks",
    js=Range(17 * SECOND, 26 * SECOND),
    python=Range(14_900 * MILLISECOND, 16 * SECOND),
)
DEAD_MEDIA = Difference(
    "media dead and signalling alive: a full join after",
    js=Range(47 * SECOND, 53 * SECOND),
    python=Range(30 * SECOND, 33 * SECOND),
)
DEAD_MEDIA_NOTICED = Difference(
    "media dead and signalling alive: noticed after",
    js=Range(15 * SECOND, 18_500 * MILLISECOND),
    python=Range(12 * SECOND, 17 * SECOND),
)
RESUMED_OVER_DEAD_MEDIA = Difference(
    "a resume that the server asks for is called done over dead media", js=True, python=False
)
RESUME = Difference(
    "a resume is over, from its answer, after",
    js=Range(1_900 * MILLISECOND, 2_500 * MILLISECOND),
    python=Range(3 * SECOND, 3_500 * MILLISECOND),
)
BARE_FULL_RECONNECT = Difference(
    "a full reconnect without tracks is over, from its join, after",
    js=Range(1_900 * MILLISECOND, 2_500 * MILLISECOND),
    python=Range(0, SECOND),
)
SERVER_AWAY = Difference(
    "the server is away for good: gives up after",
    js=Range(22 * SECOND, 67 * SECOND),
    python=Range(3 * SECOND, 45 * SECOND),
)
SERVER_RESTARTED = Difference(
    "the server is away for 2 s: back, from its end, after",
    js=Range(2 * SECOND, 32 * SECOND),
    python=Range(2 * SECOND, 16 * SECOND),
)
FOREIGN_RESUME = Difference(
    "resumed into a newer session that has a track, it ends that session with",
    js=Reason.STATE_MISMATCH,
    python=None,
)
UNPUBLISHED_WHILE_LOST = Difference(
    "unpublished while signalling is lost: the session ends with",
    js=Reason.CLIENT_INITIATED,
    python=None,
)


def _told(value: object) -> str:
    if isinstance(value, Reason):
        return f"`{value.name}`"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value is None else str(value)


NETWORK_IS_BACK = Difference(
    "a network that was gone too short to be missed is back (the events `offline`, `online`)",
    js="resumes",
    python="notices nothing",
)


def rows() -> list[Difference[object]]:
    """All differences, in the order of this file."""
    return [one for one in globals().values() if isinstance(one, Difference)]
