"""The token that the server keeps fresh for a client while signalling is up (LiveKit v1.13.5
roommanager.go, issue livekit#4580).

Rules: nothing is scheduled. Which refresh was the last one is computed when a reconnect needs the
token.
"""

from __future__ import annotations

import msgspec

from oneroom_fakes.sfu.timers import ClientTimers
from oneroom_fakes.tokens import mint, parse


def refreshed(token: str, joined_at_us: int, heard_until_us: int, timers: ClientTimers) -> str:
    """`token`, with the expiry of the last refresh before `heard_until_us`; never an earlier one
    than its own.
    """
    claims = parse(token)
    refreshes = max(heard_until_us - joined_at_us, 0) // timers.token_refresh_us
    last_us = joined_at_us + refreshes * timers.token_refresh_us
    expires_us = max(claims.expires_us, last_us + timers.refreshed_ttl_us)
    return mint(msgspec.structs.replace(claims, expires_us=expires_us))
