"""Ping, pong, and the highest id wins (tab-election 3, 2022-23).

crosstab and tab-election 2 are of the same family. Every window pings once a second and drops the
windows that have not answered within 50 ms. If the owner is not among the rest, it calls an
election: the highest id that a window knows campaigns, and 50 ms later leads if it has heard of no
higher one.

How it fails: an answer that takes longer than 50 ms counts as a death, so it needs a bus that is
faster than 25 ms and windows that are never busy. A leader that is voted out is not notified and
goes on; one that is voted in again does not begin anew (`onLeadership` is called once). The random
part of the interval is the window's own constant jitter here, at most 150 ms a known window; the
library draws up to a second a window for each ping. So a crash is noticed within 0.9 s here, within
2.5 s there (three windows, run beside each other in tests/examples/test_models.py).
"""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.messages import Claim, Gossip
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings


class PingPongMaxId(Policy):
    """tab-election 3, crosstab: the highest id that answers.

    `probe` is how long an answer may take, `claim` how long a campaign lasts.
    """

    name = "ping-pong-maxid"
    published = Timings(heartbeat_us=1_000_000, probe_us=50_000, claim_us=50_000)
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.me = config.instance_id
        self.seen_us: dict[str, int] = {}
        self.leader = ""
        self.pinged_us = 0
        self.campaigns_us: list[int] = []
        self.led_once = False

    def started(self, now_us: int) -> None:
        self._ping(now_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.HANDOFF:
            self._ping(now_us)
        elif timer is Timer.PROBE:
            self._count(now_us)
        elif timer is Timer.CLAIM:
            self._campaign_over(now_us)

    def told(self, message: Gossip, now_us: int) -> None:
        """Handle a ping, a pong, or a window's end."""
        if message.gone:
            self.seen_us.pop(message.gone, None)
            return
        self.seen_us[message.instance_id] = now_us
        if not message.number:
            self.tell(known=(self.me,), owner=self._lead(), answers=message.seq)
        if message.owner:
            self.leader = message.owner

    def claimed(self, message: Claim, now_us: int) -> None:
        if message.candidate:
            self._campaign(message.candidate, now_us)
        else:
            self._elect(now_us)

    def retiring(self, now_us: int) -> None:
        self.election.move(On.RETIRE)
        self.tell(gone=self.me)
        if self.leader == self.me:
            self.claim("")

    def _ping(self, now_us: int) -> None:
        self.pinged_us = self.seen_us[self.me] = now_us
        self.tell(known=(self.me,), owner=self._lead())
        self.arm(Timer.PROBE, now_us + self.timings.probe_us)
        pause_us = self.timings.heartbeat_us + self.config.jitter_us * len(self.seen_us)
        self.arm(Timer.HANDOFF, now_us + pause_us)

    def _lead(self) -> str:
        return self.me if self.leader == self.me else ""

    def _count(self, now_us: int) -> None:
        """Count the answers when their time is over."""
        silent = [window for window, seen_us in self.seen_us.items() if seen_us < self.pinged_us]
        for window in silent:
            self.tell(gone=window)
            del self.seen_us[window]
        if self.leader not in self.seen_us:
            self.claim("")
            self._elect(now_us)

    def _elect(self, now_us: int) -> None:
        self.leader = ""
        if self.me == max(self.seen_us, default=""):
            self.claim(self.me)
            self._campaign(self.me, now_us)

    def _campaign(self, candidate: str, now_us: int) -> None:
        self.leader = max(self.leader, candidate)
        self.campaigns_us.append(now_us + self.timings.claim_us)
        self.arm(Timer.CLAIM, self.campaigns_us[0])

    def _campaign_over(self, now_us: int) -> None:
        while self.campaigns_us and self.campaigns_us[0] <= now_us:
            del self.campaigns_us[0]
        if self.campaigns_us:
            self.arm(Timer.CLAIM, self.campaigns_us[0])
        if self.leader == self.me and not self.led_once and self.election.role is Role.FOLLOWER:
            self.led_once = True
            self.election.win(now_us)
