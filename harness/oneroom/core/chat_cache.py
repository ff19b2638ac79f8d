"""The chat cache of one channel in one window: what it shows, in the server's order.

Live messages and history come by different ways and overtake each other. The cache shows a message
when everything before it is shown, and once: what lies behind a gap is held until history has
filled the gap. So what is shown only ever grows at its end, and `cursor` says all there is to know
about it.
"""

from __future__ import annotations

from oneroom.core.chat_events import ChatMessage


class ChannelCache:
    """`cursor` is the `seq` up to which everything is shown, `latest` the highest one that is known
    to exist.
    """

    def __init__(self, name: str, cursor: int) -> None:
        self.name = name
        self.cursor = cursor
        self.latest = cursor
        self.messages: list[ChatMessage] = []
        self.request = 0  # the number of the question to history that is out, 0 for none
        self._held: dict[int, ChatMessage] = {}

    def hear_of(self, seq: int) -> None:
        """A message `seq` exists."""
        self.latest = max(self.latest, seq)

    def is_behind(self) -> bool:
        """True if a message that exists is not shown."""
        return self.cursor < self.latest

    def take(self, message: ChatMessage) -> list[ChatMessage]:
        """Take a message from wherever it came; what is shown from now on because of it, in
        order.
        """
        seq = message.seq
        self.latest = max(self.latest, seq)
        if seq <= self.cursor or seq in self._held:
            return self._taken_again(message)
        self._held[seq] = message
        ready = self._in_place(message)
        self.messages += ready
        return ready

    def _taken_again(self, message: ChatMessage) -> list[ChatMessage]:
        """Nothing: a message is shown once, however often it comes: live, from history, in answer
        to a resend.
        """
        return []

    def _in_place(self, message: ChatMessage) -> list[ChatMessage]:
        """The messages that have their place now that `message` is there. Behind a gap there are
        none until history has filled the gap.
        """
        ready: list[ChatMessage] = []
        while self.cursor + 1 in self._held:
            self.cursor += 1
            ready.append(self._held.pop(self.cursor))
        return ready
