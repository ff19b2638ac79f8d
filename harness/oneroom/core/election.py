"""The election: which part this window plays, and under which term.

Rules: every change of role goes through `TRANSITIONS`. When to stand, win or give way is the
policy's business (`harness/oneroom/policies`); what follows for Room, commands and snapshots is the
coordinator's. This file only keeps the books.
"""

from __future__ import annotations

import enum

from oneroom.core.actions import Role
from oneroom.core.illegal_move import Forbid, allow
from oneroom.core.transitions import Transitions, step


class On(enum.IntEnum):
    """Events that move a window from role to role."""

    STAND = 1  # it wants to own and is making sure that it may
    WIN = 2  # it may
    OUTRANKED = 3  # somebody else owns, or it can no longer be sure of its own ownership
    ASKED = 4  # it was asked to hand over
    LEFT = 5  # it has left its Room for the successor
    RETIRE = 6  # pagehide
    RETURN = 7  # back out of the back/forward cache


TRANSITIONS: Transitions[Role, On] = {
    Role.FOLLOWER: {On.STAND: Role.CANDIDATE, On.WIN: Role.OWNER, On.RETIRE: Role.RETIRED},
    Role.CANDIDATE: {On.WIN: Role.OWNER, On.OUTRANKED: Role.FOLLOWER, On.RETIRE: Role.RETIRED},
    Role.OWNER: {
        On.STAND: Role.CANDIDATE,  # fenced: it must make sure again
        On.OUTRANKED: Role.FOLLOWER,
        On.ASKED: Role.HANDING_OVER,
        On.RETIRE: Role.RETIRED,
    },
    Role.HANDING_OVER: {
        On.LEFT: Role.FOLLOWER,
        On.OUTRANKED: Role.FOLLOWER,
        On.RETIRE: Role.RETIRED,
    },
    Role.RETIRED: {On.RETURN: Role.FOLLOWER},
}


class Election:
    """Role and term of one window. Times are monotonic microseconds of this window.

    `term` is the highest term known, `owner` the instance that was last heard to own it ("" for
    nobody), `heard_us` when it last gave a sign of life, on the bus or in storage.
    """

    def __init__(self, instance_id: str) -> None:
        self.instance_id = instance_id
        self.role = Role.FOLLOWER
        self.term = 0
        self.owner = ""
        self.owner_preferred = False
        self.heard_us = 0
        self.forbid: Forbid = allow

    def move(self, on: On) -> bool:
        """Follow the table; False if `on` means nothing in the present role."""
        if type(on) is not On:
            self.forbid(f"{on!r} is no event of an election")
        self.role, moved = step(TRANSITIONS, self.role, on)
        return moved

    def win(self, now_us: int, term: int = 0) -> None:
        """Begin an ownership under `term`, or under one that nobody has used as far as this window
        knows.
        """
        if self.role is Role.OWNER:
            self.forbid("this window claims the ownership while it is owner")
        if self.move(On.WIN):
            self.term = term or self.term + 1
            self.owner = self.instance_id
            self.heard_us = now_us

    def learn(self, term: int) -> bool:
        """Hear of `term` from anywhere; True if it is higher than what was known."""
        if term <= self.term:
            return False
        self.term = term
        self.owner = ""
        return True

    def count(self, term: int) -> None:
        """Hear of a term where nobody compares terms: they are counted in good faith, since mirrors
        and records need a number.
        """
        if self.role in (Role.FOLLOWER, Role.CANDIDATE):
            self.learn(term)

    def hear_owner(self, instance_id: str, preferred: bool, now_us: int) -> None:
        """A sign of life of the present term's owner."""
        self.owner = instance_id
        self.owner_preferred = preferred
        self.heard_us = now_us

    def forget_owner(self) -> None:
        """The owner resigned: nobody owns as far as this window knows."""
        self.owner = ""
