"""The states of an SDK client and what may follow: client-sdk-js, `ConnectionState` in Room.ts,
retries in RTCEngine.ts.

Rules: every change of state goes through `following`. What a table cannot say, when an attempt
counts as failed, is in `engine`.
"""

from __future__ import annotations

import enum


class State(enum.Enum):
    """`ConnectionState` of the SDK."""

    CONNECTING = enum.auto()  # connect() is pending; a kick is not heard here
    CONNECTED = enum.auto()
    RESUMING = enum.auto()  # `signalReconnecting`: new signalling for the same session
    RESTARTING = enum.auto()  # `reconnecting`: a new session
    ENDED = enum.auto()  # `disconnected`, for good


class On(enum.Enum):
    """What moves a client from state to state."""

    UP = enum.auto()  # media and signalling are connected
    LOST = enum.auto()  # either of them broke, or the server asks for a resume
    # a resume makes no sense: the server asks for a restart, or media did not come back
    RESTART = enum.auto()
    OVER = enum.auto()  # closed, kicked, refused, or given up


TRANSITIONS: dict[State, dict[On, State]] = {
    # Whatever happens to a first join, the next one looks the same.
    State.CONNECTING: {
        On.UP: State.CONNECTED,
        On.LOST: State.CONNECTING,
        On.RESTART: State.CONNECTING,
        On.OVER: State.ENDED,
    },
    State.CONNECTED: {On.LOST: State.RESUMING, On.RESTART: State.RESTARTING, On.OVER: State.ENDED},
    State.RESUMING: {
        On.UP: State.CONNECTED,
        On.LOST: State.RESUMING,
        On.RESTART: State.RESTARTING,
        On.OVER: State.ENDED,
    },
    # Sticky: a restart that fails is never followed by a resume.
    State.RESTARTING: {
        On.UP: State.CONNECTED,
        On.LOST: State.RESTARTING,
        On.RESTART: State.RESTARTING,
        On.OVER: State.ENDED,
    },
    State.ENDED: {},
}


def following(state: State, on: On) -> State:
    """The state after `on`; an event that means nothing in `state` leaves it as it is."""
    return TRANSITIONS[state].get(on, state)
