"""Every time-out and interval of the SFU and its SDK, with its source: how long a ghost lives, how
long a client retries.

Rules: integer microseconds. Sources are files of LiveKit v1.13.5 and of client-sdk-js 2.x; "seen"
is a measurement against a real server of that version.
"""

from __future__ import annotations

import msgspec

SECOND = 1_000_000
MILLISECOND = 1_000


class SfuTimers(msgspec.Struct, frozen=True):
    """Time-outs and intervals of the server."""

    # Silence until the transport counts as failed and the client is told to resume: ICE
    # disconnected 10 s + failed 5 s (rtc/transport.go); seen 16.0 s after the last packet.
    media_failed_us: int = 16 * SECOND
    # Life of a ghost after its transport has failed: it is removed 21.0 s after its last packet
    # (participant.go; seen).
    ghost_after_failure_us: int = 5 * SECOND
    # A join whose ICE never succeeds ends after this (seen, SIGNAL_CLOSE).
    never_connected_us: int = 15_100 * MILLISECOND
    # A join whose client never sends an SDP answer ends after this (room.go, JOIN_FAILURE).
    never_answered_us: int = 60 * SECOND
    # Interval of the batched updates about participants who publish nothing (room.go,
    # subscriberUpdateInterval).
    update_batch_us: int = 3 * SECOND
    # From the SDP answer to a connected transport, on a healthy path: connect() takes 60-130 ms on
    # loopback (seen).
    media_connect_low_us: int = 50 * MILLISECOND
    media_connect_high_us: int = 150 * MILLISECOND
    # Joins of one identity within `join_race_us` may race; the loser starts over within the other
    # two (signal relay; seen: joins 0 to 7 ms apart, started over 2 to 30 ms later).
    join_race_us: int = 7 * MILLISECOND
    join_again_low_us: int = 2 * MILLISECOND
    join_again_high_us: int = 30 * MILLISECOND
    # Time in which a simulated fault waits for its resume (room.go,
    # simulateDisconnectSignalTimeout).
    simulated_us: int = 5 * SECOND
    # Interval at which the server looks for active speakers (config.go, audio.update_interval).
    speakers_us: int = 400 * MILLISECOND
    # Duration of a simulated speaker's speech (client-sdk-js, Room.ts simulateScenario: 3).
    simulated_speech_us: int = 3 * SECOND
    # A token is accepted this long after its expiry (protocol/auth/verifier.go).
    token_leeway_us: int = 60 * SECOND


class ClientTimers(msgspec.Struct, frozen=True):
    """Time-outs and intervals of the SDK (client-sdk-js, except where another source is named)."""

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
    # Longest wait of `disconnect()` for its WebSocket to close (SignalClient.ts,
    # MAX_WS_CLOSE_TIME).
    close_us: int = 250 * MILLISECOND
    # Interval at which the server sends a new token while signalling is up; the token is valid for
    # at least `refreshed_ttl_us` (roommanager.go).
    token_refresh_us: int = 300 * SECOND
    refreshed_ttl_us: int = 600 * SECOND
