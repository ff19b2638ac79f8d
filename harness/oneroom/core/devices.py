"""Devices: the screen share of the owner window, which needs a fresh gesture there and one prompt
at a time.

Microphone and camera follow the intent; the screen does not: `getDisplayMedia` demands transient
user activation in the window that asks (W3C screen-capture), so a share that was asked for
elsewhere waits for a click in the owner window, and a share that was lost with its owner is offered
again, never restarted.
"""

from __future__ import annotations

import enum

from oneroom.core.state import Share
from oneroom.core.transitions import Transitions, step


class State(enum.IntEnum):
    """The own screen share."""

    OFF = 0
    WAITING = 1  # wanted, no gesture in this window yet
    ASKING = 2  # the picker is open
    ON = 3
    LOST = 4  # it was on in a window that is gone


class On(enum.IntEnum):
    """Events that move it."""

    WANT = 1
    GESTURE = 2
    STARTED = 3
    STOP = 4  # not wanted any more, refused, or ended from outside
    FORGET = 5  # the owner that shared is gone


TRANSITIONS: Transitions[State, On] = {
    State.OFF: {On.WANT: State.WAITING, On.FORGET: State.LOST},
    State.WAITING: {On.GESTURE: State.ASKING, On.STOP: State.OFF},
    State.ASKING: {On.STARTED: State.ON, On.STOP: State.OFF},
    State.ON: {On.STOP: State.OFF},
    State.LOST: {On.WANT: State.WAITING, On.STOP: State.OFF},
}

SHOWN: dict[State, Share] = {
    State.OFF: Share.OFF,
    State.WAITING: Share.OFF,
    State.ASKING: Share.OFF,
    State.ON: Share.ON,
    State.LOST: Share.OFFERED_AGAIN,
}

# Chromium and WebKit let a user activation last 5 s and 1 s to 5 s respectively (HTML leaves the
# duration to the browser); we count on the shorter one only for asking again, and the SDK's own
# answer decides.
ACTIVATION_US = 5_000_000


class ScreenShare:
    """See the top of this file."""

    def __init__(self) -> None:
        self.state = State.OFF
        self._gestured_us = -ACTIVATION_US - 1

    def move(self, on: On) -> bool:
        """Follow the table; False if `on` means nothing in the present state."""
        self.state, moved = step(TRANSITIONS, self.state, on)
        return moved

    def gestured(self, now_us: int) -> bool:
        """The user clicked in this window; True if a waiting share may ask now."""
        self._gestured_us = now_us
        return self.move(On.GESTURE)

    def want(self, now_us: int, *, here: bool) -> bool:
        """The user wants to share; True if the picker may open at once. Whoever asked in another
        window has the focus there, and a click here before that counts for nothing.
        """
        if not self.move(On.WANT) or not here:
            return False
        return now_us - self._gestured_us <= ACTIVATION_US and self.move(On.GESTURE)
