"""The SDK of a window's client: what it waits for, how often it tries, what it makes of an answer.

Rules: integer microseconds. `JS` is livekit-client 2.23.0 in Chromium 156, `PYTHON` is livekit
1.2.1 (Rust core); the client asks its `Sdk` and knows neither by name. "Seen" is a run against
LiveKit v1.13.5; a file is one of client-sdk-js, or of rust-sdks if it ends in `.rs`.
"""

from __future__ import annotations

import msgspec

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.reasons import Reason

SECOND = 1_000_000
MILLISECOND = 1_000


class Sdk(msgspec.Struct, frozen=True, kw_only=True):
    """The behaviour of one SDK. A field with a default is the same in both."""

    # Number of joins before connect() fails (maxRetries of defaults.ts; join_retries; both seen).
    join_attempts: int
    # Whether a Leave ends a connect() that waits for media; otherwise it is ignored, and another
    # join follows when the wait is over (both seen).
    obeys_leave_while_connecting: bool
    # Reasons that are reported: of a refused token in connect() and in a reconnect, and of a
    # connect() to which nobody answered or whose media did not connect (utils.ts
    # getDisconnectReasonFromConnectionError; seen).
    join_refused: Reason
    reconnect_refused: Reason
    join_timed_out: Reason
    # Limit from opening a WebSocket to the server's first message (websocketTimeout of defaults.ts;
    # SIGNAL_CONNECT_TIMEOUT; both seen).
    answer_us: int
    # Time that a join without an answer then spends on asking for the reason (`/rtc/validate`) of a
    # server that does not answer either (seen).
    validate_us: int

    # Limit from the answer to a join to connected media (peerConnectionTimeout;
    # ICE_CONNECT_TIMEOUT).
    join_media_us: int = 15 * SECOND
    # The same for a resume, from its answer, and the least that a resume takes (minReconnectWait;
    # seen).
    resume_media_us: int
    resume_settle_us: int
    # The least that a full reconnect takes. With `republishes_first` one whose tracks have been
    # published again is over before (Room.ts handleSignalRestarted; seen).
    restart_settle_us: int
    republishes_first: bool
    # Whether a resume may be over while no packets arrive, the first time and before the peer
    # connection has failed (PCTransportManager.ts updateState ignores `disconnected`; seen).
    ignores_silence: bool
    # A peer connection that gets no packets is `disconnected` after this: not connected to an SDK
    # that heeds silence (libwebrtc, unreliable after 5 s; seen: a zombie of a short cut restarts
    # after 3.2 s).
    disconnected_us: int = 5 * SECOND
    # A peer connection that gets no packets is `failed` after this, and one that waits for the end
    # of an ICE restart after that (seen).
    media_failed_us: int
    ice_restart_failed_us: int = 15_200 * MILLISECOND

    # Delays before the tries after a loss, each from the least to the most; after the last try the
    # SDK gives up (DefaultReconnectPolicy.ts; reconnect_strategy.rs; seen).
    retry_delays_us: tuple[tuple[int, int], ...]
    # Whether a resume that failed for its signalling is followed by another one; otherwise a full
    # reconnect follows (SignalReconnectError; both seen).
    resumes_again: bool
    # Whether the simulated full reconnect closes its signalling first; otherwise it sends a Leave
    # (Room.ts simulateScenario; seen).
    restarts_without_leave: bool
    # Whether resume and full reconnect are reported apart, as `SignalReconnecting` and
    # `Reconnecting`; otherwise one `reconnecting` stands for a whole loss (both seen).
    reports_each_mode: bool

    # Whether a resume sends an offer of all its tracks (triggerIceRestart), which unpublishes those
    # of another client in whose session it finds itself (seen); otherwise one without those that it
    # has unpublished itself.
    offers_all_tracks: bool
    # Whether a resume ends in a full reconnect if a track was unpublished without signalling: the
    # offer without it fails (seen). Otherwise the offer follows the resume.
    restarts_after_unpublish: bool
    # Whether a track that the server unpublishes is unpublished and its capture stopped; otherwise
    # it is published again with the next full reconnect (LocalParticipant.ts
    # handleLocalTrackUnpublished; seen).
    obeys_unpublish: bool

    # Whether it listens for `online` and `offline` (RTCEngine.ts, registerOnLineListener).
    hears_online: bool
    # Whether its WebSockets are the browser's: Chromium closes them at the end of a freeze, and the
    # session is resumed (seen).
    has_browser_sockets: bool

    # Ping interval and time-out, sent by the server in the JoinResponse (participant.go).
    ping_interval_us: int = 5 * SECOND
    ping_timeout_us: int = 15 * SECOND
    # Longest wait of `disconnect()` for its WebSocket to close (SignalClient.ts,
    # MAX_WS_CLOSE_TIME).
    close_us: int = 250 * MILLISECOND
    # Interval at which the server sends a new token while signalling is up; the token is valid for
    # at least `refreshed_ttl_us` (roommanager.go).
    token_refresh_us: int = 300 * SECOND
    refreshed_ttl_us: int = 600 * SECOND

    def retry_delay_us(self, failures: int, choices: Choices) -> int | None:
        """The pause before the next try after `failures` failed ones; None when it gives up."""
        if failures >= len(self.retry_delays_us):
            return None
        return choices.between(Label.RETRY_JITTER, *self.retry_delays_us[failures])


def _spread(delay_us: int) -> tuple[int, int]:
    """livekit-client spreads a delay by half of it."""
    return (delay_us // 2, delay_us + delay_us // 2)


JS = Sdk(
    join_attempts=1,
    obeys_leave_while_connecting=True,
    join_refused=Reason.USER_REJECTED,
    reconnect_refused=Reason.UNKNOWN,
    join_timed_out=Reason.UNKNOWN,
    answer_us=15 * SECOND,
    validate_us=0,
    resume_media_us=17 * SECOND,
    resume_settle_us=2 * SECOND,
    restart_settle_us=2 * SECOND,
    republishes_first=True,
    ignores_silence=True,
    media_failed_us=17_500 * MILLISECOND,
    retry_delays_us=(
        (0, 500 * MILLISECOND),
        _spread(300 * MILLISECOND),
        _spread(1_200 * MILLISECOND),
        _spread(2_700 * MILLISECOND),
        _spread(4_800 * MILLISECOND),
        *(_spread(7 * SECOND) for _ in range(5)),
    ),
    resumes_again=True,
    restarts_without_leave=True,
    reports_each_mode=True,
    offers_all_tracks=True,
    restarts_after_unpublish=True,
    obeys_unpublish=True,
    hears_online=True,
    has_browser_sockets=True,
)

PYTHON = Sdk(
    join_attempts=4,
    obeys_leave_while_connecting=False,
    join_refused=Reason.JOIN_FAILURE,
    reconnect_refused=Reason.JOIN_FAILURE,
    join_timed_out=Reason.JOIN_FAILURE,
    answer_us=5 * SECOND,
    validate_us=3 * SECOND,
    resume_media_us=15 * SECOND,
    resume_settle_us=3_100 * MILLISECOND,
    restart_settle_us=0,
    republishes_first=False,
    ignores_silence=False,
    media_failed_us=15_500 * MILLISECOND,
    retry_delays_us=(
        (0, 0),
        (0, 300 * MILLISECOND),
        (0, 600 * MILLISECOND),
        (0, 1_200 * MILLISECOND),
        (0, 2_400 * MILLISECOND),
        (0, 4_800 * MILLISECOND),
        *((0, 7 * SECOND) for _ in range(4)),
    ),
    resumes_again=False,
    restarts_without_leave=False,
    reports_each_mode=False,
    offers_all_tracks=False,
    restarts_after_unpublish=False,
    obeys_unpublish=False,
    hears_online=False,
    has_browser_sockets=False,
)

# By the names that scenario files use.
SDKS = {"js": JS, "python": PYTHON}
