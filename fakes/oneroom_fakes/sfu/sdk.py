"""The SDK of a window's client, and every number of it, with its source: how long it retries, what
it waits for.

Rules: integer microseconds. `JS` is livekit-client 2.23.0, `PYTHON` is livekit 1.2.1 (Rust core).
Files are those of client-sdk-js; "seen" is a measurement against LiveKit v1.13.5.
"""

from __future__ import annotations

import msgspec

SECOND = 1_000_000
MILLISECOND = 1_000


class Sdk(msgspec.Struct, frozen=True):
    """The behaviour of one SDK."""

    # Whether it listens for `online` and `offline` (RTCEngine.ts, registerOnLineListener).
    hears_online: bool = True
    # Ping interval and time-out, sent by the server in the JoinResponse (participant.go).
    ping_interval_us: int = 5 * SECOND
    ping_timeout_us: int = 15 * SECOND
    # Limit from opening a WebSocket to the server's first message.
    first_response_us: int = 5 * SECOND
    # Time in which the SDK waits for the peer connection after a join or a resume
    # (`peerConnectionTimeout`).
    media_connect_us: int = 15 * SECOND
    # Number of joins before connect() fails (seen with livekit 1.2.1: at 0, 15, 30, 45 s).
    join_attempts: int = 4
    # A peer connection that gets no packets is `failed` after this (seen: the client's own resume
    # comes at 15.5 s).
    media_failed_us: int = 15_500 * MILLISECOND
    # Minimum duration of a reconnect (RTCEngine.ts, minReconnectWait).
    reconnect_wait_us: int = 2 * SECOND
    # Delays before the tries after a loss; after the last try the SDK gives up
    # (DefaultReconnectPolicy.ts).
    retry_delays_us: tuple[int, ...] = (
        0,
        300 * MILLISECOND,
        1_200 * MILLISECOND,
        2_700 * MILLISECOND,
        4_800 * MILLISECOND,
        7 * SECOND,
        7 * SECOND,
        7 * SECOND,
        7 * SECOND,
        7 * SECOND,
    )
    # Random part, up to this, of the third and every later delay.
    retry_jitter_us: int = 1 * SECOND
    # Whether it unpublishes and stops a track that the server has unpublished (LocalParticipant.ts
    # handleLocalTrackUnpublished).
    obeys_unpublish: bool = True
    # Longest wait of `disconnect()` for its WebSocket to close (SignalClient.ts,
    # MAX_WS_CLOSE_TIME).
    close_us: int = 250 * MILLISECOND
    # Interval at which the server sends a new token while signalling is up; the token is valid for
    # at least `refreshed_ttl_us` (roommanager.go).
    token_refresh_us: int = 300 * SECOND
    refreshed_ttl_us: int = 600 * SECOND


JS = Sdk()
PYTHON = Sdk(
    hears_online=False,
    obeys_unpublish=False,  # seen: the publication stays, without an event
)

# By the names that scenario files use.
SDKS = {"js": JS, "python": PYTHON}
