"""SelfCheck: whether a frozen or stalled owner may still act as owner.

A frozen page runs nothing but bus handlers, so after a long silence it cannot tell "no message was
sent" from "I stood still", and it can ask neither lock nor storage. The first message that it
receives may be a probe from before it was deposed. So it answers a probe with a probe of its own;
only a reply to its own probe is known to be fresh, and a window that has deposed it answers with a
higher term instead. Rules: every step goes through the table.
"""

from __future__ import annotations

import enum

from oneroom.core.transitions import Transitions, step


class State(enum.IntEnum):
    """States of the owner's belief that it owns."""

    VALID = 0
    STALE = 1  # the others may have given it up
    CONFIRMING = 2  # its own question is out


class On(enum.IntEnum):
    """Events that move it."""

    SILENCE = 1  # it gave no sign of life for a lease
    GAP = 2  # it did not even run for a lease: an answer that comes now may be old
    QUESTION = 3  # somebody wants something of the owner
    # somebody answered the owner's own question, or the lock manager did once the page ran again
    ANSWER = 4


TRANSITIONS: Transitions[State, On] = {
    State.VALID: {On.SILENCE: State.STALE, On.GAP: State.STALE},
    State.STALE: {On.QUESTION: State.CONFIRMING, On.ANSWER: State.VALID},
    State.CONFIRMING: {On.GAP: State.STALE, On.ANSWER: State.VALID},
}


class SelfCheck:
    """`probe` is the `seq` of the owner's own question on the bus, `query` the number of the one to
    the lock manager; 0 if none is out.
    """

    def __init__(self) -> None:
        self.state = State.VALID
        self.probe = 0
        self.query = 0

    def begin(self, *, stood_still: bool) -> None:
        """The page is frozen, or hands over, and gave no sign of life for a lease; `stood_still` if
        it did not run either.
        """
        self._step(On.GAP if stood_still else On.SILENCE)
        if stood_still:
            self.probe = 0  # an answer to the old question is as old as the question

    def settle(self) -> None:
        """The page runs again and the lock is still its own, or a new ownership begins."""
        self.query = 0
        self._step(On.ANSWER)

    def asks(self, seq: int) -> bool:
        """Handle a request to the owner. True if it must ask first, with the message `seq`."""
        if self._step(On.QUESTION):
            self.probe = seq
        return self.state is not State.VALID

    def hear(self, answered: int) -> None:
        """A probe that answers the question `answered`, 0 for none. Only an answer to the newest
        question counts: an older one may be from before the owner was deposed.
        """
        if answered and answered == self.probe:
            self._step(On.ANSWER)

    def _step(self, on: On) -> bool:
        self.state, moved = step(TRANSITIONS, self.state, on)
        return moved
