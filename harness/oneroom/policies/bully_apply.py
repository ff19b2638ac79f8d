"""The message election of pubkey/broadcast-channel (7.3.0, `leader-election.js`).

RxDB ran on it until version 5. A window applies twice, `responseTime` apart, and owns if no window
with a higher token applied and no owner announced itself. Followers apply again every
`fallbackInterval`, four times slower, and at once when an owner leaves. No heartbeat, no lease, no
term: an owner answers an application, and that is its only sign of life.

How it fails: an owner that does not answer within two response times is taken for dead, so 300 ms
of a busy main thread make two owners when a window opens, and 1.2 s at any time. Both stay owners
for ever: `onduplicate` is a callback, and the library itself demotes neither. A crash is noticed by
the next fallback round, which hidden windows run once a minute. The library's random token is the
window's instance id here.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import Claim, Gossip, Resign
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings

APPLICATIONS = 2
# How much longer a round of the fallback loop waits for an answer.
FALLBACK_FACTOR = 4


class BullyApply(Policy):
    """pubkey/broadcast-channel: applies twice and owns unless another window objects.

    `claim` is the response time, `lease` the fallback interval.
    """

    name = "bully-apply"
    # Native BroadcastChannel: 150 ms; the IndexedDB method takes 300 ms, the localStorage method
    # 120 ms.
    published = Timings(claim_us=150_000, lease_us=3_000_000)
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.applications = 0
        self.pause_us = 0
        self.stopped = False
        self.again = False
        self.duplicate_told = False

    def started(self, now_us: int) -> None:
        self._apply(now_us, 1)
        self.arm(Timer.PROBE, now_us + self.timings.lease_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.PROBE:
            self._apply(now_us, FALLBACK_FACTOR)
            self.arm(Timer.PROBE, now_us + self.timings.lease_us)
        elif timer is Timer.CLAIM and self.election.role is Role.CANDIDATE:
            self._unanswered(now_us)

    def claimed(self, message: Claim, now_us: int) -> None:
        """Handle another window's application."""
        if self.election.role is Role.OWNER:
            self.tell(owner=self.config.instance_id)
        elif message.candidate > self.config.instance_id:
            self.stopped = True

    def told(self, message: Gossip, now_us: int) -> None:
        """Handle an owner's announcement."""
        if self.election.role is Role.OWNER:
            self.duplicate(message.owner)
        else:
            self.stopped = True

    def duplicate(self, other: str) -> None:
        """Handle a second owner: notify the application (`onduplicate`) and the other owner."""
        if not self.duplicate_told:
            self.duplicate_told = True
            self.tell(owner=self.config.instance_id)

    def resigned(self, message: Resign, now_us: int) -> None:
        self._apply(now_us, 1)

    def demoted(self, now_us: int) -> None:
        """Make up for an application that came in between."""
        if self.again:
            self._apply(now_us, 1)

    def _apply(self, now_us: int, factor: int) -> None:
        if self.election.role is Role.CANDIDATE:
            self.again = True
        elif self.election.role is Role.FOLLOWER:
            self.election.move(On.STAND)
            self.again = self.stopped = False
            self.applications = 0
            self.pause_us = factor * self.timings.claim_us
            self._ask(now_us)

    def _ask(self, now_us: int) -> None:
        self.applications += 1
        self.claim(self.config.instance_id)
        self.arm(Timer.CLAIM, now_us + self.pause_us)

    def _unanswered(self, now_us: int) -> None:
        """End the time for objections."""
        if self.stopped:
            self.election.move(On.OUTRANKED)
        elif self.applications < APPLICATIONS:
            self._ask(now_us)
        else:
            self.again = False
            self.election.win(now_us)
            self.tell(owner=self.config.instance_id)


class BullyApplyDemote(BullyApply):
    """pubkey/broadcast-channel with the usual addition of applications: of two owners the lower
    token steps down (tracim#3547).
    """

    name = "bully-apply-demote"

    def duplicate(self, other: str) -> None:
        if other > self.config.instance_id:
            self.election.move(On.OUTRANKED)
        else:
            self.tell(owner=self.config.instance_id)
