"""Terms as keys in IndexedDB: `add` fails if the key exists (xuset/tab-elect).

So one window gets each term. A window reads the terms when it starts, adds the next one, removes
the older ones and owns; the removal notifies the owner before. An owner that leaves removes its
term, which starts a race for the next. So the newest window takes over, and the loser of a race
gives up.

How it fails: there is no sign of life. When the owner crashes no window is elected until another
one opens. The old owner learns of its end over a bus, after the new one has begun: two Rooms for as
long as that takes, and for as long as the old one does not run.
"""

from __future__ import annotations

from oneroom.core.actions import ReadTerm, Role, TakeTerm
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import TermSeen, TermTaken
from oneroom.core.messages import Claim, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy


class IdbTermCas(Policy):
    """tab-elect: owner is the window that added the highest term."""

    name = "idb-term-cas"
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.adding = 0  # the number of the request by which it adds a term

    def started(self, now_us: int) -> None:
        self._elect()

    def term_seen(self, reply: TermSeen, now_us: int) -> None:
        """Handle the terms that were read, or the next one taken by another window, which owns."""
        if reply.number != self.adding and self.election.role is Role.FOLLOWER:
            self.adding = self.out.next_request()
            self.out.add(TakeTerm(self.adding, after=reply.term))

    def term_taken(self, reply: TermTaken, now_us: int) -> None:
        if reply.term >= self.election.term:
            self.election.win(now_us, reply.term)
            self.claim(self.config.instance_id)

    def claimed(self, message: Claim, now_us: int) -> None:
        """Handle a higher term that was added, and the removal of the older ones."""
        if self.election.role is Role.OWNER and message.term > self.election.term:
            self.election.move(On.OUTRANKED)

    def resigned(self, message: Resign, now_us: int) -> None:
        if self.election.role is Role.FOLLOWER:
            self._elect()

    def _elect(self) -> None:
        self.out.add(ReadTerm(self.out.next_request()))
