"""A run that is violated, and results of runs and suites, for reports to be read against."""

from __future__ import annotations

import msgspec

from oneroom.checks.results import Failure, Finding, Result, RunGroup, Summary
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace
from tests.histories import History


def frozen_owner() -> tuple[Trace, Finding]:
    """main freezes while it is owner, overlay takes over without asking, main thaws: two Rooms."""
    told = History(bare=True)
    told.at(0).life("main", r.Life.OPENED)
    told.at(100).lock("main", r.LockChange.GRANTED).then().role("main", r.Role.OWNER, 1)
    told.at(600).life("overlay", r.Life.OPENED)
    clicked = (
        told.at(1_000).step("connect", "overlay", 12).then().acts("overlay", "connect", "lobby").n
    )
    command = (
        told.at(1_002)
        .because(clicked)
        .issues("overlay", 1, r.CommandVerb.CONNECT)
        .then()
        .posts("overlay", r.MessageKind.COMMAND, 1, 1)
        .n
    )
    heard = told.at(1_010).because(command).hears("main", r.MessageKind.COMMAND).n
    opening = told.at(1_010).because(heard).room("main", r.RoomState.OPENING, 1).n
    joined = told.at(1_090).because(opening).session("main", r.Presence.JOINED).n
    told.at(1_120).because(joined).room("main", r.RoomState.CONNECTED, 1)
    told.at(1_130).because(joined).witness(r.Presence.JOINED, "PA_main")
    told.beats("main", ("overlay",), 1, 1_500, 3)
    step = told.at(4_000).step("freeze", "main", 14).n
    told.because(step).life("main", r.Life.FROZEN).then().fault("main", "freeze", True)
    late = told.at(4_100).posts("overlay", r.MessageKind.PROBE, 1).n
    told.at(4_412).because(late).hears("main", r.MessageKind.PROBE)
    granted = (
        told.at(7_100)
        .lock("main", r.LockChange.STOLEN)
        .then()
        .lock("overlay", r.LockChange.GRANTED)
        .n
    )
    owner = told.because(granted).role("overlay", r.Role.OWNER, 2).n
    opened = told.at(7_104).because(owner).room("overlay", r.RoomState.OPENING, 2).n
    told.at(7_200).because(opened).session("overlay", r.Presence.JOINED).then().session(
        "main", r.Presence.LEFT, reason=r.Reason.DUPLICATE_IDENTITY
    )
    told.at(9_000)
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
        repro="oneroom run scenarios/stage1/freeze.yaml --policy web-lock --seed 7",
    )


def case(finding: Finding, hits: int = 29) -> Failure:
    """The failure that `finding` stands for."""
    broken = result(finding)
    return Failure(broken, finding, "Xt9Kp2", broken.repro, stored=True, hits=hits)


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
        seed_ranges="1..100",
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
