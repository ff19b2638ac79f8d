"""Steps of the chat: messages, and faults of its server."""

from __future__ import annotations

from oneroom.scenario.duration import Range
from oneroom.sim.environment import Environment
from oneroom.trace.records import UserActed


class ChatSteps(Environment):
    """The part of the stage on which people chat. Without a step of the chat there is none."""

    def send_chat(self, window: str, channel: str, text: str) -> None:
        """See the stage."""
        plugs = self.plugs.get(window)
        if plugs is not None and self.chat is not None:
            trace, page = self.trace, plugs.window
            what = (trace.intern("sendChat"), trace.intern(channel))
            trace.act_on(UserActed(trace.n, trace.now_us, page.place, trace.cause, *what))
            self.chat.written(page, channel, text)

    def chat_arrives(self, channel: str, text: str, count: int) -> None:
        """See the stage."""
        if self.chat is not None:
            self.chat.arrives(channel, text, count)

    def lose_chat(self, loss_ratio: float) -> None:
        """See the stage."""
        if self.chat is not None:
            self.chat.server.loss_ratio = loss_ratio
            self.over("world", "lose_chat")
            if loss_ratio > 0:
                self.fault("world", "lose_chat", on=True)

    def slow_chat(self, takes: Range) -> None:
        """See the stage."""
        if self.chat is not None:
            self.chat.server.takes_us = (takes.low_us, takes.high_us)
            self.over("world", "slow_chat")
            if takes.high_us > 0:
                self.fault("world", "slow_chat", on=True)

    def restart_chat(self, down: Range) -> None:
        """See the stage."""
        if self.chat is not None:
            self.chat.server.restart(self.busy_for(down))
