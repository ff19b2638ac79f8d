"""The chat of one run: the server, and the chat of every window.

A scenario without chat steps has none of this, and pays nothing for it.
"""

from __future__ import annotations

from oneroom.choices.choices import Choices
from oneroom.core.chat_events import Written
from oneroom.core.events import PageHide, Started, WallClockJumped
from oneroom.core.timings import Timings
from oneroom.driver.chat import ChatDriver
from oneroom.driver.machines import ChatMachine
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


class WindowChat:
    """The chat of one window: its client of the server, and the driver of its `Chat`."""

    def __init__(self, page: Window, driver: ChatDriver, client: ChatClient) -> None:
        self._page = page
        self._driver = driver
        self._client = client

    def begin(self) -> None:
        """The window's script runs for the first time."""
        self._driver.hear(Started())

    def leave(self) -> None:
        """`pagehide`."""
        self._driver.hear(PageHide())

    def restore(self) -> None:
        """`pageshow`, out of the back/forward cache."""
        self._page.run(TaskSource.INPUT, self._driver.hear, Started())

    def die(self) -> None:
        """The runtime has ended."""
        self._client.died()
        self._driver.unplug()

    def jump_wall_clock(self, by_us: int) -> None:
        """The wall clock went `by_us` further than the monotonic one: a task of the page, which
        looks at both from time to time.
        """
        self._page.run(TaskSource.TIMER, self._driver.hear, WallClockJumped(by_us))

    def write(self, channel: str, text: str) -> None:
        """The user writes a message: a task of the page, as every input."""
        self._page.run(TaskSource.INPUT, self._driver.hear, Written(channel, text))

    def end(self) -> None:
        """The run is over: drop all references."""
        self._client.end()
        self._driver.unplug()


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

    def connect(self, page: Window, chat: ChatMachine) -> WindowChat:
        """The chat of a window that opens."""
        driver = ChatDriver(page, self._recorder.trace, chat)
        client = ChatClient(
            page, self._network.path(page.name), self.server, chat.config.instance_id, driver.hear
        )
        driver.plug_in(client)
        return WindowChat(page, driver, client)

    def arrives(self, channel: str, text: str, count: int) -> None:
        """Another person writes `count` messages in this instant."""
        trace = self._recorder.trace
        cause = trace.cause
        for _ in range(count):
            trace.cause = cause
            self.server.post(channel, OTHERS, text)

    def end(self) -> None:
        """Take the chat apart, so that a finished run is freed without the garbage collector."""
        self.server.end()
