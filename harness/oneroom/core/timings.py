"""The time-outs of the owner machine, all in one place.

Rules: integer microseconds, each with the reason for its default. The `published` timings of a
policy, where it has them, replace these. A fake's delays are not here but beside the fake.
"""

from __future__ import annotations

import msgspec


class Timings(msgspec.Struct, frozen=True, gc=False):
    """Time-outs of one window. All windows of one user must run with the same values."""

    # Hidden pages wake once a second (Chrome timer alignment), so a faster heartbeat would only
    # look faster.
    heartbeat_us: int = 1_000_000
    # The heartbeat's time-out: one may be lost and one be late by the 1 s alignment without anybody
    # being suspected.
    lease_us: int = 3_000_000
    # A living page, frozen or not, answers in 3-5 ms (Chromium 156); the rest is for a busy main
    # thread.
    probe_us: int = 500_000
    # How long a claim waits for a contradiction: a claim without a lock, or one with a lock that
    # was stolen.
    claim_us: int = 300_000
    # How often a sender repeats a command that no snapshot has confirmed, or a request to hand
    # over.
    resend_us: int = 500_000
    # After this the user is told that a command did not get through. A disconnect is never given
    # up.
    command_ttl_us: int = 10_000_000
    # A hand-over that is not finished by then is abandoned by the side that waits.
    handoff_us: int = 2_000_000
    # First pause before a Room that ended by itself is opened again; doubles up to `retry_max_us`.
    retry_us: int = 1_000_000
    retry_max_us: int = 10_000_000
    # How long before its expiry a token is renewed: a slow server has time, and a failing one is
    # asked again. Tokens that live shorter than four times this are renewed in the last quarter of
    # their life.
    token_ahead_us: int = 300_000_000
    # An owner that was evicted lets the zombie hear its heartbeat before it takes the Room back,
    # once.
    reclaim_us: int = 1_000_000
    # First pause before the chat socket is opened again; doubles up to `chat_retry_max_us`
    # (Socket.IO's defaults).
    chat_retry_us: int = 1_000_000
    chat_retry_max_us: int = 5_000_000
    # A chat socket that does not open is given up after this (Socket.IO's default).
    chat_connect_us: int = 20_000_000
    # A chat socket that says nothing is dead: the server beats every 25 s and grants 20 s for the
    # answer.
    chat_silence_us: int = 45_000_000
