"""The buses of one user's windows, one of each kind."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from oneroom.choices.choices import Choices
from oneroom.core.bus_kind import BusKind
from oneroom.core.events import Received
from oneroom.ports.observer import Observer
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes import broadcast_channel, tauri_event
from oneroom_fakes.broadcast_channel import BroadcastChannel
from oneroom_fakes.latency import Delays
from oneroom_fakes.link import BusEndpoint, Link
from oneroom_fakes.local_storage import StorageArea
from oneroom_fakes.storage_bus import StorageBus
from oneroom_fakes.tauri_event import TauriEndpoint, TauriEvents

Hear = Callable[[Received], None]

# The task source of incoming messages in a page, which decides what a freeze does to them.
TASK_SOURCES: dict[BusKind, TaskSource] = {
    "broadcast-channel": TaskSource.BUS,
    "storage-event": TaskSource.STORAGE,
    "tauri-event": TaskSource.IPC,
}


# The delays of each bus in a real browser. A message over storage is under way only as long as its
# write and its event are, which `local_storage.py` delays.
DELAYS_US: dict[BusKind, Delays] = {
    "broadcast-channel": broadcast_channel.DELAYS_US,
    "storage-event": (0,),
    "tauri-event": tauri_event.DELAYS_US,
}


class UserBuses:
    """The buses by kind. `delays_us` are those of every bus, None for each one's own; the ratios of
    loss and duplication are those of all; `total_order` concerns BroadcastChannel alone.
    """

    def __init__(
        self,
        scheduler: Scheduler,
        choices: Choices,
        observer: Observer,
        delays_us: Delays | None,
        loss_ratio: float,
        duplicate_ratio: float,
        *,
        total_order: bool,
    ) -> None:
        links = {
            kind: Link(own_us if delays_us is None else delays_us, loss_ratio, duplicate_ratio)
            for kind, own_us in DELAYS_US.items()
        }
        self._channels: dict[str, BroadcastChannel] = {}
        self._new_channel = partial(
            BroadcastChannel,
            scheduler,
            choices,
            observer,
            links["broadcast-channel"],
            total_order=total_order,
        )
        channel = self._new_channel()
        storage = StorageBus(choices, observer, links["storage-event"])
        tauri = self._tauri = TauriEvents(scheduler, choices, observer, links["tauri-event"])
        self._joins: dict[BusKind, Callable[[Page, StorageArea, Hear], BusEndpoint]] = {
            "broadcast-channel": lambda page, _area, hear: channel.join(page.name, hear),
            "storage-event": lambda _page, area, hear: storage.join(area, hear),
            "tauri-event": lambda page, _area, hear: tauri.join(page, hear),
        }

    def channel(self, name: str) -> BroadcastChannel:
        """The BroadcastChannel that an app's own windows call `name`."""
        if name not in self._channels:
            self._channels[name] = self._new_channel()
        return self._channels[name]

    def tauri(self, page: Page, hear: Hear) -> TauriEndpoint:
        """The first `listen` of a page in the Tauri app that all windows of the user are in."""
        return self._tauri.join(page, hear)

    def join(self, kind: BusKind, page: Page, area: StorageArea, hear: Hear) -> BusEndpoint:
        """Join `page` to the bus of `kind`, from now on. `area` is the localStorage that carries
        the messages of `storage-event`; `hear` is called with each message.
        """
        return self._joins[kind](page, area, hear)
