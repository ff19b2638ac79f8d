"""The messages of the chat, and the faults of its server."""

from __future__ import annotations

from oneroom.driver.faults import Fault
from oneroom.scenario.duration import Range
from oneroom.sim.chat import Chats
from oneroom.sim.environment import Environment
from oneroom.sim.windows import Windows


class ChatSteps:
    """See `oneroom.scenario.stage.ChatSteps`. `chats` is None in a run without a chat."""

    def __init__(self, environment: Environment, chats: Chats | None, windows: Windows) -> None:
        self._recorder = environment.recorder
        self._faults = environment.faults
        self._busy = environment.busy
        self._chats = chats
        self._windows = windows

    def send(self, window: str, channel: str, text: str) -> None:
        """See the stage."""
        handle = self._windows.handles.get(window)
        if handle is not None and handle.chat is not None:
            self._recorder.record_act(window, "sendChat", channel)
            handle.chat.write(channel, text)

    def arrive(self, channel: str, text: str, count: int) -> None:
        """See the stage."""
        if self._chats is not None:
            self._chats.arrives(channel, text, count)

    def lose(self, loss_ratio: float) -> None:
        """See the stage."""
        if self._chats is not None:
            self._chats.server.loss_ratio = loss_ratio
            self._faults.clear("lose_chat")
            if loss_ratio > 0:
                self._faults.begin(Fault("lose_chat", undo=self._lose_nothing))

    def _lose_nothing(self) -> None:
        self.lose(0)

    def slow(self, takes: Range) -> None:
        """See the stage."""
        if self._chats is not None:
            self._chats.server.takes_us = (takes.low_us, takes.high_us)
            self._faults.clear("slow_chat")
            if takes.high_us > 0:
                self._faults.begin(Fault("slow_chat", undo=self._answer_at_once))

    def _answer_at_once(self) -> None:
        self.slow(Range(0, 0))

    def restart(self, down: Range) -> None:
        """See the stage."""
        if self._chats is not None:
            self._chats.server.restart(self._busy.draw(down))
