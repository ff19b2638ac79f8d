"""The windows of one browser profile on the fakes, and what each of them heard."""

from __future__ import annotations

from collections.abc import Callable

from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.core.events import Event, LeaseSeen, Received, TermTaken
from oneroom.core.messages import Probe
from oneroom.core.state import Lease, Source
from oneroom.ports.observer import LockChange, Loss
from oneroom.ports.page import TaskSource
from oneroom_fakes.broadcast_channel import BroadcastChannel
from oneroom_fakes.devices import Devices, Permission
from oneroom_fakes.lease_record import LeaseHandle, LeaseStorage
from oneroom_fakes.link import BusEndpoint, Link
from oneroom_fakes.local_storage import RendererProcess, StorageEvent, StorageService
from oneroom_fakes.storage_bus import StorageBus
from oneroom_fakes.tauri_event import TauriEvents
from oneroom_fakes.terms import TermCounter
from oneroom_fakes.web_locks import LockManager
from oneroom_fakes.window_locks import WindowLocks
from tests.fakes.doubles import ObserverDouble
from tests.units import MILLISECOND, SECOND
from tests.virtual_time import ListeningPage, VirtualTime

DELAY_LOW_US, DELAY_HIGH_US = 1 * MILLISECOND, 30 * MILLISECOND
LINK = Link(range(DELAY_LOW_US, DELAY_HIGH_US + 1), 0.0, 0.0)


class Window:
    """One window, and its ends of the bus, the lock, the storage, the terms and the devices."""

    def __init__(self, rig: Rig, name: str, process: RendererProcess | None = None) -> None:
        self.name = name
        self.page = ListeningPage(name, rig.scheduler)
        self.heard: list[tuple[str, int]] = []
        self.heard_us: list[int] = []
        self.answers: list[bool] = []
        self.locks = rig.locks.client(self.page)
        self.lock = WindowLocks(self.locks, rig.observer)
        self.local = rig.storage.area(self.page, process)
        self.storage = LeaseHandle(self.local, rig.leases, rig.observer)
        self.changes: list[StorageEvent] = []
        self.local.listeners.append(self.changes.append)
        self.terms = rig.terms.connection(self.page)
        self.port = rig.join(self, self._hear)
        self._rig = rig
        self._posted = 0
        rig.devices.attach(self.page)

    def post(self) -> None:
        """Broadcast the next message: they are numbered from 1."""
        self._posted += 1
        self.port.post(Probe(self.name, 0, self._posted, self._posted, False))

    def ask(self, source: Source) -> None:
        """`getUserMedia` or `getDisplayMedia`."""
        self._rig.devices.capture(self.name, source, self.answers.append)

    def die(self) -> None:
        """The window is closed or crashes: its end of everything is gone."""
        self.page.die()
        self.port.close()
        self.locks.gone()
        self._rig.storage.forget(self.local)
        self._rig.devices.gone(self.name)

    @property
    def events(self) -> list[Event]:
        return self.page.events

    def kinds(self) -> list[str]:
        return [type(event).__name__ for event in self.page.events]

    def counters(self) -> list[int]:
        """The counter of every lease record that it was told of."""
        return [event.lease.counter for event in self.page.events if isinstance(event, LeaseSeen)]

    def taken(self) -> list[int]:
        """The terms that it was given."""
        return [event.term for event in self.page.events if isinstance(event, TermTaken)]

    def _hear(self, received: Received) -> None:
        self.page.run(TaskSource.BUS, self.take, received)

    def take(self, received: Received) -> None:
        """The page handles a message."""
        self.heard.append((received.message.instance_id, received.message.number))
        self.heard_us.append(self._rig.scheduler.now_us)


class Rig:
    """One profile, its windows, one source of draws."""

    def __init__(
        self,
        *names: str,
        choices: Choices | None = None,
        link: Link = LINK,
        total_order: bool = True,
        snapshots: bool = False,
        bus: str = "broadcast-channel",
        microphone: Permission = "granted",
        asks_permission: bool = False,
    ) -> None:
        self.choices = choices or Seeded(1)
        self.scheduler = VirtualTime(self.choices)
        self.observer = ObserverDouble(self.scheduler)
        self.channel = BroadcastChannel(
            self.scheduler, self.choices, self.observer, link, total_order=total_order
        )
        self.locks = LockManager(self.scheduler, self.choices, asks_permission=asks_permission)
        self.storage = StorageService(self.scheduler, self.choices, snapshots=snapshots)
        self.storage_bus = StorageBus(self.choices, self.observer, link)
        self.tauri = TauriEvents(self.scheduler, self.choices, self.observer, link)
        self.bus = bus
        self.leases = LeaseStorage()
        self.terms = TermCounter(self.scheduler, self.choices)
        self.devices = Devices(self.scheduler, self.choices, self.observer, microphone)
        self.windows = [Window(self, name) for name in names]

    def window(self, name: str, *, beside: Window | None = None) -> Window:
        """One more window opens, in a process of its own or in that of the window `beside` it."""
        self.windows.append(
            Window(self, name, beside.local.process if beside is not None else None)
        )
        return self.windows[-1]

    def join(self, window: Window, hear: Callable[[Received], None]) -> BusEndpoint:
        """The window's end of the bus that this rig is about. Two buses make tasks of the page by
        themselves.
        """
        if self.bus == "storage-event":
            return self.storage_bus.join(window.local, window.take)
        if self.bus == "tauri-event":
            return self.tauri.join(window.page, window.take)
        return self.channel.join(window.name, hear)

    def run_for(self, duration_us: int) -> None:
        self.scheduler.run_for(duration_us)

    def settle(self) -> None:
        """Run long enough for everything here to be over."""
        self.run_for(10 * SECOND)

    def holder(self) -> str:
        """The holder of the lock, as the manager reported it; "" if nobody holds it."""
        holder = ""
        for _, window, change in self.reports("lock_changed"):
            if change is LockChange.GRANTED:
                holder = window
            elif window == holder and change in (LockChange.RELEASED, LockChange.STOLEN):
                holder = ""
        return holder

    def lock_changed_us(self, window: str, change: LockChange) -> int:
        """The time of the last such change."""
        return [
            at_us
            for at_us, name, what in self.reports("lock_changed")
            if (name, what) == (window, change)
        ][-1]

    def lost(self) -> list[tuple[str, Loss]]:
        return [
            (report[2], report[3])
            for report in self.observer.reports
            if report[1] == "message_lost"
        ]

    def reports(self, kind: str) -> list[tuple[int, str, object]]:
        """(time, window, what) of every report of that kind."""
        return [
            (report[0], report[2], report[3])
            for report in self.observer.reports
            if report[1] == kind
        ]

    def up(self, kind: str) -> list[tuple[str, Source]]:
        """(window, source) of the prompts that are up, or of the captures that are on."""
        on: list[tuple[str, Source]] = []
        for report in self.observer.reports:
            if report[1] == kind:
                on = [one for one in on if one != report[2:4]] + (
                    [report[2:4]] if report[4] else []
                )
        return on


def lease(counter: int) -> Lease:
    """A lease record that can be told from others."""
    return Lease(term=1, holder="a", counter=counter)
