"""Gossip: the highest token is master (telegram-tt, `establishMultitabRole.ts`).

Windows repeat the set of tokens that they know until it does not grow any more; then the highest
one is master. After 100 ms without a master a window makes itself one, "and then if we realize
we're not master, drop the connection". A window that closes says so; a master that closes starts a
new round. The random token is the instance id here; the explicit take-over
(`reestablishMasterToSelf`) is not part of the election.

How it fails: there is no sign of life. A master that crashes stays master for all others, and a
window that opens later is told so as well. A window that is slower than 100 ms starts a second
Room.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import Gossip
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings


class GossipMaxOptimistic(Policy):
    """telegram-tt: owner is the window that all believe to be master.

    `claim` is how long a window waits before it believes that of itself.
    """

    name = "gossip-max-optimistic"
    published = Timings(claim_us=100_000)
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.me = config.instance_id
        self.tokens = {self.me}
        self.master = ""
        self.established = False
        self.dead_master = ""

    def started(self, now_us: int) -> None:
        self.tell(known=(self.me,))
        self.arm(Timer.CLAIM, now_us + self.timings.claim_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.CLAIM and not self.master:
            self._enthrone(self.me, now_us)

    def told(self, message: Gossip, now_us: int) -> None:
        if not message.known:
            self._died(message.gone, now_us)
        elif message.gone or not self.dead_master:
            self._gossip(message, now_us)

    def retiring(self, now_us: int) -> None:
        self.election.move(On.RETIRE)
        self.tell(gone=self.me)

    def _died(self, token: str, now_us: int) -> None:
        self.tokens.discard(token)
        if token != self.master:
            return
        self.master, self.dead_master, self.established = "", token, False
        self._spread()
        if len(self.tokens) == 1:
            self.established, self.dead_master = True, ""
            self._enthrone(self.me, now_us)

    def _gossip(self, message: Gossip, now_us: int) -> None:
        heard = set(message.known)
        if message.gone and message.gone != self.dead_master:
            heard.discard(message.gone)
            self.dead_master = message.gone
        news = not heard <= self.tokens
        self.tokens |= heard
        if self.established:
            if not message.owner:
                self._spread()
        elif message.owner:
            self._settle(message.owner, now_us)
        elif news:
            self._spread()
        else:
            self._settle(max(self.tokens), now_us)

    def _settle(self, master: str, now_us: int) -> None:
        """End the round for this window."""
        self.dead_master = ""
        self._enthrone(master, now_us)
        self._spread()
        self.established = True

    def _enthrone(self, master: str, now_us: int) -> None:
        self.master = master
        if master == self.me:
            if self.election.role is Role.FOLLOWER:
                self.election.win(now_us)
        else:
            self.election.move(On.OUTRANKED)

    def _spread(self) -> None:
        self.tell(known=tuple(sorted(self.tokens)), owner=self.master, gone=self.dead_master)
