"""Chats, and caches of a channel, without one of their protections."""

from __future__ import annotations

from oneroom.core.chat import Chat
from oneroom.core.chat_cache import ChannelCache
from oneroom.core.chat_events import ChatMessage, Latest


class ShowsTwice(ChannelCache):
    """A message is shown each time that it comes."""

    def _taken_again(self, message: ChatMessage) -> list[ChatMessage]:
        return [message]


class ShowsAtOnce(ChannelCache):
    """A message is shown when it comes, also behind a gap."""

    def _in_place(self, message: ChatMessage) -> list[ChatMessage]:
        super()._in_place(message)
        return [message]


class SkipsGaps(ChannelCache):
    """Messages that were sent while there was no socket are not fetched."""

    def hear_of(self, seq: int) -> None:
        super().hear_of(seq)
        self.cursor = max(self.cursor, seq)

    def take(self, message: ChatMessage) -> list[ChatMessage]:
        self.cursor = max(self.cursor, message.seq - 1)
        return super().take(message)


class SleepsOn(Chat):
    """A socket is as young as the window's own clock says, whatever the wall clock shows."""

    def _slept(self, by_us: int, now_us: int) -> None:
        pass


class SendsBeforeHistory(Chat):
    """Messages not known to be stored are sent again before history is loaded."""

    def _opened(self, latest: tuple[Latest, ...], now_us: int) -> None:
        super()._opened(latest, now_us)
        self._send_unsent()


class SendsUnderNewNumber(Chat):
    """A message that is sent again is another one to the server."""

    def _send_unsent(self) -> None:
        for message in self.unconfirmed:
            if message.epoch not in (0, self.epoch):
                self._number += 1
                message.number = self._number
        super()._send_unsent()


class ObeysOldSocket(Chat):
    """Events of an older socket are taken for those of the present one."""

    def _current(self, epoch: int) -> bool:
        return True
