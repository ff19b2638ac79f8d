"""The chat cache of one channel in one window: what it shows, in the server's order.

Live messages and history come by different ways and overtake each other. The cache shows a message
when everything before it is shown, and once: what lies behind a gap is held until history has
filled the gap. So what is shown only ever grows at its end, and `cursor` says all there is to know
about it.
"""

from __future__ import annotations

from oneroom.core.chat_events import ChatMessage
from oneroom.core.safeguards import Safeguards


class ChannelCache:
    """`cursor` is the `seq` up to which everything is shown, `latest` the highest one that is known
    to exist.
    """

    def __init__(self, name: str, cursor: int, safeguards: Safeguards) -> None:
        self.name = name
        self.cursor = cursor
        self.latest = cursor
        self.messages: list[ChatMessage] = []
        self.request = 0  # the number of the question to history that is out, 0 for none
        self._held: dict[int, ChatMessage] = {}
        self._safeguards = safeguards

    def hear_of(self, seq: int) -> None:
        """A message `seq` exists."""
        self.latest = max(self.latest, seq)
        if not self._safeguards.chat_catch_up:
            self.skip_to(seq)

    def skip_to(self, seq: int) -> None:
        """The planted bug: what was missed is not asked for."""
        self.cursor = max(self.cursor, seq)

    def is_behind(self) -> bool:
        """Whether something that exists is not shown."""
        return self.cursor < self.latest

    def take(self, message: ChatMessage) -> list[ChatMessage]:
        """Take a message from wherever it came; what is shown from now on because of it, in
        order.
        """
        seq = message.seq
        self.latest = max(self.latest, seq)
        if not self._safeguards.chat_catch_up:
            self.skip_to(seq - 1)
        if seq <= self.cursor or seq in self._held:
            return [] if self._safeguards.chat_dedupe else [message]
        self._held[seq] = message
        ready: list[ChatMessage] = [] if self._safeguards.chat_order else [message]
        while self.cursor + 1 in self._held:
            self.cursor += 1
            following = self._held.pop(self.cursor)
            if self._safeguards.chat_order:
                ready.append(following)
        self.messages += ready
        return ready
