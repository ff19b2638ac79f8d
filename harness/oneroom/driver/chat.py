"""Driver of one window's `Chat`: takes events, performs actions in order, records what the user
saw.

It is separate from the window's driver: a page without a chat has none of this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oneroom.core.actions import Action
from oneroom.core.chat_events import (
    AnswerBeat,
    ArmChat,
    ChatTimer,
    ChatTimerFired,
    CloseSocket,
    DisarmChat,
    FetchHistory,
    MessageConfirmed,
    MessageShown,
    MessageWritten,
    OpenSocket,
    SendMessage,
    SocketClosed,
    SocketOpened,
)
from oneroom.core.events import Event
from oneroom.driver.machines import ChatMachine
from oneroom.driver.page import EventLoop
from oneroom.ports import chat
from oneroom.trace.chat_records import (
    ChatConfirmed,
    ChatShown,
    ChatSocketChanged,
    ChatSocketState,
    ChatWritten,
)
from oneroom.trace.trace import Trace


class ChatDriver:
    """One window's chat. `plug_in` is called once, before the first event."""

    port: chat.Chat

    def __init__(self, page: EventLoop, trace: Trace, machine: ChatMachine) -> None:
        self.page = page
        self.trace = trace
        self.machine = machine
        self._sender = trace.intern(machine.config.instance_id)
        self._armed = [0] * len(ChatTimer)  # the number of the arming that counts, 0 for none
        self._armings = 0

    def plug_in(self, port: chat.Chat) -> None:
        """Connect the chat with its server."""
        self.port = port

    def unplug(self) -> None:
        """Drop the port at the end of the run, so that no reference cycle is left."""
        del self.port

    def hear(self, event: Event) -> None:
        """Run one turn of the chat machine, in a task of the page."""
        match event:
            case SocketOpened(epoch=epoch):
                self._socket(epoch, ChatSocketState.OPEN)
            case SocketClosed(epoch=epoch):
                self._socket(epoch, ChatSocketState.CLOSED)
        for action in self.machine.handle(event, self.page.monotonic_us):
            _PERFORMERS[type(action)](self, action)

    # -- the port ---------------------------------------------------------------------------------

    def _open(self, action: OpenSocket) -> None:
        self._socket(action.epoch, ChatSocketState.OPENING)
        self.port.open(action.epoch)

    def _close(self, action: CloseSocket) -> None:
        self._socket(action.epoch, ChatSocketState.CLOSING)
        self.port.close(action.epoch)

    def _answer_beat(self, action: AnswerBeat) -> None:
        self.port.answer_beat(action.epoch)

    def _send(self, action: SendMessage) -> None:
        self.port.send(action.epoch, action.channel, action.number, action.text)

    def _fetch(self, action: FetchHistory) -> None:
        self.port.fetch(action.request, action.channel, action.after, action.limit)

    # -- timers -----------------------------------------------------------------------------------

    def _arm(self, action: ArmChat) -> None:
        self._armings += 1
        self._armed[action.timer] = self._armings
        delay_us = max(action.at_us - self.page.monotonic_us, 0)
        self.page.after(delay_us, self._due, (action.timer, self._armings))

    def _disarm(self, action: DisarmChat) -> None:
        self._armed[action.timer] = 0

    def _due(self, armed: tuple[ChatTimer, int]) -> None:
        timer, arming = armed
        if self._armed[timer] == arming:
            self._armed[timer] = 0
            self.hear(ChatTimerFired(timer))

    # -- what the user sees -----------------------------------------------------------------------

    def _socket(self, epoch: int, state: ChatSocketState) -> None:
        t = self.trace
        t.act_on(ChatSocketChanged(t.n, t.now_us, self.page.place, t.cause, epoch, state))

    def _written(self, action: MessageWritten) -> None:
        t = self.trace
        what = (self._sender, action.number, t.intern(action.channel))
        t.act_on(ChatWritten(t.n, t.now_us, self.page.place, t.cause, *what))

    def _shown(self, action: MessageShown) -> None:
        t, message = self.trace, action.message
        what = (t.intern(message.channel), message.id, message.seq)
        t.append(ChatShown(t.n, t.now_us, self.page.place, t.cause, *what))

    def _confirmed(self, action: MessageConfirmed) -> None:
        t = self.trace
        t.append(ChatConfirmed(t.n, t.now_us, self.page.place, t.cause, action.number, action.id))


# Unbound on purpose, as in `window`.
_PERFORMERS: dict[type[Action], Callable[[ChatDriver, Any], None]] = {
    OpenSocket: ChatDriver._open,
    CloseSocket: ChatDriver._close,
    AnswerBeat: ChatDriver._answer_beat,
    SendMessage: ChatDriver._send,
    FetchHistory: ChatDriver._fetch,
    ArmChat: ChatDriver._arm,
    DisarmChat: ChatDriver._disarm,
    MessageWritten: ChatDriver._written,
    MessageShown: ChatDriver._shown,
    MessageConfirmed: ChatDriver._confirmed,
}
