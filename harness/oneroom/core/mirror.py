"""The mirror: what a follower shows, fed by snapshots alone.

Snapshots are ordered by (term, number). A mirror takes only newer ones; it notices by the owner's
heartbeat that it missed one. The table below is all of its life; what it shows is its last snapshot
in every state.
"""

from __future__ import annotations

import enum

from oneroom.core.actions import Rendered, UserNotice
from oneroom.core.messages import Snapshot
from oneroom.core.outbox import Outbox
from oneroom.core.state import ConnectionState, Lease, VoiceState
from oneroom.core.transitions import Transitions, step


class Freshness(enum.IntEnum):
    """Relation of a mirror to the owner's state."""

    EMPTY = 0  # no snapshot yet
    CURRENT = 1
    BEHIND = 2  # the owner has posted a newer one


class On(enum.IntEnum):
    """Events that move a mirror."""

    SNAPSHOT = 1
    MISSED = 2  # a heartbeat names a newer snapshot


TRANSITIONS: Transitions[Freshness, On] = {
    Freshness.EMPTY: {On.SNAPSHOT: Freshness.CURRENT, On.MISSED: Freshness.BEHIND},
    Freshness.CURRENT: {On.SNAPSHOT: Freshness.CURRENT, On.MISSED: Freshness.BEHIND},
    Freshness.BEHIND: {On.SNAPSHOT: Freshness.CURRENT, On.MISSED: Freshness.BEHIND},
}


class Mirror:
    """The last snapshot taken: `state`, ordered by (`term`, `number`); of the next one only newer
    ones are taken. `has_terms` is that of the election: without terms whoever speaks last is
    believed.
    """

    def __init__(self, *, has_terms: bool = True) -> None:
        self.has_terms = has_terms
        self.freshness = Freshness.EMPTY
        self.term = 0
        self.number = 0
        self.state = VoiceState()
        self.shown = (0, 0)  # of which snapshot `state` is; (0, 0) for none, drawn without a call
        self._asked_us = -1
        self._sharers: tuple[str, ...] = ()

    def take(self, snapshot: Snapshot, out: Outbox) -> bool:
        """Adopt `snapshot` and draw it, if it is newer. Returns whether it was."""
        if not self._newer(snapshot.term, snapshot.number):
            return False
        self._adopt(snapshot, out)
        return True

    def _adopt(self, snapshot: Snapshot, out: Outbox) -> None:
        self.show(snapshot.term, snapshot.number, snapshot.state)
        out.add(Rendered(snapshot.term, snapshot.number, snapshot.state))
        self._tell_sharing(snapshot.state, out)

    def _tell_sharing(self, state: VoiceState, out: Outbox) -> None:
        """An overlay has no tracks to show, so it says who has begun to share, and who has stopped.

        A Room that connects, heals or changes its owner lists nobody for a while: that is no news
        of anybody. Oneself is always listed.
        """
        if state.connection is ConnectionState.IDLE:
            self._sharers = ()
        elif state.connection is ConnectionState.CONNECTED and state.participants:
            before = self._sharers
            self._sharers = tuple(
                one.identity for one in state.participants if one.screen_share_track
            )
            for identity in before:
                if identity not in self._sharers:
                    out.add(UserNotice(f"{identity} stopped sharing"))
            for identity in self._sharers:
                if identity not in before:
                    out.add(UserNotice(f"{identity} shares the screen"))

    def show(self, term: int, number: int, state: VoiceState) -> None:
        """Take a state as it is: the owner's own newest snapshot is its mirror too, so that a
        demotion loses nothing.
        """
        self.term, self.number, self.state = term, number, state
        self.shown = (term, number)
        self.freshness, _ = step(TRANSITIONS, self.freshness, On.SNAPSHOT)

    def put_out(self) -> bool:
        """There is no owner, and no window that is here may become one: draw no call. Returns
        whether one was drawn.

        The last snapshot counts as not seen: its owner may only have stood still, and come back
        with nothing newer.
        """
        if self.state == VoiceState():
            return False
        self.state = VoiceState()
        self.shown = (0, 0)
        self.number -= 1
        self.freshness, _ = step(TRANSITIONS, self.freshness, On.MISSED)
        return True

    def newest(self, lease: Lease) -> tuple[int, int, VoiceState]:
        """The newest state known, with its term and number: this one, or what an owner wrote to
        storage ahead of its snapshot.
        """
        if (lease.term, lease.seq) > (self.term, self.number):
            return lease.term, lease.seq, VoiceState(intent=lease.intent, applied=lease.applied)
        return self.term, self.number, self.state

    def wants(self, term: int, number: int, now_us: int, pause_us: int) -> bool:
        """True if a snapshot should be requested now, at most once in `pause_us`.

        That is so when the owner of `term`, whose newest one is `number` (0 for none yet), has
        posted one that is not here.
        """
        if number == self.number and term == self.term:
            return False
        if number > 0 and self._newer(term, number):
            self.freshness, _ = step(TRANSITIONS, self.freshness, On.MISSED)
        if self.freshness is not Freshness.BEHIND or 0 <= self._asked_us > now_us - pause_us:
            return False
        self._asked_us = now_us
        return True

    def _newer(self, term: int, number: int) -> bool:
        if term != self.term and not self.has_terms:
            return True
        return (term, number) > (self.term, self.number)


def posted_long_ago(before: Lease, lease: Lease) -> tuple[int, int]:
    """Term and number of a snapshot that an owner had posted a heartbeat before it wrote `row`, (0,
    0) for none known: it should be here, but for a bus that lost it, or that the owner does not
    know to be the only one of this window.
    """
    same = (before.term, before.holder) == (lease.term, lease.holder)
    return (before.term, before.seq) if same and 0 < before.counter < lease.counter else (0, 0)
