"""A message arrives on the bus that it was sent on, whichever the windows have, and meets the
faults of that one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.bus_kind import BUS_KINDS, BusKind
from oneroom.core.messages import Probe
from oneroom.driver.recorder import Recorder
from oneroom.explore.vocabulary import vocabulary
from oneroom.live.clock import LiveClock
from oneroom.live.process import pipe
from oneroom.live.process.pipe import Frame
from oneroom.live.window.hub import Hub, WindowProxy
from oneroom.scenario import parse
from oneroom.trace.records import MessageLost
from oneroom.trace.trace import NO_CAUSE, Trace

SCENARIO = """\
scenario: two windows
why: to talk
bus: {delay: 1ms}
windows:
  main: {kind: main, opens: 0s, bus: [broadcast-channel, storage-event, tauri-event]}
  overlay: {kind: overlay, opens: 0s, bus: [broadcast-channel, storage-event, tauri-event]}
steps:
  - {at: 1s, gesture: {window: main}}
"""
PROBE = Probe("main#1", 1, 1, 0, snapshot=False)
# A listener of a shell's events is known to it after two hops of 3 ms at most.
LISTENING_S = 0.05


def heard(number: int, disturb: Callable[[WindowProxy], None]) -> tuple[list[tuple[str, int]], int]:
    """Who hears on which bus what `main` posts on that of `number`; and how many copies were
    lost.
    """
    told: list[tuple[str, Frame]] = []

    async def story() -> int:
        trace = Trace()
        clock = LiveClock(asyncio.get_running_loop(), trace, lambda: None, lambda error: None)
        hub = Hub(
            parse(SCENARIO, vocabulary(), "a.yaml"),
            clock,
            Seeded(1),
            Recorder(trace),
            lambda claims: "",
        )
        main = WindowProxy(hub, "main", "ada", lambda frame: told.append(("main", frame)))
        overlay = WindowProxy(hub, "overlay", "ada", lambda frame: told.append(("overlay", frame)))
        await asyncio.sleep(LISTENING_S)
        disturb(overlay)
        clock.turn(NO_CAUSE, main.on_post, number, *pipe.encode(PROBE))
        await asyncio.sleep(LISTENING_S)
        return sum(isinstance(one, MessageLost) for one in trace.records)

    lost = asyncio.run(story())
    return [(who, frame.arguments[0]) for who, frame in told if frame.verb == "hear"], lost


@pytest.mark.parametrize("kind", BUS_KINDS)
def test_it_is_heard_on_its_own_bus(kind: BusKind) -> None:
    number = BUS_KINDS.index(kind)
    receivers = [("overlay", number)]
    if kind == "tauri-event":  # whoever emits hears itself
        receivers.append(("main", number))
    found, _ = heard(number, lambda seat: None)
    assert sorted(found) == sorted(receivers)


@pytest.mark.parametrize("kind", BUS_KINDS)
def test_a_deaf_end_of_one_bus_hears_nothing_there_and_the_others_as_before(kind: BusKind) -> None:
    number = BUS_KINDS.index(kind)
    found, lost = heard(number, lambda seat: seat.ends[kind].deafen())
    assert ("overlay", number) not in found
    assert lost == 1
    other = (number + 1) % len(BUS_KINDS)
    assert ("overlay", other) in heard(other, lambda seat: seat.ends[kind].deafen())[0]
