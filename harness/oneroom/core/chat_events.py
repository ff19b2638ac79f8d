"""Chat: what a window's chat hears, what it wants done, and the message that travels.

Rules: values only, as in `events` and `actions`, from which the bases come. What a socket says
carries the `epoch` of that socket, because the `close` event of an old one comes late (Chromium: up
to 60 s); what history answers carries the number of the request. The text of a message is never
recorded.
"""

from __future__ import annotations

import enum

import msgspec

from oneroom.core.actions import Action
from oneroom.core.events import Event


class ChatMessage(msgspec.Struct, frozen=True, gc=False):
    """One message as the server has stored it: the `seq`-th of its channel, from 1 without a gap.

    (`sender`, `number`) is the id that the client gave it: the instance id of the window that sent
    it and its count there. It is ("", 0) for what others wrote.
    """

    id: int
    channel: str
    seq: int
    author: str
    sender: str = ""
    number: int = 0
    text: str = ""


class Latest(msgspec.Struct, frozen=True, gc=False):
    """The `seq` of the newest message of a channel, as the server has it."""

    channel: str
    seq: int


class ChatTimer(enum.IntEnum):
    """The timers of a window's chat. Arming one again moves it."""

    RETRY = 0  # the pause before the next socket
    SILENCE = 1  # the socket has said nothing for too long
    HISTORY = 2  # the pause before history is asked again


# -- events --------------------------------------------------------------------------------------


class Written(Event, frozen=True, gc=False):
    """The user wrote a message in this window."""

    channel: str
    text: str


class ChatTimerFired(Event, frozen=True, gc=False):
    """An armed timer is due, or overdue."""

    timer: ChatTimer


class SocketEvent(Event, frozen=True, gc=False):
    """Base of what the chat socket `epoch` says."""

    epoch: int


class SocketOpened(SocketEvent, frozen=True, gc=False):
    """The server has taken the socket up: whatever it stores after `latest` will be pushed."""

    latest: tuple[Latest, ...]


class SocketBeat(SocketEvent, frozen=True, gc=False):
    """The server asks whether anybody is there, and says what it has: a push may have got lost
    behind the socket.
    """

    latest: tuple[Latest, ...]


class SocketReceived(SocketEvent, frozen=True, gc=False):
    """A message was pushed: somebody's new one, or the stored one in answer to a message that was
    sent twice.
    """

    message: ChatMessage


class SocketClosed(SocketEvent, frozen=True, gc=False):
    """The `close` event: refused, broken, closed by the server, or at last closed as this window
    wanted.
    """


class HistoryLoaded(Event, frozen=True, gc=False):
    """Answer to `FetchHistory`: messages of one channel in their order, as many as were asked for
    or all there are.
    """

    request: int
    channel: str
    messages: tuple[ChatMessage, ...]


class HistoryFailed(Event, frozen=True, gc=False):
    """Request `request` came to nothing."""

    request: int
    channel: str


# -- actions -------------------------------------------------------------------------------------


class OpenSocket(Action, frozen=True, gc=False):
    """Open a socket: `SocketOpened`, or `SocketClosed`."""

    epoch: int


class CloseSocket(Action, frozen=True, gc=False):
    """Close a socket in any state; its `SocketClosed` may come much later."""

    epoch: int


class AnswerBeat(Action, frozen=True, gc=False):
    """Tell the server that this window is there."""

    epoch: int


class SendMessage(Action, frozen=True, gc=False):
    """Send the user's message `number` of this window, for the first time or again."""

    epoch: int
    channel: str
    number: int
    text: str


class FetchHistory(Action, frozen=True, gc=False):
    """Ask for at most `limit` messages of a channel after `after`: `HistoryLoaded` or
    `HistoryFailed`.
    """

    request: int
    channel: str
    after: int
    limit: int


class ArmChat(Action, frozen=True, gc=False):
    """(Re)arm a timer for the monotonic time `at_us` of this window."""

    timer: ChatTimer
    at_us: int


class DisarmChat(Action, frozen=True, gc=False):
    """A disarmed timer does not fire, even when it is already due."""

    timer: ChatTimer


class MessageWritten(Action, frozen=True, gc=False):
    """The user's message `number` of this window stands at the end of the channel, marked as not
    sent yet.
    """

    channel: str
    number: int


class MessageShown(Action, frozen=True, gc=False):
    """The channel now shows this message, behind all that it showed before."""

    message: ChatMessage


class MessageConfirmed(Action, frozen=True, gc=False):
    """The user's message `number` of this window is stored as message `id`; its mark is taken
    away.
    """

    number: int
    id: int
