"""A mutex in localStorage (supertokens/browser-tabs-lock 1.3.0; auth0-spa-js ran on it).

A window that finds no lock waits up to 25 ms, writes itself into it, waits 30 ms and reads: if its
own name is still there, it owns. The owner renews the time in the lock once a second; a waiter
removes a lock that is older than 5 s, and tries again at the next storage event, or in its next
call (a call gives up after 5 s; an application that must have an owner calls for ever, so this
does). Closing releases no lock. Windows compare times of the wall clock.

How it fails: its README says that a foolproof lock is impossible there. A window that stands still
between reading and writing overwrites an owner that has checked already. An owner that stands still
for 5 s is succeeded and not notified; it goes on, and renews the lock of its successor.
"""

from __future__ import annotations

import enum

from oneroom.core.actions import Role
from oneroom.core.config import Config
from oneroom.core.election import Election, On
from oneroom.core.events import Timer
from oneroom.core.outbox import Outbox
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings

LOCK = "lock"
WAIT_US = 25_000
CHANGE_US = 50_000
# How long one `acquireLock` tries. An application that needs an owner calls it again at once.
TIMEOUT_US = 5_000_000


class Step(enum.IntEnum):
    """The step after a wait."""

    LOOK = 0
    WRITE = 1
    VERIFY = 2


class LsMutex(Policy):
    """browser-tabs-lock: owner is the window whose name is in the lock.

    `claim` is its wait, `lease` the age of a stale lock.
    """

    name = "ls-mutex"
    published = Timings(heartbeat_us=1_000_000, lease_us=5_000_000, claim_us=30_000)
    clock = "wall"
    has_terms = False

    def __init__(self, config: Config, election: Election, out: Outbox) -> None:
        super().__init__(config, election, out)
        self.step = Step.LOOK
        self.tries = 0
        self.waits = False
        self.waits_since_us = 0
        self.gives_up_us = 0

    def started(self, now_us: int) -> None:
        self.gives_up_us = now_us + TIMEOUT_US
        self._pause(Step.LOOK, now_us + self.timings.claim_us)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer is Timer.PROBE:
            self._read(now_us)
        elif timer is Timer.CLAIM and self.waits:
            self.waits = False
            if now_us >= self.gives_up_us:
                self.gives_up_us = now_us + TIMEOUT_US
            self._pause(Step.LOOK, now_us + self.timings.claim_us)
        elif timer is Timer.CLAIM and self.step is Step.WRITE:
            self.election.move(On.STAND)
            self._write(self.config.instance_id, self.tries, now_us)
            self._pause(Step.VERIFY, now_us + self.timings.claim_us)
        elif timer is Timer.CLAIM:
            self._read(now_us)

    def item_changed(self, key: str, value: str, now_us: int) -> None:
        """Try again, 50 ms after the wait began at the earliest."""
        if self.waits:
            self.arm(Timer.CLAIM, max(now_us, self.waits_since_us + CHANGE_US))

    def _read(self, now_us: int) -> None:
        holder, iat, renewed_us = _parsed(self.local_storage.get(LOCK))
        if self.election.role is Role.OWNER:
            self._renew(holder, iat, now_us)
        elif self.step is Step.VERIFY:
            self._verify(holder == self.config.instance_id and iat == self.tries, now_us)
        elif not holder:
            self._pause(Step.WRITE, now_us + self.config.jitter_us % WAIT_US)
        else:
            self._wait(renewed_us, now_us)

    def _renew(self, holder: str, iat: int, now_us: int) -> None:
        """Renew the time of the lock, whoever holds it; a lock that is gone is not restored."""
        if holder:
            self._write(holder, iat, now_us)
            self.arm(Timer.PROBE, now_us + self.timings.heartbeat_us)

    def _verify(self, mine: bool, now_us: int) -> None:
        if mine:
            self.election.win(now_us)
            self.arm(Timer.PROBE, now_us + self.timings.heartbeat_us)
        else:
            self.tries += 1
            self.election.move(On.OUTRANKED)
            self._pause(Step.LOOK, now_us + self.timings.claim_us)

    def _wait(self, renewed_us: int, now_us: int) -> None:
        if renewed_us < now_us - self.timings.lease_us:
            self.local_storage.remove(LOCK)
        self.waits = True
        self.waits_since_us = now_us
        self.arm(Timer.CLAIM, max(now_us, self.gives_up_us))

    def _pause(self, step: Step, until_us: int) -> None:
        self.step = step
        self.arm(Timer.CLAIM, until_us)

    def _write(self, holder: str, iat: int, now_us: int) -> None:
        self.local_storage.set(LOCK, f"{holder}:{iat}:{now_us}")


def _parsed(value: str | None) -> tuple[str, int, int]:
    """Holder, the holder's try, and when it was renewed."""
    if not value:
        return "", 0, 0
    holder, iat, renewed_us = value.rsplit(":", 2)
    return holder, int(iat), int(renewed_us)
