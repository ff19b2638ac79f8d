"""The token: what opens a Room, asked of the application's server, and kept fresh as long as the
user is in the call.

The SDK keeps its own token fresh (the server sends it a new one every few minutes) and tells
nobody. This one is for the next Room: when the SDK gives up, because it was refused, away for too
long or sent out, the way back must not wait for a slow server, nor fail with a server that fails
just then. So a token is renewed ahead of its expiry, and an expired one is never tried. It ages by
the wall clock as well, because the monotonic clock may stand still while the machine sleeps. Rules:
every step goes through the table; the text reaches `OpenRoom` and nothing else.
"""

from __future__ import annotations

import enum

from oneroom.core.actions import Arm, Disarm, MintToken
from oneroom.core.events import Timer
from oneroom.core.outbox import Outbox
from oneroom.core.timings import Timings
from oneroom.core.transitions import Transitions, step


class State(enum.IntEnum):
    """States of the token."""

    NONE = 0  # none, and none wanted
    MINTING = 1  # asked for
    PAUSING = 2  # none to be had; asked for again after a pause
    READY = 3
    RENEWING = 4  # still good, and the next one is asked for


class On(enum.IntEnum):
    """Events that move it."""

    WANT = 1  # a Room is to be opened
    MINTED = 2
    FAILED = 3
    DUE = 4  # the pause is over
    AGED = 5  # soon to expire
    EXPIRED = 6
    DROP = 7  # no longer wanted, or refused


TRANSITIONS: Transitions[State, On] = {
    State.NONE: {On.WANT: State.MINTING},
    State.MINTING: {On.MINTED: State.READY, On.FAILED: State.PAUSING, On.DROP: State.NONE},
    State.PAUSING: {On.DUE: State.MINTING, On.DROP: State.NONE},
    State.READY: {On.AGED: State.RENEWING, On.EXPIRED: State.NONE, On.DROP: State.NONE},
    State.RENEWING: {
        On.MINTED: State.READY,
        On.FAILED: State.READY,
        On.EXPIRED: State.MINTING,
        On.DROP: State.NONE,
    },
}


class Token:
    """One for each window, for the channel of its session. Times are monotonic microseconds of this
    window.
    """

    def __init__(self, out: Outbox, timings: Timings) -> None:
        self.out = out
        self.timings = timings
        self.state = State.NONE
        self._channel = ""
        self._epoch = 0  # of the session that asked first: an answer to an older one means nothing
        self._asked_us = 0
        self._text = ""
        self._expires_us = 0
        self._ahead_us = 0  # how long before its expiry it is renewed
        self._pause_us = timings.retry_us
        self._armed = False

    def want(self, channel: str, epoch: int, now_us: int) -> str:
        """A token for a Room in `channel`, or "" if it has to be waited for."""
        if channel != self._channel:
            self.drop()
        if self._good(now_us):
            return self._text
        self._step(On.EXPIRED)
        if self._step(On.WANT):
            self._channel, self._epoch = channel, epoch
            self._ask(now_us)
        return ""

    def _good(self, now_us: int) -> bool:
        """Return whether there is a token that has not expired: an expired one is not tried."""
        return now_us < self._expires_us

    def minted(self, epoch: int, text: str, valid_us: int, now_us: int) -> bool:
        """The answer; whether a Room can be opened with it. `valid_us` counts from the question; 0
        is good for once. A longer one is kept, and renewed ahead of its expiry: the next Room does
        not wait for the application's server. One that has expired on its way is asked for anew.
        """
        if epoch != self._epoch or not self._step(On.MINTED):
            return False
        self._pause_us = self.timings.retry_us
        self._text, self._expires_us = text, self._asked_us + valid_us
        if not valid_us:
            return True
        if not self._good(now_us):
            self._step(On.EXPIRED)
            self._step(On.WANT)
            self._ask(now_us)
            return False
        self._ahead_us = min(self.timings.token_ahead_us, valid_us // 4)
        self._arm_renewal(now_us)
        return True

    def age(self, by_us: int, now_us: int) -> None:
        """The wall clock is `by_us` further on than this window's clock says. A wall clock that was
        set back makes nothing younger.
        """
        if by_us > 0:
            self._asked_us -= by_us
            self._expires_us -= by_us
            if self.state is State.READY and self._armed:
                self._arm_renewal(now_us)

    def failed(self, epoch: int, now_us: int) -> bool:
        """No token this time; whether there is none now. It is asked for again after a pause that
        grows.
        """
        if epoch != self._epoch or not self._step(On.FAILED):
            return False
        self._arm(now_us + self._pause_us)
        self._pause_us = min(2 * self._pause_us, self.timings.retry_max_us)
        return self.state is State.PAUSING

    def hurry(self, now_us: int) -> None:
        """Ask now if there was a failure and a pause after it."""
        if self.state is State.PAUSING:
            self.out.add(Disarm(Timer.TOKEN))
            self.due(now_us)

    def due(self, now_us: int) -> None:
        """The timer: a pause is over, or the token is about to expire."""
        self._armed = False
        if self._step(On.DUE) or self._step(On.AGED):
            self._ask(now_us)

    def drop(self) -> None:
        """Drop the token: it is not wanted any more, or the SFU does not take it."""
        if self._step(On.DROP):
            self._text, self._expires_us, self._epoch = "", 0, 0
            self._pause_us = self.timings.retry_us
            if self._armed:
                self._armed = False
                self.out.add(Disarm(Timer.TOKEN))

    def _ask(self, now_us: int) -> None:
        self._asked_us = now_us
        self.out.add(MintToken(self._epoch, self._channel))

    def _arm_renewal(self, now_us: int) -> None:
        self._arm(max(self._expires_us - self._ahead_us, now_us))

    def _arm(self, at_us: int) -> None:
        self._armed = True
        self.out.add(Arm(Timer.TOKEN, at_us))

    def _step(self, on: On) -> bool:
        self.state, moved = step(TRANSITIONS, self.state, on)
        return moved
