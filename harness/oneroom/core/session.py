"""The session: one Room's life inside one window.

States and what may happen in them are the table below. Nothing here reads a clock or performs I/O.

Why a session has an `epoch`: the SDK reports late. A Room that was closed a second ago still says
"reconnected". Every event of a Room carries the epoch of the session that opened it, and `current`
tells those of an older one apart.
"""

from __future__ import annotations

import enum
from typing import ClassVar

from oneroom.core.actions import CloseRoom, OpenRoom
from oneroom.core.outbox import Outbox
from oneroom.core.state import ConnectionState
from oneroom.core.timings import Timings
from oneroom.core.token import Token
from oneroom.core.transitions import Transitions, step


class State(enum.IntEnum):
    """States of the Room."""

    IDLE = 0  # no Room, none wanted
    MINTING = 1  # waiting for a token
    OPENING = 2  # connect() is pending; a kick is ignored by the SDK here, so only we can end it
    OPEN = 3
    HEALING = 4  # the SDK reconnects by itself
    CLOSING = 5  # CloseRoom is out, its confirmation is not


class On(enum.IntEnum):
    """Events that move a session."""

    WANT = 1  # we own, and the user wants to be in a channel
    UNWANT = 2  # the user left, or we lost ownership: the same to a Room
    TOKEN = 3
    CONNECTED = 4
    LOST = 5
    ENDED = 6  # terminal for the SDK: kicked, removed, gave up, or closed by us


TRANSITIONS: Transitions[State, On] = {
    State.IDLE: {On.WANT: State.MINTING},
    State.MINTING: {On.TOKEN: State.OPENING, On.ENDED: State.IDLE, On.UNWANT: State.IDLE},
    State.OPENING: {On.CONNECTED: State.OPEN, On.ENDED: State.IDLE, On.UNWANT: State.CLOSING},
    State.OPEN: {On.LOST: State.HEALING, On.ENDED: State.IDLE, On.UNWANT: State.CLOSING},
    State.HEALING: {On.CONNECTED: State.OPEN, On.ENDED: State.IDLE, On.UNWANT: State.CLOSING},
    State.CLOSING: {On.ENDED: State.IDLE},
}

SHOWN: dict[State, ConnectionState] = {
    State.IDLE: ConnectionState.IDLE,
    State.MINTING: ConnectionState.CONNECTING,
    State.OPENING: ConnectionState.CONNECTING,
    State.OPEN: ConnectionState.CONNECTED,
    State.HEALING: ConnectionState.RECONNECTING,
    State.CLOSING: ConnectionState.IDLE,
}


class Session:
    """See the top of this file. `epoch` counts from 1; `channel` and `term` are those of the
    present session.
    """

    token_class: ClassVar[type[Token]] = Token

    def __init__(self, out: Outbox, timings: Timings) -> None:
        self.out = out
        self.token = self.token_class(out, timings)
        self.state = State.IDLE
        self.epoch = 0
        self.channel = ""
        self.term = 0

    def current(self, epoch: int) -> bool:
        """True if an event of `epoch` is about the present session."""
        return epoch == self.epoch

    def want(self, channel: str, term: int, now_us: int) -> None:
        """Open a Room in `channel` under `term`: the token comes first, unless a good one is in
        hand.
        """
        if self._step(On.WANT):
            self.epoch += 1
            self.channel = channel
            self.term = term
            token = self.token.want(channel, self.epoch, now_us)
            if token:
                self.open(token)

    def unwant(self) -> None:
        """End the session in whatever state it is."""
        self.token.drop()
        has_room = self.state not in (State.IDLE, State.MINTING, State.CLOSING)
        if self._step(On.UNWANT) and has_room:
            self.out.add(CloseRoom(self.epoch, self.term))

    def open(self, token: str) -> None:
        """The token is there."""
        if self._step(On.TOKEN):
            self.out.add(OpenRoom(self.epoch, self.term, self.channel, token))

    def connected(self) -> bool:
        """The Room is connected, or healed; False if that means nothing now."""
        return self._step(On.CONNECTED)

    def lost(self) -> None:
        """The SDK is reconnecting."""
        self._step(On.LOST)

    def ended(self) -> bool:
        """The SDK is through with this Room, or no token could be had; return whether this session
        had closed it.
        """
        closed = self.state is State.CLOSING
        self._step(On.ENDED)
        return closed

    def idle(self) -> bool:
        """No Room and none being opened."""
        return self.state is State.IDLE

    def left(self, *, frozen: bool) -> bool:
        """True if there is no Room that others could still see.

        A `frozen` page learns of its end when it runs again, since the SDK waits for its WebSocket;
        the Leave has been sent.
        """
        return self.state is State.IDLE or (frozen and self.state is State.CLOSING)

    def _step(self, on: On) -> bool:
        self.state, moved = step(TRANSITIONS, self.state, on)
        return moved
