"""The bus `tauri-event`: events of a Tauri v2 app, by way of its Rust process.

Models (tauri-apps/tauri `crates/tauri/src/event/plugin.rs`, `manager/webview.rs`, `ipc/mod.rs`;
read, not seen): `emit` is an asynchronous command, and commands that are not awaited run on several
threads, so two emits of one window may be reordered; the Rust process evaluates one event in every
webview before the next, so all webviews get one order; the emitter gets its own event; `listen`
takes a round trip, and what is emitted before its end is lost, for a reloaded webview too; payloads
are JSON. A suspended webview gets its evaluations when it wakes (eacp#12).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.events import Received
from oneroom.core.messages import Message
from oneroom.core.wire import decode, encode
from oneroom.ports.observer import Loss, Observer
from oneroom.ports.page import Page, TaskSource
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.latency import quantiles
from oneroom_fakes.link import BusEndpoint, Link, copies

# From a webview to the Rust process: a request to a custom protocol, then a task of a thread pool
# (an assumption).
IPC_LOW_US, IPC_HIGH_US = 300, 3_000
# From the Rust process to the script in the webview, by way of the main thread's event loop and the
# webview's process (an assumption).
DELAYS_US = quantiles((0, 300), (500, 1_000), (900, 3_000), (1000, 16_000))


class TauriEndpoint(BusEndpoint):
    """One webview. `listening` is True once the Rust process knows of its listener."""

    def __init__(self, events: TauriEvents, page: Page, hear: Callable[[Received], None]) -> None:
        super().__init__(page.name, hear, events.link)
        self.events = events
        self.page = page
        self.listening = False
        self.told_us = -1

    def post(self, message: Message) -> None:
        """`emit`, not awaited; returns at once and never raises."""
        self.events.emit(self, encode(message), decode)

    def emit(self, text: str) -> None:
        """`emit` of an app's own event, as the text of its JSON."""
        self.events.emit(self, text, str)

    def close(self) -> None:
        """Leave the bus: the webview or its document is destroyed."""
        self.events.endpoints.remove(self)

    def arrive(self, received: Received) -> None:
        """Evaluate the event's script in the webview. What is queued for one that is destroyed is
        lost.
        """
        if self.page.alive():
            self.page.run(TaskSource.IPC, self.hear, received)
        else:
            self.events.observer.message_lost(self.window, Loss.GONE)


class TauriEvents:
    """The event system of one app."""

    def __init__(
        self, scheduler: Scheduler, choices: Choices, observer: Observer, link: Link
    ) -> None:
        self.scheduler = scheduler
        self.choices = choices
        self.observer = observer
        self.link = link
        self.endpoints: list[TauriEndpoint] = []

    def join(self, page: Page, hear: Callable[[Received], None]) -> TauriEndpoint:
        """`listen` in a webview."""
        endpoint = TauriEndpoint(self, page, hear)
        self.endpoints.append(endpoint)
        self.scheduler.at(
            self._hop() + self._hop() - self.scheduler.now_us, self._listens, endpoint
        )
        return endpoint

    def emit(self, sender: TauriEndpoint, text: str, read: Callable[[str], Any]) -> None:
        """Send one emit to the Rust process, unordered with the others; `read` makes of the text
        what webviews hear.
        """
        self.scheduler.at(self._hop(), self._evaluate, (sender, text, read))

    def _listens(self, endpoint: TauriEndpoint) -> None:
        endpoint.listening = True

    def _evaluate(self, emitted: tuple[TauriEndpoint, str, Callable[[str], Any]]) -> None:
        """Schedule the evaluations of one event, in order: one that would overtake comes 1 us after
        the one before.
        """
        sender, text, read = emitted
        message = read(text)
        assert message is not None, "what is emitted here is a message"
        received = Received(message)
        for endpoint in self.endpoints:
            if not endpoint.listening:
                self.observer.message_lost(endpoint.window, Loss.UNHEARD)
                continue
            for delay_us in copies(sender, endpoint, self.link, self.choices, self.observer):
                endpoint.told_us = max(self.scheduler.now_us + delay_us, endpoint.told_us + 1)
                self.scheduler.at(endpoint.told_us, endpoint.arrive, received)

    def _hop(self) -> int:
        return self.scheduler.now_us + self.choices.between(
            Label.IPC_DELAY, IPC_LOW_US, IPC_HIGH_US
        )
