"""Every time-out and interval of the SFU, with its source: how long a ghost lives, how long a join
may take. Those of its clients are in `sdk`.

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
