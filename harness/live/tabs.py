"""What a live run cannot do to its windows, which are processes and no tabs of a browser.

Rules: this is a part of `world.LiveWorld`. `harness.cli.selection` leaves scenarios with such steps out before anything
runs (`Verb.plays_live`).
"""

from __future__ import annotations

from harness.live.failure import Unavailable
from harness.scenario.duration import Range

NOT_LIVE = "a window of the live arm is a process, not a tab of a browser"


class TabSteps:
    """The part of the stage on which documents follow each other in one window."""

    def crash_reload(self, window: str, after: Range) -> None:
        raise Unavailable(NOT_LIVE)

    def reload(self, window: str) -> None:
        raise Unavailable(NOT_LIVE)

    def leave_page(self, window: str) -> None:
        raise Unavailable(NOT_LIVE)

    def come_back(self, window: str) -> None:
        raise Unavailable(NOT_LIVE)

    def discard(self, window: str) -> None:
        raise Unavailable(NOT_LIVE)

    def duplicate(self, window: str, of: str) -> None:
        raise Unavailable(NOT_LIVE)

    def sleep(self, lasts: Range, clock: str) -> None:
        raise Unavailable(NOT_LIVE)

    def step_clock(self, by: Range, direction: str) -> None:
        raise Unavailable(NOT_LIVE)
