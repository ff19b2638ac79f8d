"""One live run: scenario, policy, draws and server in; trace and judgement out.

The real-time counterpart of `oneroom.sim.run`.

Rules: real time, so it is not repeatable and takes as long as it takes. Every failure that is not
the app's fault is `Unavailable`, one line; nothing of a run is left when it has ended.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import AsyncExitStack

from oneroom.checks.results import POLICY_RAISED
from oneroom.choices.choices import Choices
from oneroom.core.reasons import Reason
from oneroom.driver import script
from oneroom.driver.recorder import Recorder
from oneroom.driver.run import Run
from oneroom.live.clock import LiveClock, monotonic_us
from oneroom.live.errors import Unavailable
from oneroom.live.evidence.merge import HUB_PLACE, SFU_PLACE, WITNESS_PLACE, ProcessRecords, gather
from oneroom.live.evidence.polling import EVERY_S, SELDOM_S, Polling
from oneroom.live.evidence.session_log import ClientEnd, SessionLog, session_lines
from oneroom.live.evidence.sfu_part import sfu_part
from oneroom.live.evidence.witness import MODULE as WITNESS_MODULE
from oneroom.live.evidence.witness import WitnessHandle
from oneroom.live.network.run_network import RunNetwork
from oneroom.live.process.child import Child
from oneroom.live.process.stopped_process_guard import StoppedProcessGuard
from oneroom.live.server import tokens
from oneroom.live.server.registry import fresh_run
from oneroom.live.server.target import Target
from oneroom.live.server.webhooks import WebhookNotice
from oneroom.live.window.handle import MODULE
from oneroom.live.window.hub import Hub
from oneroom.live.world import LiveWorld
from oneroom.policies.registry import load
from oneroom.scenario.life_verbs import Open
from oneroom.scenario.model import Scenario
from oneroom.scenario.verbs import Connect
from oneroom.trace.records import Healed, RoomChanged, RoomState, Settled
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.tokens import Claims

WITNESS = "witness"
_TOKEN_US = 6 * 3_600_000_000
# The delay from all processes being ready to time 0.
_LEAD_US = 50_000
# Reasons with which the server ends a session, as the SDK reports them.
_THEIRS = {
    int(reason): reason
    for reason in (
        Reason.DUPLICATE_IDENTITY,
        Reason.SERVER_SHUTDOWN,
        Reason.PARTICIPANT_REMOVED,
        Reason.ROOM_DELETED,
        Reason.ROOM_CLOSED,
    )
}
# Extra wait, because faults that end by themselves end slightly late on a busy machine.
_LOOK_US = 1_000


async def play(
    scenario: Scenario, policy: str, choices: Choices, target: Target, guard: StoppedProcessGuard
) -> Run:
    """Play `scenario` under `policy` on `target`.

    Raises Unavailable, oneroom.policies.registry.UnknownPolicy.
    """
    policy_class = load(policy)
    async with AsyncExitStack() as after:
        live = await _Live.start(scenario, policy, choices, target, guard, after)
        raised = await live.play(script.settle_us(scenario, policy_class, _ghosts_us()))
        parts = await live.parts()
    judge = script.judge(scenario, policy_class)
    whole = Trace(judge.listeners)
    for name in scenario.windows:
        whole.intern(name)
    gather(parts, whole, live.until_us)
    return Run(
        scenario,
        policy,
        whole,
        judge.conclude(),
        choices.tape,
        raised=raised,
        raised_in=POLICY_RAISED if raised else "",
    )


class _Live:
    """A run in progress."""

    def __init__(self, scenario: Scenario, choices: Choices, target: Target) -> None:
        self.scenario = scenario
        self.target = target
        self.until_us = 0
        self.trace = Trace()
        self.trace.n = ProcessRecords(HUB_PLACE).first_n
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.clock = LiveClock(asyncio.get_running_loop(), self.trace, lambda: None, self._raised)
        self.run = fresh_run()
        self.network = RunNetwork(target.url, self.clock, choices, scenario.network.delay)
        self.recorder = Recorder(self.trace)
        self.hub = Hub(scenario, self.clock, choices, self.recorder, self._sign)

    @classmethod
    async def start(
        cls,
        scenario: Scenario,
        policy: str,
        choices: Choices,
        target: Target,
        guard: StoppedProcessGuard,
        after: AsyncExitStack,
    ) -> _Live:
        """Start every process, and wait until all are ready."""
        live = cls(scenario, choices, target)
        openings = sum(isinstance(step.verb, Open) for step in scenario.steps)
        openings += sum(window.opens is not None for window in scenario.windows.values())
        spares = [Child(MODULE, guard) for _ in range(openings)]
        witness = Child(WITNESS_MODULE, guard)
        for child in (*spares, witness):
            after.callback(child.end)
        after.push_async_callback(live.network.close)
        await asyncio.gather(*[child.start() for child in (*spares, witness)])
        administrator = target.administrator(live.rooms())
        after.push_async_callback(administrator.close)
        live.world = LiveWorld(
            scenario,
            policy,
            choices,
            live.clock,
            live.trace,
            live.hub,
            live.network,
            administrator,
            spares,
            live.failed,
        )
        after.push_async_callback(live.world.end)
        tickets = [
            tokens.mint(target.credentials, WITNESS, room, _TOKEN_US, publish=False)
            for room in live.rooms()
        ]
        live.polling = Polling(administrator.services, WITNESS, live.listed)
        live.watcher = WitnessHandle(witness, ProcessRecords(WITNESS_PLACE), live.failed)
        await live.watcher.begin(target.url, tuple(tickets))
        after.push_async_callback(live.watcher.end)
        return live

    world: LiveWorld
    watcher: WitnessHandle
    polling: Polling

    def listed(self, identity: str, sid: str, is_listed: bool) -> None:
        """Record a change of RoomService's list."""
        self.clock.turn(NO_CAUSE, self.recorder.service_listed, identity, sid, is_listed)

    def told(self, notice: WebhookNotice) -> None:
        """Record a webhook, unless it is about the witness."""
        if notice.identity != WITNESS:
            told = (notice.name, notice.identity, notice.sid, notice.reason)
            self.clock.turn(NO_CAUSE, self.recorder.webhook_heard, *told)

    def rooms(self) -> tuple[str, ...]:
        """The LiveKit rooms of this run, one per channel, with names that no other run uses."""
        channels = [
            step.verb.channel for step in self.scenario.steps if isinstance(step.verb, Connect)
        ]
        return tuple(self._room(channel) for channel in dict.fromkeys(channels))

    async def play(self, bound_us: int) -> str:
        """Play the scenario from time 0 to the end, or until the user's own policy raises an error,
        which is returned with its place; "" if none does.
        """
        self.clock.begin(monotonic_us() + _LEAD_US)
        self.zero_s = time.time() - self.clock.read_us() / 1_000_000
        self.watcher.zero(self.clock.epoch_us)
        async with AsyncExitStack() as after:
            self._watch(after)
            try:
                await self._play(bound_us)
            except Unavailable:
                raised = self.world.windows.raised()
                self.until_us = self.clock.read_us()
                if not raised:
                    raise
                return raised
        return ""

    def _watch(self, after: AsyncExitStack) -> None:
        """Record RoomService's list and webhooks until `after` closes."""
        self.polling.start(EVERY_S if self.target.own is None else SELDOM_S)
        after.push_async_callback(self.polling.end)
        for room in self.rooms():
            self.target.listeners[room] = self.told
            after.callback(self.target.listeners.pop, room)

    async def _play(self, bound_us: int) -> None:
        world = self.world
        world.begin()
        await self._until(world.schedule.last_us + 1)
        while world.busy.until_us >= self.clock.read_us() or world.faults.any_passing():
            await self._until(max(world.busy.until_us, self.clock.read_us()) + _LOOK_US)
        self.clock.turn(-1, self._healed)
        healed_us = self.clock.read_us()
        await self._until(max(healed_us + bound_us, self.scenario.lasts_us or 0))
        await self.polling.poll()
        self.until_us = self.clock.read_us()
        self.clock.turn(-1, self._settled, bound_us, as_of_us=self.until_us)
        await world.windows.all_answer()
        if self.target.own is not None and not world.server.may_be_gone():
            why = await asyncio.to_thread(self.target.own.ended)
            if why is not None:
                raise Unavailable(f"the LiveKit server ended by itself: {why}")

    async def parts(self) -> list[ProcessRecords]:
        """The records of all processes."""
        windows, log = self.world.windows, await self.target.log()
        sessions = SessionLog(self.network.attached, self.zero_s)
        gone = sorted([*windows.gone, *_rooms_over(windows.parts)], key=lambda one: one.at_us)
        lines = self.polling.lines if log is None else session_lines(log, self.rooms(), WITNESS)
        seen = sessions.seen(
            lines, self.world.server.kills_us, gone, self.until_us, polled=log is None
        )
        sfu = sfu_part(SFU_PLACE, seen, sessions.window, self.watcher.part)
        own = ProcessRecords(HUB_PLACE)
        own.names, own.records = self.trace.names, self.trace.tail
        return [*windows.parts, self.watcher.part, sfu, own]

    def failed(self, why: str) -> None:
        """End the run, because it cannot show what it was to show."""
        if not self._failure.done():
            self._failure.set_exception(Unavailable(why))

    def _raised(self, error: Exception) -> None:
        if not self._failure.done():
            self._failure.set_exception(error)

    async def _until(self, at_us: int) -> None:
        remaining_s = (at_us - self.clock.read_us()) / 1_000_000
        done, _ = await asyncio.wait([self._failure], timeout=max(0, remaining_s))
        for failure in done:
            failure.result()

    def _healed(self) -> None:
        trace = self.trace
        trace.append(Healed(trace.n, trace.now_us, WORLD, trace.cause, len(self.world.faults)))

    def _settled(self, bound_us: int) -> None:
        trace = self.trace
        trace.append(Settled(trace.n, trace.now_us, WORLD, trace.cause, bound_us))

    def _room(self, channel: str) -> str:
        return f"oneroom-{self.run}-{channel}"

    def _sign(self, claims: Claims) -> str:
        ttl_us = claims.expires_us - self.clock.now_us
        return tokens.mint(
            self.target.credentials, claims.identity, self._room(claims.room), ttl_us
        )


def _rooms_over(parts: list[ProcessRecords]) -> list[ClientEnd]:
    """The ends of each window's Rooms, with the reason if the server ended them."""
    return [
        ClientEnd(
            record.at_us, part.names[record.where], _THEIRS.get(record.reason, Reason.UNKNOWN)
        )
        for part in parts
        for record in part.records
        if isinstance(record, RoomChanged) and record.state in (RoomState.CLOSING, RoomState.ENDED)
    ]


def _ghosts_us() -> int:
    timers = SfuTimers()
    return timers.media_failed_us + timers.ghost_after_failure_us + timers.update_batch_us
