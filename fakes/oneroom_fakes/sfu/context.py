"""What every part of the server shares, and what every part of one window's SDK shares.

Rules: references and counters only, no behaviour.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.ports.observer import Observer
from oneroom.ports.page import Page
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.sfu.server_process import ServerProcess
from oneroom_fakes.sfu.timers import ClientTimers, SfuTimers
from oneroom_fakes.sfu.webhooks import Webhooks


class ServerContext:
    """One server: its clock, its dice, its counters. Counters survive a restart: no sid is used
    twice in a run.
    """

    def __init__(
        self, scheduler: Scheduler, choices: Choices, observer: Observer, timers: SfuTimers
    ) -> None:
        self.process = ServerProcess(scheduler)
        self.scheduler: Scheduler = self.process
        self.choices = choices
        self.observer = observer
        self.timers = timers
        self.webhooks = Webhooks()
        self._participants = 0
        self._tracks = 0

    def next_participant(self) -> int:
        """A serial for a new session; its sid is `PA_<serial>`."""
        self._participants += 1
        return self._participants

    def next_track_sid(self) -> str:
        """A sid for a new track."""
        self._tracks += 1
        return f"TR_{self._tracks}"


class ClientContext:
    """One window's SDK: the page that it runs in and the network below."""

    def __init__(
        self,
        page: Page,
        path: NetworkPath,
        scheduler: Scheduler,
        choices: Choices,
        timers: ClientTimers,
    ) -> None:
        self.page = page
        self.path = path
        self.scheduler = scheduler
        self.choices = choices
        self.timers = timers
