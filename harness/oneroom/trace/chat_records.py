"""The kinds of records of a chat; a run without one has none of them. The rules are those of
`records`.

Messages are told apart by the server's numbers: nothing that anybody wrote is ever recorded.
"""

from __future__ import annotations

import enum

from oneroom.trace.records import Record


class ChatSocketState(enum.IntEnum):
    """What happened to a window's chat socket. OPENING and OPEN hold one."""

    OPENING = 1
    OPEN = 2
    CLOSING = 3  # the window closed it: nothing more is received on it
    CLOSED = 4


class ChatSocketChanged(Record, frozen=True, gc=False, array_like=True, tag=100):
    """The chat socket `epoch` of window `where`."""

    epoch: int
    state: ChatSocketState


class ChatWritten(Record, frozen=True, gc=False, array_like=True, tag=101):
    """The user wrote message `number` of `where` in `channel`; `sender` is the instance id; both
    are interned.
    """

    sender: int
    number: int
    channel: int


class ChatStored(Record, frozen=True, gc=False, array_like=True, tag=102):
    """The chat server stored `message` as the `seq`-th of `channel`. `sender` is "" for what others
    wrote.
    """

    channel: int
    message: int
    seq: int
    sender: int
    number: int


class ChatShown(Record, frozen=True, gc=False, array_like=True, tag=103):
    """`where` now shows `message`, the `seq`-th of `channel`, behind all that it showed there
    before.
    """

    channel: int
    message: int
    seq: int


class ChatConfirmed(Record, frozen=True, gc=False, array_like=True, tag=104):
    """The user's message `number` of `where` is shown as sent: the server has it as `message`."""

    number: int
    message: int
