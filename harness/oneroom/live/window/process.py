"""A window process: `python -m oneroom.live.window.process FD`, started by the live arm alone.

It runs the same driver and owner machine as the simulator, in real time and with the real SDK.
Everything that windows share is requested from the hub over the pipe on descriptor FD. This process
ends at once when the pipe closes, because its parent is gone. A failure of the SDK's native part
ends it as well, as a crash of a renderer would.

Rules: records go to the hub after every turn, so that a SIGKILL loses none; nothing is written
anywhere else.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from oneroom.ablation.without import without
from oneroom.choices.replay import Replay
from oneroom.choices.seeded import Seeded
from oneroom.core.bus_kind import BusKind
from oneroom.core.config import Config
from oneroom.core.coordinator import Coordinator
from oneroom.core.events import LockQueried, Received
from oneroom.core.platform import MemoryStorage, Platform
from oneroom.core.state import Source
from oneroom.driver.coordinator_window import CoordinatorWindow, WindowPorts
from oneroom.driver.joined_buses import Buses
from oneroom.driver.page import TimerGrid
from oneroom.driver.policy_draws import PolicyDraws
from oneroom.driver.policy_notes import PolicyNotes
from oneroom.driver.recorded_storage import RecordedStorage
from oneroom.driver.recorder import Recorder
from oneroom.live.clock import LiveClock
from oneroom.live.process import pipe
from oneroom.live.process.pipe import Frame, Pipe
from oneroom.live.process.trace_feed import TraceFeed
from oneroom.live.window.ports import (
    RemoteBus,
    RemoteDevices,
    RemoteLockManager,
    RemoteLocks,
    RemoteStorage,
    RemoteStorageService,
    RemoteTerms,
    RemoteTokens,
)
from oneroom.live.window.rooms import WindowRooms
from oneroom.policies.registry import load
from oneroom.policies.users_code import raised_by
from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import PageEvent
from oneroom.trace.records import Life
from oneroom.trace.trace import NO_CAUSE, Trace
from oneroom_fakes.lease_record import LeaseHandle, LeaseStorage
from oneroom_fakes.policy_items import PolicyItems
from oneroom_fakes.user_buses import TASK_SOURCES
from oneroom_fakes.web_locks import granted, refused, stolen

# The time that a page which is left waits for its Leave to be sent.
_LEAVE_S = 1.0


class WindowSetup(msgspec.Struct, frozen=True):
    """The settings that a window gets before anything else.

    `first_n` is the number of its first record, so that numbers differ between processes; `seed`
    draws the delays inside the browser.
    """

    name: str
    config: Config
    policy: str
    without: tuple[str, ...]
    buses: tuple[BusKind, ...]
    bus_runs_frozen: bool
    epoch_us: int
    first_n: int
    seed: int
    items: dict[str, str]


class WindowProcess:
    """One runtime. Methods whose name begins with `do_` handle the hub's frames."""

    def __init__(self, loop: asyncio.AbstractEventLoop, to_hub: Pipe) -> None:
        self._to_hub = to_hub
        self._trace = Trace()
        feed = TraceFeed(self._trace, to_hub)
        self._clock = LiveClock(loop, self._trace, feed.flush, self._failed)
        self._loop = loop
        self._leaving: asyncio.Task[None] | None = None

    def obey(self, frame: Frame) -> None:
        """Handle a frame of the hub, as one turn."""
        if frame.verb == "begin":
            self._begin(msgspec.convert(frame.arguments[0], WindowSetup))
            self._clock.turn(frame.cause, self._start)
            return
        verb: Callable[..., None] = getattr(self, f"do_{frame.verb}")
        self._clock.turn(frame.cause, verb, *frame.arguments)

    def _begin(self, setup: WindowSetup) -> None:
        self._clock.begin(setup.epoch_us)
        trace, clock = self._trace, self._clock
        trace.n = setup.first_n
        choices, recorder = Seeded(setup.seed), Recorder(trace)
        self._recorder = recorder
        policy = without(load(setup.policy), setup.without)
        coordinator = without(Coordinator, setup.without)(setup.config, policy)
        # The grid of hidden timers is the same in all windows: its phase is not drawn.
        grid = TimerGrid(Replay([]))
        self._setup = setup
        self.page = page = without(CoordinatorWindow, setup.without)(
            clock, trace, grid, setup.name, coordinator, bus_runs_frozen=setup.bus_runs_frozen
        )
        locks, storage = (
            RemoteLockManager(clock, choices),
            RemoteStorageService(clock, choices),
        )
        locks.say = storage.say = self._say
        self._requests = locks.requests
        storage.items.update(setup.items)
        lock = RemoteLocks(locks, page, recorder)
        self.storage = RemoteStorage(storage, page)
        self.devices = RemoteDevices(self._say, page)
        self.rooms = WindowRooms(self._loop, clock, self._say, page, self.devices)
        bus = without(Buses, setup.without)(len(setup.buses), page.hear)
        bus.plug_in([RemoteBus(self._say, number) for number in range(len(setup.buses))])
        self._receivers = [
            self._receiver(kind, bus.receiver(number)) for number, kind in enumerate(setup.buses)
        ]
        terms, tokens = RemoteTerms(self._say), RemoteTokens(self._say)
        lease = LeaseHandle(self.storage.area, LeaseStorage(), recorder)
        platform = Platform(
            RecordedStorage(PolicyItems(self.storage.area), trace, page.place),
            MemoryStorage(),
            PolicyDraws(choices, trace, page.place),
            PolicyNotes(trace, page.place),
        )
        page.plug_in(WindowPorts(bus, lock, lease, terms, tokens, self.rooms, platform))

    def _start(self) -> None:
        self._record_life(Life.OPENED)
        self.page.begin()

    # Calls of the hub's fakes.

    def do_hear(self, bus: int, name: str, content: Any) -> None:
        self._receivers[bus](Received(pipe.decode_message((name, content))))

    def _receiver(
        self, kind: BusKind, hear: Callable[[Received], None]
    ) -> Callable[[Received], None]:
        """A callback that queues a bus's messages in the task queue of that kind of bus.

        The queue decides what a freeze does to them.
        """
        source = TASK_SOURCES[kind]
        if source is TaskSource.BUS:
            return hear  # `CoordinatorWindow.hear` queues it
        return lambda received: self.page.run(source, hear, received)

    def do_deliver(self, source: int, name: str, content: Any) -> None:
        self.page.deliver(TaskSource(source), pipe.decode_event((name, content)))

    def do_lock_granted(self, number: int) -> None:
        self.page.run(TaskSource.LOCK, granted, self._requests[number])

    def do_lock_refused(self, number: int) -> None:
        self.page.run(TaskSource.LOCK, refused, self._requests[number])

    def do_lock_stolen(self, number: int) -> None:
        self.page.run(TaskSource.LOCK, stolen, self._requests[number])

    def do_lock_answered(self, number: int, mine: bool, rank: int) -> None:
        self.page.deliver(TaskSource.LOCK, LockQueried(number, mine, rank))

    def do_storage_told(self, own: bool, key: str | None, value: str | None, event: Any) -> None:
        self.storage.told(own, key, value, event)

    def do_storage_refused(self, key: str | None, value: str | None, present: str | None) -> None:
        self.storage.refused(key, value, present)

    def do_captured(self, source: int, granted: bool) -> None:
        self.devices.answered(Source(source), granted)

    def do_path_ready(self, epoch: int, url: str) -> None:
        self.rooms.path_ready(epoch, url)

    # Lifecycle of the window, and its user.

    def do_act(self, action: str, channel: str) -> None:
        """See `oneroom.scenario.stage.UserSteps.act`."""
        page = self.page
        self._recorder.record_act(page.name, action, channel)
        if action == "navigate":
            self._record_life(Life.NAVIGATED)
            return
        page.act(action, channel)

    def do_focus(self) -> None:
        self._record_life(Life.FOCUSED)

    def do_attention(self, focused: bool) -> None:
        self.page.attend(focused=focused)

    def do_hide(self) -> None:
        self.page.hide()
        self._record_life(Life.HIDDEN)

    def do_show(self) -> None:
        self.page.show()
        self._record_life(Life.SHOWN)

    def do_freeze(self) -> None:
        if not self.page.hidden:
            self.do_hide()
            self.do_attention(False)
        self._fire_if_chromium(PageEvent.FREEZE)
        self.page.freeze()
        self._record_life(Life.FROZEN)

    def do_resume(self) -> None:
        self.page.thaw()
        self._record_life(Life.RESUMED)
        self._fire_if_chromium(PageEvent.RESUME)
        self.page.catch_up(after_freeze=True)

    def do_stall(self) -> None:
        self.page.stall()
        self._record_life(Life.STALLED)

    def do_unstall(self) -> None:
        self._record_life(Life.UNSTALLED)
        self.page.unstall()

    def do_stop(self) -> None:
        """Prepare for the process to be stopped: tasks wait until `do_continue`."""
        self.page.stop()
        self._say("stopping")

    def do_continue(self) -> None:
        self.page.unstop()

    def do_ping(self) -> None:
        """Answer, to show that this process still runs."""
        self._say("pong")

    def do_simulate(self, kind: str) -> None:
        """Trigger one of LiveKit's own faults, by the name of its `SimulateScenarioKind`."""
        self.rooms.simulate(self.page.current_epoch(), kind)

    def do_close(self) -> None:
        page = self.page
        page.thaw()
        page.leave((PageEvent.PAGEHIDE,))
        page.die()
        self._record_life(Life.CLOSED)
        self._say("closed")
        self._leaving = self._loop.create_task(self._leave())

    async def _leave(self) -> None:
        await self.rooms.leave(_LEAVE_S)
        os._exit(0)

    def _fire_if_chromium(self, event: PageEvent) -> None:
        if self._setup.bus_runs_frozen:
            self.page.fire(event)

    def _record_life(self, life: Life) -> None:
        self._recorder.record_life(self.page.name, life, main=self._setup.config.main)

    # To the hub.

    def _say(self, verb: str, *arguments: Any) -> None:
        self._to_hub.send(Frame(self._clock.instant_us(), self._trace.cause, verb, arguments))

    def _failed(self, error: Exception) -> None:
        policy = type(self.page.coordinator.policy)
        if text := raised_by((policy,), error) or self.page.wrong_value():
            self._to_hub.send(Frame(self._clock.now_us, NO_CAUSE, "raised", (text,)))
        self._to_hub.send(
            Frame(self._clock.now_us, NO_CAUSE, "failed", (f"{type(error).__name__}: {error}",))
        )
        raise error


async def serve(descriptor: int) -> None:
    """Handle frames until the pipe closes."""
    to_hub = await Pipe.open(socket.socket(fileno=descriptor))
    window = WindowProcess(asyncio.get_running_loop(), to_hub)
    to_hub.send(Frame(0, NO_CAUSE, "ready"))
    async for frame in to_hub.frames():
        window.obey(frame)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
