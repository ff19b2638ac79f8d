"""Records of several processes become one trace: in order of time, numbered anew, with causes and
names translated.
"""

from __future__ import annotations

import asyncio
import socket

import msgspec

from oneroom.live.evidence.merge import FIRST_N, HUB_PLACE, ProcessRecords, gather
from oneroom.live.process.pipe import Pipe
from oneroom.live.process.trace_feed import TraceFeed
from oneroom.trace.records import Life, LifeChanged, Presence, StepTaken, UserActed, WitnessSaw
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace


def _part(place: int) -> tuple[ProcessRecords, Trace]:
    part, trace = ProcessRecords(place), Trace()
    trace.n = part.first_n
    return part, trace


def _hand_over(part: ProcessRecords, trace: Trace) -> None:
    part.take(trace.names, msgspec.msgpack.encode(trace.records))


def test_a_cause_in_another_process_is_found_again() -> None:
    hub, world = _part(HUB_PLACE)
    window, own = _part(1)
    step = StepTaken(world.n, 1_000, WORLD, NO_CAUSE, world.intern("connect"), 7)
    world.append(step)
    acted = UserActed(
        own.n, 1_300, own.intern("main"), step.n, own.intern("connect"), own.intern("lobby")
    )
    own.append(acted)
    _hand_over(hub, world)
    _hand_over(window, own)

    whole = Trace()
    gather([window, hub], whole, 2_000)

    assert [type(record) for record in whole.records] == [StepTaken, UserActed]
    assert [record.n for record in whole.records] == [0, 1]
    assert whole.records[1].cause == 0
    second = whole.records[1]
    assert isinstance(second, UserActed)
    assert (whole.names[second.where], whole.names[second.action], whole.names[second.channel]) == (
        "main",
        "connect",
        "lobby",
    )


def test_numbers_that_are_no_names_stay_as_they_are() -> None:
    part, trace = _part(1)
    trace.append(LifeChanged(trace.n, 5, trace.intern("main"), NO_CAUSE, Life.CRASHED, True))
    _hand_over(part, trace)
    whole = Trace()
    whole.intern("another")  # so that the places of names differ
    gather([part], whole, 10)
    assert whole.records == [LifeChanged(0, 5, whole.intern("main"), NO_CAUSE, Life.CRASHED, True)]


def test_in_one_instant_a_window_comes_before_the_hub() -> None:
    hub, world = _part(HUB_PLACE)
    window, own = _part(2)
    own.append(LifeChanged(own.n, 9, own.intern("main"), NO_CAUSE, Life.CLOSED, True))
    world.append(StepTaken(world.n, 9, WORLD, own.records[0].n, world.intern("close"), 1))
    _hand_over(hub, world)
    _hand_over(window, own)
    whole = Trace()
    gather([hub, window], whole, 10)
    assert [type(record) for record in whole.records] == [LifeChanged, StepTaken]
    assert whole.records[1].cause == 0


def test_what_comes_after_the_end_is_left_out() -> None:
    part, trace = _part(1)
    for at_us in (1, 20):
        trace.append(
            WitnessSaw(
                trace.n,
                at_us,
                2,
                NO_CAUSE,
                trace.intern("ada"),
                trace.intern("PA_1"),
                Presence.JOINED,
            )
        )
    _hand_over(part, trace)
    whole = Trace()
    gather([part], whole, 10)
    assert [record.at_us for record in whole.records] == [1]


def test_processes_number_far_enough_apart() -> None:
    assert ProcessRecords(2).first_n - ProcessRecords(1).first_n == FIRST_N


def test_a_process_sends_each_record_and_each_name_once() -> None:
    async def fed() -> ProcessRecords:
        theirs, ours = socket.socketpair()
        to_hub, hub = await Pipe.open(theirs), await Pipe.open(ours)
        part, trace = _part(1)
        feed = TraceFeed(trace, to_hub)
        for window, life in (("main", Life.OPENED), ("main", Life.FOCUSED), ("pip", Life.OPENED)):
            head = (trace.n, 5, trace.intern(window), NO_CAUSE)
            trace.append(LifeChanged(*head, life, window == "main"))
            feed.flush()
        feed.flush()  # nothing new: no frame
        to_hub.close()
        async for frame in hub.frames():
            part.take(*frame.arguments)
        hub.close()
        await asyncio.sleep(0)  # the loop closes what was closed
        return part

    part = asyncio.run(fed())
    assert [part.names[record.where] for record in part.records] == ["main", "main", "pip"]
    assert part.names == [*Trace().names, "main", "pip"]
