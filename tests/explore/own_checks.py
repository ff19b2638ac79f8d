"""Checks of a user's own: good ones, and some that cannot be used."""

from __future__ import annotations

from oneroom.checks.check import Check, LivenessCheck
from oneroom.trace.records import Healed, Life, LifeChanged, Record, Role, RoleChanged, Settled


class OneElection(Check):
    """Violated by every second election."""

    name = "one_election"
    promise = "a run has one election"
    reads: tuple[type[Record], ...] = (RoleChanged,)

    def __init__(self) -> None:
        super().__init__()
        self.elections = 0

    def on(self, record: Record) -> None:
        if isinstance(record, RoleChanged) and record.role is Role.OWNER:
            self.seen = True
            self.elections += 1
            if self.elections > 1:
                self.violate(record, (record.where,))


class NobodyCrashes(OneElection):
    """Never seen: it waits for a window that crashes twice."""

    name = "nobody_crashes"
    promise = "no window is thrown out of the cache"
    reads = (LifeChanged,)

    def on(self, record: Record) -> None:
        self.seen |= isinstance(record, LifeChanged) and record.life is Life.EVICTED


class SomebodyOwns(LivenessCheck):
    """Liveness of one's own, and it holds."""

    name = "somebody_owns"
    promise = "in the end some window has owned"
    reads: tuple[type[Record], ...] = (RoleChanged, Healed, Settled)

    def follow(self, record: Record) -> None:
        self.seen |= isinstance(record, RoleChanged) and record.role is Role.OWNER

    def settle(self, record: Settled) -> None:
        if not self.seen:
            self.violate(record, ())


class Clumsy(OneElection):
    name = "clumsy"

    def on(self, record: Record) -> None:
        raise KeyError("row")


class Nameless(OneElection):
    name = ""


class Namesake(OneElection):
    name = "single_room"


class Blind(OneElection):
    name = "blind"
    reads = ()


class Confused(OneElection):
    name = "confused"
    reads = (Role,)  # type: ignore[assignment]  # a user may be wrong


class Idle(Check):
    name = "idle"
    reads: tuple[type[Record], ...] = (RoleChanged,)


class Unsettled(SomebodyOwns):
    name = "unsettled"
    reads: tuple[type[Record], ...] = (RoleChanged,)
