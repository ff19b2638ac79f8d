"""The newest window claims, and the one before it goes (element-web, `SessionLock.ts`).

A window that starts writes its name to `claimant` in localStorage. The owner is notified, shuts
down, and then removes its `ping`; the claimant waits for that, or until the ping is older than 15
s. An owner pings every 5 s. A claimant that is overtaken by another gives up; a window that was
succeeded shows "open in another window" and never comes back. Windows compare times of the wall
clock.

How it fails: it is a take-over and no election. When the newest window closes no window owns, since
all others have given up. A crash costs the next window up to 15 s. A page that stands still for
longer is succeeded, and finds out when it runs again.
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings

CLAIMANT, PING = "claimant", "ping"


class LsClaimantTakeover(Policy):
    """element-web: the newest window owns.

    `heartbeat` is the ping's interval, `lease` the age of a stale ping.
    """

    name = "ls-claimant-takeover"
    published = Timings(heartbeat_us=5_000_000, lease_us=15_000_000)
    clock = "wall"
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.me = config.instance_id
        self.claims = False

    def started(self, now_us: int) -> None:
        self.claims = True
        self.local_storage.set(CLAIMANT, self.me)
        self._wait(now_us)

    def item_changed(self, key: str, value: str, now_us: int) -> None:
        """Read the item again: the event may be old."""
        if self.claims or (self.election.role is Role.OWNER and key == CLAIMANT):
            self._read(now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.CLAIM and self.claims:
            self._own(now_us)  # nothing was written for as long: the ping is stale
        elif timer is Timer.PROBE and self.election.role is Role.OWNER:
            self._ping(now_us)

    def room_left(self, now_us: int) -> None:
        self.local_storage.remove(PING)
        self.resign(self.successor)
        self.election.move(On.LEFT)

    def retiring(self, now_us: int) -> None:
        if self.election.role in (Role.OWNER, Role.HANDING_OVER):
            self.local_storage.remove(PING)
        super().retiring(now_us)

    def _read(self, now_us: int) -> None:
        claimant = self.local_storage.get(CLAIMANT) or ""
        if claimant != self.me:
            self.claims = False
            if self.election.role is Role.OWNER:
                self.start_handoff(claimant)
        elif self.claims:
            self._wait(now_us)

    def _wait(self, now_us: int) -> None:
        ping = self.local_storage.get(PING)
        left_us = self.timings.lease_us - max(now_us - int(ping), 0) if ping else 0
        if left_us <= 0:
            self._own(now_us)
        else:
            self.arm(Timer.CLAIM, now_us + left_us)

    def _own(self, now_us: int) -> None:
        self.claims = False
        self.election.win(now_us)
        self._ping(now_us)

    def _ping(self, now_us: int) -> None:
        self.local_storage.set(PING, str(now_us))
        self.arm(Timer.PROBE, now_us + self.timings.heartbeat_us)
