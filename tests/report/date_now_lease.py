"""An election as many apps have it: a row {id, Date.now()} in localStorage."""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.election import On
from oneroom.core.events import Timer
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings

KEY = "rtc-owner"


class DateNowLease(Policy):
    """The row is the owner's as long as it is younger than a lease, by the reader's wall clock."""

    name = "date-now-lease"
    clock = "wall"
    has_terms = False
    published = Timings(heartbeat_us=1_000_000, lease_us=3_000_000)

    def started(self, now_us: int) -> None:
        self._renew(now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.PROBE:
            self._renew(now_us)

    def _renew(self, now_us: int) -> None:
        value = self.local_storage.get(KEY) or ""
        holder, stamp = [*value.split("|"), "0"][:2] if value else ("", "0")
        me = self.config.instance_id
        if holder in ("", me) or now_us - int(stamp) > self.timings.lease_us:
            if holder not in ("", me):
                self.note(f"{holder} is dead: its row is {now_us - int(stamp)} us old")
            self.local_storage.set(KEY, f"{me}|{now_us}")
            if self.election.role is not Role.OWNER:
                self.election.move(On.STAND)
                self.election.win(now_us)
        self.arm(Timer.PROBE, now_us + self.timings.heartbeat_us)
