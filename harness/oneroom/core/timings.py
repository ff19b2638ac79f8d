"""The time-outs of the owner machine, all in one place.

Rules: integer microseconds, each described with the reason for its default, and bounded: longer
than 0, but for those whose 0 leaves a wait out. The `published` timings of a policy, where it has
them, replace these. A fake's delays are not here but beside the fake.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta


class Timings(msgspec.Struct, frozen=True, gc=False):
    """Time-outs of one window. All windows of one user must run with the same values."""

    heartbeat_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "How often an owner says that it is there. Hidden pages wake once a second "
                "(Chrome timer alignment), so a faster heartbeat would only look faster."
            ),
        ),
    ] = 1_000_000
    lease_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "How long a silent owner is believed in: one heartbeat may be lost and one be "
                "late by the 1 s alignment without anybody being suspected."
            ),
        ),
    ] = 3_000_000
    probe_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "How long a suspected owner has to answer. A living page, frozen or not, "
                "answers in 3-5 ms (Chromium 156); the rest is for a busy main thread."
            ),
        ),
    ] = 500_000
    claim_us: Annotated[
        int,
        Meta(
            ge=0,
            description=(
                "How long a claim waits for a contradiction: a claim without a lock, or one "
                "with a lock that was stolen."
            ),
        ),
    ] = 300_000
    resend_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "How often a sender repeats a command that no snapshot has confirmed, or a "
                "request to hand over."
            ),
        ),
    ] = 500_000
    command_ttl_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "After this the user is told that a command did not get through. A disconnect "
                "is never given up."
            ),
        ),
    ] = 10_000_000
    handoff_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "A hand-over that is not finished by then is abandoned by the side that waits."
            ),
        ),
    ] = 2_000_000
    retry_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "First pause before a Room that ended by itself is opened again; doubles up to "
                "`retry_max_us`."
            ),
        ),
    ] = 1_000_000
    retry_max_us: Annotated[
        int,
        Meta(gt=0, description="The longest such pause."),
    ] = 10_000_000
    token_ahead_us: Annotated[
        int,
        Meta(
            ge=0,
            description=(
                "How long before its expiry a token is renewed: a slow server has time, and a "
                "failing one is asked again. Tokens that live shorter than four times this are "
                "renewed in the last quarter of their life."
            ),
        ),
    ] = 300_000_000
    reclaim_us: Annotated[
        int,
        Meta(
            ge=0,
            description=(
                "An owner that was evicted lets the zombie hear its heartbeat before it takes "
                "the Room back, once."
            ),
        ),
    ] = 1_000_000
    chat_retry_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "First pause before the chat socket is opened again; doubles up to "
                "`chat_retry_max_us` (Socket.IO's defaults)."
            ),
        ),
    ] = 1_000_000
    chat_retry_max_us: Annotated[
        int,
        Meta(gt=0, description="The longest such pause."),
    ] = 5_000_000
    chat_connect_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "A chat socket that does not open is given up after this (Socket.IO's default)."
            ),
        ),
    ] = 20_000_000
    chat_silence_us: Annotated[
        int,
        Meta(
            gt=0,
            description=(
                "A chat socket that says nothing is dead: the server beats every 25 s and "
                "grants 20 s for the answer."
            ),
        ),
    ] = 45_000_000
