"""References shared by all parts of the server, and those shared by all parts of one window's SDK.

Rules: references and counters only, no behaviour.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.ports.observer import Observer
from oneroom.ports.page import SocketPage
from oneroom.ports.scheduler import Scheduler
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.sfu.sdk import Sdk
from oneroom_fakes.sfu.server_process import ServerProcess
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.sfu.webhooks import Webhooks


class ServerContext:
    """One server: its scheduler, its choices, its counters. Counters survive a restart, so no sid
    is used twice in a run.
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
        """The serial of a new session, whose sid is `PA_<serial>`."""
        self._participants += 1
        return self._participants

    def next_track_sid(self) -> str:
        """The sid of a new track."""
        self._tracks += 1
        return f"TR_{self._tracks}"


class ClientContext:
    """One window's SDK: the page that it runs in and the network path below."""

    def __init__(
        self,
        page: SocketPage,
        path: NetworkPath,
        scheduler: Scheduler,
        choices: Choices,
        sdk: Sdk,
    ) -> None:
        self.page = page
        self.path = path
        self.scheduler = scheduler
        self.choices = choices
        self.sdk = sdk
