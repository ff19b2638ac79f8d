"""The chain of causes, and the line that sums it up."""

from __future__ import annotations

from oneroom.checks.results import Finding
from oneroom.report import cause_chain
from oneroom.report.failure_text import render
from oneroom.trace import records as r
from oneroom.trace.causes import causes
from oneroom.trace.trace import NO_CAUSE, WORLD
from tests.histories import History
from tests.report.examples import case, frozen_owner


def test_the_chain_is_walked_to_its_start() -> None:
    told = History(bare=True)
    first = told.step("crash", "world", 3).n
    second = told.because(first).life("main", r.Life.CRASHED).n
    told.life("overlay", r.Life.OPENED)
    third = told.because(second).role("overlay", r.Role.OWNER, 2).n
    assert [record.n for record in causes(told.trace, third)] == [first, second, third]


def test_a_step_is_caused_by_nothing_not_even_by_the_step_before_it() -> None:
    told = History(bare=True)
    other = told.step("connect", "world", 10).then().acts("main", "connect", "lobby").n
    step = told.trace.n
    told.trace.append(
        r.StepTaken(step, told.trace.now_us, WORLD, other, told.trace.intern("connect"), 11)
    )
    click = told.because(step).acts("overlay", "connect", "lobby").n
    assert [record.n for record in causes(told.trace, click)] == [step, click]


def test_the_decisive_records_are_named_with_the_line_that_set_them_off() -> None:
    trace, finding = frozen_owner()
    reason = cause_chain.explain(trace, finding)
    assert reason.line == (
        "main opens its Room (t1) → freezes (line 14) → overlay becomes owner (t2) → opens its "
        "Room (t2)"
    )
    assert reason.step_line == 14
    assert (
        cause_chain.size(reason, trace)
        == f"{len(reason.records)} records of the cause chain, from {len(trace.records)}"
    )


def test_a_fault_that_was_healed_is_no_reason() -> None:
    told = History(bare=True)
    told.life("main", r.Life.OPENED)
    step = told.at(1_000).step("partition", "main", 5).n
    told.because(step).fault("main", "partition", True)
    told.at(2_000).step("heal", "main", 6).then().fault("main", "partition", False)
    opening = told.at(3_000).room("main", r.RoomState.OPENING, 1).n
    reason = cause_chain.explain(
        told.trace, Finding("single_room", 3_000_000, ("main",), "", opening)
    )
    assert "partition" not in reason.line


def test_a_fault_that_was_healed_is_one_for_what_is_judged_at_the_end() -> None:
    told = History(bare=True)
    told.life("main", r.Life.OPENED)
    told.at(1_000).room("main", r.RoomState.OPENING, 1)
    step = told.at(2_000).step("offline", "world", 5).n
    told.because(step).fault("world", "offline", True)
    told.at(3_000).step("online", "world", 6).then().fault("world", "offline", False)
    told.at(60_000).room("main", r.RoomState.ENDED, 1, reason=r.Reason.UNKNOWN)
    told.at(90_000)
    told.trace.append(r.Settled(told.trace.n, told.trace.now_us, WORLD, NO_CAUSE, 1))
    finding = Finding("intent_restored", 90_000_000, ("main",), "", told.n)
    assert cause_chain.explain(told.trace, finding).line == (
        "fault offline begins (line 5) → main is out of its Room: UNKNOWN"
    )


def test_a_lost_message_is_a_reason() -> None:
    told = History(bare=True)
    told.life("main", r.Life.OPENED)
    told.life("overlay", r.Life.OPENED)
    lost = (
        told.at(1_000)
        .posts("main", r.MessageKind.HEARTBEAT, 1)
        .then()
        .misses("overlay", r.Loss.LOST)
        .n
    )
    owner = told.at(4_000).because(lost).role("overlay", r.Role.OWNER, 2).n
    reason = cause_chain.explain(
        told.trace, Finding("one_owner_per_term", 4_000_000, ("overlay",), "", owner)
    )
    assert reason.line == "overlay misses heartbeat t1 from main (lost) → becomes owner (t2)"


def test_a_limit_of_the_whole_run_is_explained_by_its_course() -> None:
    told = History(bare=True)
    told.life("main", r.Life.OPENED)
    told.role("main", r.Role.OWNER, 1)
    told.at(4_000).step("crash", "world", 14).then().life("main", r.Life.CRASHED)
    told.at(8_000).role("overlay", r.Role.OWNER, 2)
    told.at(60_000)
    told.trace.append(r.Settled(told.trace.n, told.trace.now_us, WORLD, NO_CAUSE, 1))
    finding = Finding(
        "no_owner_ms",
        60_000_000,
        (),
        "no_owner_ms is 4,000, expected <= 1,500",
        told.trace.n - 1,
        line=20,
    )
    reason = cause_chain.explain(told.trace, finding)
    assert reason.line == "main becomes owner (t1) → crashes (line 14) → overlay becomes owner (t2)"
    headline = render(case(finding), (), 1, told.trace, "").block.split("\n")[0]
    assert headline.startswith("x scenarios/stage1/freeze.yaml:20  no_owner_ms violated"), (
        "the line of the limit"
    )


def test_without_a_trace_the_failure_is_told_all_the_same() -> None:
    _, finding = frozen_owner()
    told = render(case(finding, hits=3), (), 100, None, "")
    assert told.timeline == ""
    assert told.block.split("\n") == [
        "x scenarios/stage1/freeze.yaml:14  single_room violated at 7.104 s: main and overlay both "
        "hold a Room (1.9 s)",
        "  rate   3 of 100 seeds (3.0 %, 95 % CI 1.0–8.5)   policy web-lock, seed 7",
        "  repro  oneroom run scenarios/stage1/freeze.yaml --policy web-lock --seed 7",
        "  stored oneroom replay Xt9Kp2",
    ]
