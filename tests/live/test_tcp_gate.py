"""Held, delayed, lost: what a cut does to one direction of a connection. Needs no server."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from oneroom.choices.seeded import Seeded
from oneroom.live.network.tcp_gate import Lane, TcpGate
from tests.units import MILLISECOND


class Listener:
    """The far end of a lane."""

    def __init__(self, gate: TcpGate) -> None:
        self.gate = gate
        self.lane = Lane(gate)
        self.heard: list[bytes | int] = []
        self.listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for what in self.lane.arrivals():
            self.heard.append(what)


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def on_loop(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


def test_a_cut_holds_and_a_heal_delivers_in_order() -> None:
    async def story() -> None:
        end = Listener(TcpGate(Seeded(0)))
        end.lane.put(b"before")
        await settle()
        end.gate.cut()
        end.lane.put(b"first")
        end.lane.put(b"second")
        await settle()
        assert end.heard == [b"before"]
        end.gate.heal()
        end.lane.put(b"third")
        await settle()
        assert end.heard == [b"before", b"first", b"second", b"third"]
        end.listening.cancel()

    on_loop(story())


def test_what_is_discarded_never_arrives_and_what_comes_after_it_does() -> None:
    async def story() -> None:
        end = Listener(TcpGate(Seeded(0)))
        end.gate.cut()
        end.lane.put(b"lost")
        await settle()
        end.lane.discard()
        end.lane.put(1000)
        end.gate.heal()
        await asyncio.wait_for(end.listening, 5)
        assert end.heard == [1000]

    on_loop(story())


def test_delays_never_reorder() -> None:
    async def story() -> None:
        gate = TcpGate(Seeded(3))
        gate.delay(0, 20 * MILLISECOND)
        end = Listener(gate)
        sent = [bytes([number]) for number in range(20)]
        for frame in sent:
            end.lane.put(frame)
        end.lane.put(1000)
        await asyncio.wait_for(end.listening, 5)
        assert end.heard == [*sent, 1000]

    on_loop(story())


def test_nothing_arrives_before_its_delay() -> None:
    async def story() -> None:
        gate = TcpGate(Seeded(0))
        gate.delay(50 * MILLISECOND, 50 * MILLISECOND)
        end = Listener(gate)
        loop = asyncio.get_running_loop()
        sent_s = loop.time()
        end.lane.put(1000)
        await asyncio.wait_for(end.listening, 5)
        assert loop.time() - sent_s >= 0.05

    on_loop(story())
