"""The states of an SDK client and their transitions: client-sdk-js, `ConnectionState` in Room.ts,
retries in RTCEngine.ts.

Rules: every change of state goes through `following`. When an attempt counts as failed is in
`rtc_engine`.
"""

from __future__ import annotations

import enum


class State(enum.Enum):
    """`ConnectionState` of the SDK."""

    CONNECTING = enum.auto()  # connect() is pending; a kick is ignored here
    CONNECTED = enum.auto()
    RESUMING = enum.auto()  # `signalReconnecting`: new signalling for the same session
    RESTARTING = enum.auto()  # `reconnecting`: a new session
    ENDED = enum.auto()  # `disconnected`, for good


class On(enum.Enum):
    """Causes of a transition."""

    UP = enum.auto()  # media and signalling are connected
    LOST = enum.auto()  # either of them broke, or the server asks for a resume
    # a resume cannot help: the server asks for a restart, or media did not come back
    RESTART = enum.auto()
    OVER = enum.auto()  # closed, kicked, refused, or given up


TRANSITIONS: dict[State, dict[On, State]] = {
    # A failed first join is followed by another one.
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
    # A failed restart is never followed by a resume.
    State.RESTARTING: {
        On.UP: State.CONNECTED,
        On.LOST: State.RESTARTING,
        On.RESTART: State.RESTARTING,
        On.OVER: State.ENDED,
    },
    State.ENDED: {},
}


def following(state: State, on: On) -> State:
    """The state after `on`, which is `state` itself if the table has no transition."""
    return TRANSITIONS[state].get(on, state)
