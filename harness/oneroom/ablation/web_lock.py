"""The lock policies without one of their protections."""

from __future__ import annotations

from oneroom.core.timings import Timings
from oneroom.policies.lock_election import ROLES, On, State
from oneroom.policies.web_lock import WebLock
from oneroom.policies.web_lock_lease import WebLockLease


class DeposesUnasked(WebLockLease):
    """A silent owner is deposed without being asked."""

    def _ask_owner(self, now_us: int) -> None:
        self.lock.step(On.NO_ANSWER, now_us)


class LeavesWhenLate(WebLockLease):
    """An owner leaves its call as soon as it may be suspected."""

    @classmethod
    def silence_us(cls, timings: Timings) -> int:
        return timings.lease_us


class AsksWhileHidden(WebLock):
    """A main window asks for the ownership whenever another one owns."""

    def on_time(self) -> bool:
        return True


class UsesStolenLockAtOnce(WebLockLease):
    """A stolen lock is used as if it had been waited for."""

    def lock_granted(self, now_us: int) -> None:
        if self.lock.state is State.STEALING:
            self.lock.state = State.QUEUED
        super().lock_granted(now_us)


class TakesAnyReply(WebLock):
    """Any reply counts as the one that is waited for."""

    def answers(self, number: int, state: State) -> bool:
        if ROLES.get(self.lock.state) is not ROLES[state]:
            return super().answers(number, state)
        self.lock.state = state
        return True


class LetsNobodyPass(WebLock):
    """A window that is granted the lock keeps it, although another one was to have it."""

    def lock_granted(self, now_us: int) -> None:
        self.yield_lock_to = ""
        super().lock_granted(now_us)
