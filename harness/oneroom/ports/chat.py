"""The app's chat, as one window uses it: a WebSocket for new messages, HTTP for older ones."""

from __future__ import annotations

from typing import Protocol


class Chat(Protocol):
    """The chat of one window.

    Everything returns at once; answers are events, as tasks of the page, so they wait while the
    page does not run. The server numbers the messages of a channel from 1 without a gap and pushes
    them over every open socket in that order. It may lose a push. For some minutes it recognises a
    message that is sent twice by (instance id, `number`).
    """

    def open(self, epoch: int) -> None:
        """`new WebSocket()`: `SocketOpened`, or `SocketClosed` if the server refuses; no limit."""

    def close(self, epoch: int) -> None:
        """`socket.close()` in any state: nothing more is received.

        `SocketClosed` follows, after the closing handshake or when that has timed out (Chromium: 60
        s).
        """

    def answer_beat(self, epoch: int) -> None:
        """Tell the server that this window runs."""

    def send(self, epoch: int, channel: str, number: int, text: str) -> None:
        """Write to the socket.

        A message is lost with its socket, without an error; once stored, it is pushed to this
        window as to all others.
        """

    def fetch(self, request: int, channel: str, after: int, limit: int) -> None:
        """Ask for at most `limit` messages after `after`.

        Answered by `HistoryLoaded`, or by `HistoryFailed` within 10 s of the page's timers.
        """


class ChatObserver(Protocol):
    """Observer of the chat server."""

    def chat_stored(self, channel: str, message: int, seq: int, sender: str, number: int) -> None:
        """The server has stored message `message`.

        `sender` is the instance id of the window, "" for other people.
        """
