"""The chat of one run: the server, and of every window its client and its driver.

A scenario without chat steps has none of this, and pays nothing for it.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.core.chat import Chat
from oneroom.core.chat_events import Written
from oneroom.core.events import PageHide, Started, WallClockJumped
from oneroom.core.timings import Timings
from oneroom.driver.chat import ChatDriver
from oneroom.driver.recorder import Recorder
from oneroom.driver.window import Window
from oneroom.ports.page import TaskSource
from oneroom.scenario.model import Scenario
from oneroom.sim.kernel import Kernel
from oneroom_fakes.chat import ChatClient, ChatServer
from oneroom_fakes.network import Network

OTHERS = "bob"


def has_chat(scenario: Scenario) -> bool:
    """True if any step of the scenario is one of the chat."""
    return any(step.verb.chats for step in scenario.steps)


def settle_us(timings: Timings) -> int:
    """The time after the last fault in which every window must show every message.

    A dead socket is noticed, the next one opens, history answers.
    """
    return (
        timings.chat_silence_us + timings.chat_connect_us + timings.chat_retry_max_us + 10_000_000
    )


class Chats:
    """See the top of this file. `network` is the windows' ways to the application's own server."""

    def __init__(
        self,
        kernel: Kernel,
        choices: Choices,
        recorder: Recorder,
        network: Network,
        user: str,
    ) -> None:
        self.server = ChatServer(kernel, choices, recorder, user)
        self._recorder = recorder
        self._network = network
        self._drivers: dict[str, tuple[ChatDriver, ChatClient]] = {}

    # -- lives of windows -------------------------------------------------------------------------

    def opened(self, page: Window, chat: Chat) -> None:
        """A window's script runs for the first time."""
        driver = ChatDriver(page, self._recorder.trace, chat)
        client = ChatClient(
            page, self._network.path(page.name), self.server, chat.config.instance_id, driver.hear
        )
        driver.plug_in(client)
        self._drivers[page.name] = driver, client
        driver.hear(Started())

    def left(self, window: str) -> None:
        """`pagehide`."""
        self._drivers[window][0].hear(PageHide())

    def gone(self, window: str) -> None:
        """The runtime has ended."""
        driver, client = self._drivers.pop(window)
        client.died()
        driver.unplug()

    def wall_clock_jumped(self, page: Window, by_us: int) -> None:
        """The wall clock went `by_us` further than the monotonic one: a task of the page, which
        looks at both from time to time.
        """
        page.run(TaskSource.TIMER, self._drivers[page.name][0].hear, WallClockJumped(by_us))

    # -- what is said -----------------------------------------------------------------------------

    def written(self, page: Window, channel: str, text: str) -> None:
        """The user of a window writes: a task of the page, as every input."""
        page.run(TaskSource.INPUT, self._drivers[page.name][0].hear, Written(channel, text))

    def arrives(self, channel: str, text: str, count: int) -> None:
        """Another person writes `count` messages in this instant."""
        trace = self._recorder.trace
        cause = trace.cause
        for _ in range(count):
            trace.cause = cause
            self.server.post(channel, OTHERS, text)

    def end(self) -> None:
        """Take the chat apart, so that a finished run is freed without the garbage collector."""
        for driver, client in self._drivers.values():
            client.end()
            driver.unplug()
        self._drivers.clear()
        self.server.end()
