"""What a live run cannot do to its windows: they are processes and no tabs of a browser, and have no devices.

Rules: this is a part of `world.LiveWorld`. `harness.cli.selection` leaves scenarios with such steps out before anything
runs (`Verb.plays_live`).
"""

from __future__ import annotations

from harness.live.failure import Unavailable
from harness.scenario.duration import Range

NO_DEVICES = "the live arm captures made-up media: there is no device to unplug, no prompt and no bar"
ALONE = "the witness is the only other participant of the live arm"
NOT_LIVE = "a window of the live arm is a process, not a tab of a browser"


class TabSteps:
    """The part of the stage on which documents follow each other in one window, and devices come and go."""

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

    def refuse_prompt(self, window: str) -> None:
        raise Unavailable(NO_DEVICES)

    def stop_sharing(self, window: str) -> None:
        raise Unavailable(NO_DEVICES)

    def unplug(self, device: str) -> None:
        raise Unavailable(NO_DEVICES)

    def plug_in(self, device: str) -> None:
        raise Unavailable(NO_DEVICES)

    def remote_joins(self, identity: str, channel: str, microphone: str) -> None:
        raise Unavailable(ALONE)

    def remote_leaves(self, identity: str) -> None:
        raise Unavailable(ALONE)

    def remote_speaks(self, identity: str, lasts: Range) -> None:
        raise Unavailable(ALONE)

    def remote_publishes(self, identity: str, source: str, muted: bool) -> None:
        raise Unavailable(ALONE)

    def remote_unpublishes(self, identity: str, source: str) -> None:
        raise Unavailable(ALONE)

    def sleep(self, lasts: Range, clock: str) -> None:
        raise Unavailable(NOT_LIVE)

    def step_clock(self, by: Range, direction: str) -> None:
        raise Unavailable(NOT_LIVE)
