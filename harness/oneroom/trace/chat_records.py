"""Kinds of records of a chat; a run without a chat has none of them.

The rules are those of `records`. Messages are told apart by the server's numbers: the text of a
message is never recorded.
"""

from __future__ import annotations

import enum

from oneroom.trace.records import Name, Record


class ChatSocketState(enum.IntEnum):
    """States of a window's chat socket. OPENING and OPEN hold one."""

    OPENING = 1
    OPEN = 2
    CLOSING = 3  # the window closed it: nothing more is received on it
    CLOSED = 4


class ChatSocketChanged(Record, frozen=True, gc=False, array_like=True, tag=100):
    """The chat socket `epoch` of window `where` changed its state."""

    epoch: int
    state: ChatSocketState


class ChatWritten(Record, frozen=True, gc=False, array_like=True, tag=101):
    """The user wrote message `number` of `where` in `channel`.

    `sender` is the instance id; it and `channel` are interned.
    """

    sender: Name
    number: int
    channel: Name


class ChatStored(Record, frozen=True, gc=False, array_like=True, tag=102):
    """The chat server stored `message` as the `seq`-th of `channel`.

    `sender` is "" for messages of other people.
    """

    channel: Name
    message: int
    seq: int
    sender: Name
    number: int


class ChatShown(Record, frozen=True, gc=False, array_like=True, tag=103):
    """`where` shows `message`, the `seq`-th of `channel`, below all that it showed there before."""

    channel: Name
    message: int
    seq: int


class ChatConfirmed(Record, frozen=True, gc=False, array_like=True, tag=104):
    """Message `number` of the user of `where` is shown as sent: the server has it as `message`."""

    number: int
    message: int
