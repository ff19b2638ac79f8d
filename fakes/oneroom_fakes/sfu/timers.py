"""Every number of the SFU and its SDK: how long a ghost lives, how long a client retries, and where
that was learnt.

Rules: integer microseconds. Sources are files of LiveKit v1.13.5 and of client-sdk-js 2.x; "seen"
is a measurement against a real server of that version.
"""

from __future__ import annotations

import msgspec

SECOND = 1_000_000
MILLISECOND = 1_000


class SfuTimers(msgspec.Struct, frozen=True):
    """What the server waits for."""

    # Silence until the transport counts as failed and the client is told to resume: ICE
    # disconnected 10 s + failed 5 s (rtc/transport.go); seen 16.0 s after the last packet.
    media_failed_us: int = 16 * SECOND
    # How long a ghost lives: this after the failed transport it is removed, so 21.0 s after the
    # last packet (participant.go; seen).
    ghost_us: int = 5 * SECOND
    # A join whose ICE never succeeds ends after this (seen, SIGNAL_CLOSE) ...
    never_connected_us: int = 15_100 * MILLISECOND
    # ... and one whose client never even answers the offer after this (room.go, JOIN_FAILURE).
    never_answered_us: int = 60 * SECOND
    # Updates about participants who publish nothing are batched (room.go,
    # subscriberUpdateInterval).
    update_batch_us: int = 3 * SECOND
    # From the answer to a connected transport, on a healthy path: connect() takes 60-130 ms on
    # loopback (seen).
    media_connect_low_us: int = 50 * MILLISECOND
    media_connect_high_us: int = 150 * MILLISECOND
    # Joins of one identity within this time may get in each other's way, and how long one of them
    # then takes to begin again (signal relay; seen: 0 to 7 ms apart, again 2 to 30 ms later).
    join_race_us: int = 7 * MILLISECOND
    join_again_low_us: int = 2 * MILLISECOND
    join_again_high_us: int = 30 * MILLISECOND
    # How long a simulated fault waits for its resume (room.go, simulateDisconnectSignalTimeout).
    simulated_us: int = 5 * SECOND
    # How often the server looks who speaks (config.go, audio.update_interval).
    speakers_us: int = 400 * MILLISECOND
    # How long a simulated speaker is told to speak (client-sdk-js, Room.ts simulateScenario: 3).
    simulated_speech_us: int = 3 * SECOND
    # A token is accepted this long after its expiry (protocol/auth/verifier.go).
    token_leeway_us: int = 60 * SECOND


class ClientTimers(msgspec.Struct, frozen=True):
    """What the SDK in the page waits for (client-sdk-js, except where another source is named)."""

    # Ping interval and time-out, sent by the server in the JoinResponse (participant.go).
    ping_interval_us: int = 5 * SECOND
    ping_timeout_us: int = 15 * SECOND
    # From opening a WebSocket to the server's first message.
    first_response_us: int = 5 * SECOND
    # How long the SDK waits for the peer connection after a join or a resume
    # (`peerConnectionTimeout`).
    media_connect_us: int = 15 * SECOND
    # connect() joins this often before it fails (seen with livekit 1.2.1: 0, 15, 30, 45 s).
    join_attempts: int = 4
    # A peer connection that hears nothing is `failed` after this (seen: the client's own resume
    # comes at 15.5 s).
    media_failed_us: int = 15_500 * MILLISECOND
    # A reconnect is not called done before this (RTCEngine.ts, minReconnectWait).
    reconnect_wait_us: int = 2 * SECOND
    # Delays of the tries after the loss; after the last one the SDK gives up
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
    # The third and later delays get up to this on top, at random.
    retry_jitter_us: int = 1 * SECOND
    # How long `disconnect()` waits at most until its WebSocket is closed (SignalClient.ts,
    # MAX_WS_CLOSE_TIME).
    close_us: int = 250 * MILLISECOND
    # The server sends a fresh token this often while signalling is up, good for at least
    # `refreshed_ttl_us` (roommanager.go).
    token_refresh_us: int = 300 * SECOND
    refreshed_ttl_us: int = 600 * SECOND
