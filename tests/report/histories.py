"""Handmade traces: a run told in a few lines, for reports to be read against."""

from __future__ import annotations

import msgspec

from oneroom.checks.results import Failure, Finding, Result, RunGroup, Summary
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace


class History:
    """Appends records in the order in which they are told; every method returns the number of what
    it appended.
    """

    def __init__(self) -> None:
        self.trace = Trace()

    def at(self, seconds: float) -> History:
        """What is told next happens then."""
        self.trace.now_us = round(seconds * 1_000_000)
        return self

    def life(self, window: str, life: r.Life, cause: int = NO_CAUSE) -> int:
        return self._add(r.LifeChanged(*self._head(window, cause), life, window == "main"))

    def step(self, verb: str, window: str, line: int) -> int:
        return self._add(r.StepTaken(*self._head(window, NO_CAUSE), self.trace.intern(verb), line))

    def fault(self, window: str, fault: str, on: bool, cause: int) -> int:
        return self._add(r.FaultChanged(*self._head(window, cause), self.trace.intern(fault), on))

    def acts(self, window: str, action: str, channel: str, cause: int) -> int:
        return self._add(
            r.UserActed(
                *self._head(window, cause), self.trace.intern(action), self.trace.intern(channel)
            )
        )

    def role(self, window: str, role: r.Role, term: int, cause: int) -> int:
        return self._add(r.RoleChanged(*self._head(window, cause), role, term, 0, 0))

    def lock(self, window: str, change: r.LockChange, cause: int) -> int:
        return self._add(r.LockChanged(*self._head(window, cause), change))

    def room(
        self,
        window: str,
        state: r.RoomState,
        term: int,
        cause: int,
        reason: r.Reason = r.Reason.UNKNOWN,
    ) -> int:
        return self._add(r.RoomChanged(*self._head(window, cause), 1, term, state, reason))

    def presence(
        self, window: str, presence: r.Presence, cause: int, reason: r.Reason = r.Reason.UNKNOWN
    ) -> int:
        names = (
            self.trace.intern(window),
            self.trace.intern("ada"),
            self.trace.intern(f"PA_{window}"),
        )
        return self._add(r.PresenceChanged(*self._head("sfu", cause), *names, presence, reason))

    def witness(self, window: str, presence: r.Presence, cause: int) -> int:
        names = self.trace.intern("ada"), self.trace.intern(f"PA_{window}")
        return self._add(r.WitnessSaw(*self._head("witness", cause), *names, presence))

    def posts(
        self, window: str, kind: r.MessageKind, term: int, number: int = 0, cause: int = NO_CAUSE
    ) -> int:
        return self._add(r.MessagePosted(*self._head(window, cause), kind, term, 1, number))

    def hears(self, window: str, kind: r.MessageKind, cause: int) -> int:
        return self._add(r.MessageDelivered(*self._head(window, cause), kind))

    def misses(self, window: str, why: r.Loss, cause: int) -> int:
        return self._add(r.MessageLost(*self._head(window, cause), why))

    def issues(self, window: str, verb: r.Verb, cause: int, value: bool = False) -> int:
        return self._add(r.CommandIssued(*self._head(window, cause), 1, verb, value))

    def beats(
        self, window: str, others: tuple[str, ...], term: int, start: float, times: int
    ) -> None:
        """A heartbeat a second with its deliveries, each 5 ms later."""
        for beat in range(times):
            posted = self.at(start + beat).posts(window, r.MessageKind.HEARTBEAT, term)
            self.at(start + beat + 0.005)
            for other in others:
                self.hears(other, r.MessageKind.HEARTBEAT, posted)

    def _head(self, where: str, cause: int) -> tuple[int, int, int, int]:
        return self.trace.n, self.trace.now_us, self.trace.intern(where), cause

    def _add(self, record: r.Record) -> int:
        self.trace.append(record)
        return record.n


def frozen_owner() -> tuple[Trace, Finding]:
    """main freezes while it is owner, overlay takes over without asking, main thaws: two Rooms."""
    told = History()
    told.at(0).life("main", r.Life.OPENED)
    told.at(0.1).role("main", r.Role.OWNER, 1, told.lock("main", r.LockChange.GRANTED, NO_CAUSE))
    told.at(0.6).life("overlay", r.Life.OPENED)
    clicked = told.at(1.0).acts("overlay", "connect", "lobby", told.step("connect", "overlay", 12))
    command = told.at(1.002).posts(
        "overlay", r.MessageKind.COMMAND, 1, 1, told.issues("overlay", r.Verb.CONNECT, clicked)
    )
    heard = told.at(1.010).hears("main", r.MessageKind.COMMAND, command)
    opening = told.at(1.010).room("main", r.RoomState.OPENING, 1, heard)
    joined = told.at(1.090).presence("main", r.Presence.JOINED, opening)
    told.at(1.120).room("main", r.RoomState.CONNECTED, 1, joined)
    told.at(1.130).witness("main", r.Presence.JOINED, joined)
    told.beats("main", ("overlay",), 1, 1.5, 3)
    step = told.at(4.0).step("freeze", "main", 14)
    told.fault("main", "freeze", True, told.life("main", r.Life.FROZEN, step))
    late = told.at(4.1).posts("overlay", r.MessageKind.PROBE, 1)
    told.at(4.412).hears("main", r.MessageKind.PROBE, late)
    granted = told.at(7.1).lock(
        "overlay", r.LockChange.GRANTED, told.lock("main", r.LockChange.STOLEN, NO_CAUSE)
    )
    owner = told.role("overlay", r.Role.OWNER, 2, granted)
    opened = told.at(7.104).room("overlay", r.RoomState.OPENING, 2, owner)
    told.at(7.2).presence(
        "main",
        r.Presence.LEFT,
        told.presence("overlay", r.Presence.JOINED, opened),
        r.Reason.DUPLICATE_IDENTITY,
    )
    told.at(9.0)
    told.trace.append(r.Settled(*(told.trace.n, told.trace.now_us, WORLD, NO_CAUSE), 2_000_000))
    return told.trace, Finding(
        "single_room",
        7_104_000,
        ("main", "overlay"),
        "main and overlay both hold a Room (1.9 s)",
        opened,
    )


def result(
    finding: Finding | None = None, scenario: str = "scenarios/stage1/freeze.yaml", seed: int = 7
) -> Result:
    """A run of web-lock, violated by `finding` or held."""
    return Result(
        scenario=scenario,
        title="main freezes past its lease",
        line=14,
        policy="web-lock",
        bus="broadcast-channel",
        sfu="fake",
        seed=seed,
        verdict="held" if finding is None else "violated",
        digest="d1" * 16,
        records=27,
        sim_ms=9_000,
        wall_ms=4.25,
        violations=() if finding is None else (finding,),
        vacuous=("single_prompt",),
        inconclusive=(),
        ledger={"no_owner_ms": 0, "two_rooms_ms": 0 if finding is None else 1_900},
        expected=finding is None,
        unexpected=() if finding is None else (finding.check,),
        id="Xt9Kp2",
        repro="oneroom replay Xt9Kp2",
    )


def case(finding: Finding, hits: int = 29) -> Failure:
    """The failure that `finding` stands for."""
    return Failure(
        result(finding), finding, "Xt9Kp2", "oneroom replay Xt9Kp2", stored=True, hits=hits
    )


def group(
    finding: Finding | None = None, shortfalls: tuple[str, ...] = (), **changes: object
) -> RunGroup:
    """A hundred runs of it."""
    whole = RunGroup(
        scenario="scenarios/stage1/freeze.yaml",
        title="main freezes past its lease",
        line=14,
        policy="web-lock",
        seeds=100,
        verdict="violated" if finding is not None or shortfalls else "held",
        verdicts={"held": 100} if finding is None else {"held": 71, "violated": 29},
        excused=0,
        violated={} if finding is None else {finding.check: 29},
        worst={"no_owner_ms": 1_204, "two_rooms_ms": 0, "evictions": 2, "elections": 7},
        failures=() if finding is None else (case(finding),),
        shortfalls=shortfalls,
        sim_ms=900_000,
        wall_ms=425.0,
    )
    return msgspec.structs.replace(whole, **changes)


def summary(**changes: object) -> Summary:
    """Of a suite with one failing scenario."""
    whole = Summary(
        runs=200,
        scenarios=2,
        policies=("web-lock",),
        seeds="1..100",
        failed=1,
        verdicts={"held": 121, "violated": 79},
        excused=50,
        failures=("Xt9Kp2",),
        troubles=(),
        verdict="violated",
        exit_code=1,
        wall_ms=1_530.0,
    )
    return msgspec.structs.replace(whole, **changes)
