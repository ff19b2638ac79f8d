"""Coordinators without one of their protections."""

from __future__ import annotations

from oneroom.core.actions import Role
from oneroom.core.coordinator import Coordinator
from oneroom.core.events import UserCommand
from oneroom.core.messages import CommandVerb, Message, Snapshot
from oneroom.core.state import ConnectionState, Lease


class NoFenceAfterGap(Coordinator):
    """It goes on after a gap as if it had run all the time."""

    def _after_gap(self, now_us: int) -> None:
        pass


class LeavesAtEveryGap(Coordinator):
    """An owner in doubt gives its ownership up, whether it has a Room or not."""

    def _has_nothing_to_leave(self) -> bool:
        return False


class NoLockQueryOnResume(Coordinator):
    """Frozen no more, an owner in doubt believes in itself at once."""

    def _confirm(self, now_us: int) -> None:
        self._cleared(now_us)


class IgnoresLeaseOfOwner(Coordinator):
    """A row in storage is no sign of life of who wrote it."""

    def _owner_wrote(self, before: Lease, lease: Lease, now_us: int) -> None:
        pass


class OverlappingHandoff(Coordinator):
    """ "Seamless": it keeps its Room until the successor has one."""

    def _end_ownership(self) -> None:
        if self.election.role is not Role.HANDING_OVER:
            super()._end_ownership()

    def _has_left(self) -> bool:
        return True

    def _take_snapshot(self, message: Snapshot) -> None:
        if message.state.connection is ConnectionState.CONNECTED:
            self.ownership.end()
        super()._take_snapshot(message)


class NoGoodbye(Coordinator):
    """It does nothing in `pagehide`."""

    def _hidden(self, now_us: int) -> None:
        pass


class ObeysAnyTerm(Coordinator):
    """A message of any term has its effect."""

    def _same_footing(self, message: Message, now_us: int) -> bool:
        self.election.count(message.term)
        return True


class IgnoresSnapshotNumberInLease(Coordinator):
    """A row in storage says nothing about a snapshot that was missed."""

    def _missed_by_lease(self) -> None:
        pass


class OwnerTakesSnapshots(Coordinator):
    """An owner takes another owner's snapshot for the state of the call."""

    def _snapshot(self, message: Snapshot, now_us: int) -> None:
        self._take_snapshot(message)


class HearsItself(Coordinator):
    """It takes its own messages for those of another window."""

    def _is_own(self, message: Message) -> bool:
        return False


class EveryWindowConnects(Coordinator):
    """A window that does not own opens a Room for a command of its own."""

    def _acted(self, event: UserCommand, now_us: int) -> None:
        super()._acted(event, now_us)
        if event.verb is CommandVerb.CONNECT and self.election.role is not Role.OWNER:
            self.ownership.session.want(event.channel, self.election.term, now_us)
