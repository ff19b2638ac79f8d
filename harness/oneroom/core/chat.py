"""Chat: the one socket and the one cache of a window.

Every window has its own, owner or not: who holds the Room does not matter here. The machine keeps
one socket open, asks history for what was said while there was none, and sends what the user writes
until it sees it stored. Rules: the table below is the socket's life; nothing is shown twice or
before its time (`chat_cache`); a message that may have been stored is sent again only after history
has been looked at, and under the same id.
"""

from __future__ import annotations

import enum
from typing import ClassVar

from oneroom.core.actions import Action
from oneroom.core.chat_cache import ChannelCache
from oneroom.core.chat_events import (
    AnswerBeat,
    ArmChat,
    ChatMessage,
    ChatTimer,
    ChatTimerFired,
    CloseSocket,
    DisarmChat,
    FetchHistory,
    HistoryFailed,
    HistoryLoaded,
    Latest,
    MessageConfirmed,
    MessageShown,
    MessageWritten,
    OpenSocket,
    SendMessage,
    SocketBeat,
    SocketClosed,
    SocketEvent,
    SocketOpened,
    SocketReceived,
    Written,
)
from oneroom.core.config import Config
from oneroom.core.events import Event, PageHide, Started, WallClockJumped
from oneroom.core.transitions import Transitions, step

# How many messages one answer of history has, and with how many an empty cache begins.
PAGE = 50


class State(enum.IntEnum):
    """States of the socket."""

    IDLE = 0
    OPENING = 1
    CATCHING_UP = 2  # it is open, and something that exists is not shown
    LIVE = 3
    PAUSING = 4  # it broke; the next one comes after a pause


class On(enum.IntEnum):
    """Events that move the socket."""

    START = 1
    OPENED = 2
    BEHIND = 3  # a gap shows
    LEVEL = 4  # everything that exists is shown
    BROKE = 5
    DUE = 6  # the pause is over
    LEAVE = 7  # pagehide


TRANSITIONS: Transitions[State, On] = {
    State.IDLE: {On.START: State.OPENING},
    State.OPENING: {On.OPENED: State.CATCHING_UP, On.BROKE: State.PAUSING, On.LEAVE: State.IDLE},
    State.CATCHING_UP: {On.LEVEL: State.LIVE, On.BROKE: State.PAUSING, On.LEAVE: State.IDLE},
    State.LIVE: {On.BEHIND: State.CATCHING_UP, On.BROKE: State.PAUSING, On.LEAVE: State.IDLE},
    State.PAUSING: {On.DUE: State.OPENING, On.LEAVE: State.IDLE},
}


class Unconfirmed:
    """A message of this window's user that nobody has been seen to store. `epoch` is the socket it
    was last sent on.
    """

    def __init__(self, number: int, channel: str, text: str) -> None:
        self.number = number
        self.channel = channel
        self.text = text
        self.epoch = 0


class Chat:
    """One window's chat. Drive it with `handle`, as the coordinator; times are monotonic
    microseconds.
    """

    cache_class: ClassVar[type[ChannelCache]] = ChannelCache

    def __init__(self, config: Config) -> None:
        self.config = config
        self.timings = config.timings
        self.state = State.IDLE
        self.epoch = 0
        self.channels: dict[str, ChannelCache] = {}
        self.unconfirmed: list[Unconfirmed] = []
        self._out: list[Action] = []
        self._number = 0
        self._requests = 0
        self._failures = 0  # sockets that broke since one was of use
        self._heard_us = 0
        self._begun = False  # the channels that were there before this window are known

    def handle(self, event: Event, now_us: int) -> list[Action]:
        """One turn: an event in, all its actions out, in order. `now_us` never goes backwards."""
        self._out = []
        match event:
            case SocketEvent(epoch=epoch):
                if self._current(epoch):
                    self._socket(event, now_us)
            case HistoryLoaded():
                self._answered(event.channel, event.request)
                for message in event.messages:
                    self._take(message)
                self._catch_up()
            case HistoryFailed():
                if self._answered(event.channel, event.request):
                    self._out.append(
                        ArmChat(ChatTimer.HISTORY, now_us + self.timings.chat_retry_us)
                    )
            case Written(channel=channel, text=text):
                self._write(channel, text)
            case ChatTimerFired(timer=timer):
                self._timer(timer, now_us)
            case WallClockJumped(by_us=by_us):
                self._slept(by_us, now_us)
            case Started():
                if self._step(On.START):
                    self._open(now_us)
            case PageHide():
                self._leave()
        return self._out

    # -- the socket -------------------------------------------------------------------------------

    def _current(self, epoch: int) -> bool:
        """Return whether an event of the socket `epoch` means anything: what an older one says does
        not, and its `close` event may come a minute late.
        """
        return epoch == self.epoch

    def _socket(self, event: SocketEvent, now_us: int) -> None:
        self._heard_us = now_us
        match event:
            case SocketOpened(latest=latest):
                if self._step(On.OPENED):
                    self._opened(latest, now_us)
            case SocketBeat(latest=latest):
                self._out.append(AnswerBeat(self.epoch))
                self._hear_of(latest)
                self._catch_up()
            case SocketReceived(message=message):
                self._take(message)
                self._catch_up()
            case SocketClosed():
                self._broke(now_us)

    def _opened(self, latest: tuple[Latest, ...], now_us: int) -> None:
        """The socket is open. History comes first: a message that may be stored already is sent
        again only after history was looked at, because servers forget ids.
        """
        self._failures = 0
        self._out.append(ArmChat(ChatTimer.SILENCE, now_us + self.timings.chat_silence_us))
        self._hear_of(latest)
        self._begun = True
        self._catch_up()

    def _open(self, now_us: int) -> None:
        self.epoch += 1
        self._heard_us = now_us
        self._out.append(OpenSocket(self.epoch))
        self._out.append(ArmChat(ChatTimer.SILENCE, now_us + self.timings.chat_connect_us))

    def _broke(self, now_us: int) -> None:
        """No socket any more: a pause, the longer the more often it happens."""
        if self._step(On.BROKE):
            pause_us = min(
                self.timings.chat_retry_us << self._failures, self.timings.chat_retry_max_us
            )
            self._failures = min(self._failures + 1, 10)
            self._out.append(DisarmChat(ChatTimer.SILENCE))
            self._out.append(ArmChat(ChatTimer.RETRY, now_us + pause_us + self.config.jitter_us))

    def _leave(self) -> None:
        has_socket = self.state in (State.OPENING, State.CATCHING_UP, State.LIVE)
        if self._step(On.LEAVE):
            self._out += [DisarmChat(timer) for timer in ChatTimer]
            if has_socket:
                self._out.append(CloseSocket(self.epoch))

    def _timer(self, timer: ChatTimer, now_us: int) -> None:
        if timer is ChatTimer.RETRY:
            if self._step(On.DUE):
                self._open(now_us)
        elif timer is ChatTimer.HISTORY:
            self._catch_up()
        else:
            self._silent(now_us)

    def _slept(self, by_us: int, now_us: int) -> None:
        """The machine slept, and the socket has been silent for longer than this window's clock
        says: it may have died meanwhile, and its `readyState` would still be OPEN.
        """
        if by_us > 0:
            self._heard_us -= by_us
            self._silent(now_us)

    def _silent(self, now_us: int) -> None:
        """The socket may be dead, and nobody would say so: the server's beats are what tells."""
        if self.state not in (State.OPENING, State.CATCHING_UP, State.LIVE):
            return
        patience_us = (
            self.timings.chat_connect_us
            if self.state is State.OPENING
            else self.timings.chat_silence_us
        )
        if now_us - self._heard_us < patience_us:
            self._out.append(ArmChat(ChatTimer.SILENCE, self._heard_us + patience_us))
            return
        self._out.append(CloseSocket(self.epoch))
        self._broke(now_us)

    # -- what there is to show --------------------------------------------------------------------

    def _hear_of(self, latest: tuple[Latest, ...]) -> None:
        """Note what the server has.

        A channel that was there before this window begins with its last page.
        """
        for newest in latest:
            begins = 0 if self._begun else max(newest.seq - PAGE, 0)
            self._cache(newest.channel, begins).hear_of(newest.seq)

    def _cache(self, channel: str, cursor: int = 0) -> ChannelCache:
        cache = self.channels.get(channel)
        if cache is None:
            cache = self.channels[channel] = self.cache_class(channel, cursor)
        return cache

    def _take(self, message: ChatMessage) -> None:
        """A message, live or from history, new or known. One of its own is confirmed when it has
        its place.
        """
        for shown in self._cache(message.channel).take(message):
            self._out.append(MessageShown(shown))
            if shown.sender == self.config.instance_id:
                self._confirm(shown)

    def _catch_up(self) -> None:
        """Ask history for what is missing; with nothing missing, send what was never seen to be
        stored.
        """
        if self.state not in (State.CATCHING_UP, State.LIVE):
            return
        behind = [cache for cache in self.channels.values() if cache.is_behind()]
        if not behind:
            if self._step(On.LEVEL):
                self._send_unsent()
            return
        self._step(On.BEHIND)
        for cache in behind:
            if not cache.request:
                self._requests += 1
                cache.request = self._requests
                self._out.append(FetchHistory(cache.request, cache.name, cache.cursor, PAGE))

    def _answered(self, channel: str, request: int) -> bool:
        cache = self.channels[channel]
        if cache.request != request:
            return False
        cache.request = 0
        return True

    # -- what the user writes ---------------------------------------------------------------------

    def _write(self, channel: str, text: str) -> None:
        self._number += 1
        self.unconfirmed.append(Unconfirmed(self._number, channel, text))
        self._out.append(MessageWritten(channel, self._number))
        if self.state is State.LIVE:
            self._send_unsent()

    def _send_unsent(self) -> None:
        """Send what this socket has not carried yet, in the order in which it was written. What is
        sent again keeps its number, so that the server stores it once.
        """
        for message in self.unconfirmed:
            if message.epoch != self.epoch:
                message.epoch = self.epoch
                self._out.append(
                    SendMessage(self.epoch, message.channel, message.number, message.text)
                )

    def _confirm(self, stored: ChatMessage) -> None:
        for message in self.unconfirmed:
            if message.number == stored.number:
                self.unconfirmed.remove(message)
                self._out.append(MessageConfirmed(stored.number, stored.id))
                return

    def _step(self, on: On) -> bool:
        self.state, moved = step(TRANSITIONS, self.state, on)
        return moved
