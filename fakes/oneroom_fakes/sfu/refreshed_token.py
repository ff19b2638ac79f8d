"""The token of an SDK client after the server's refreshes (LiveKit v1.13.5 roommanager.go,
livekit#4580).

Rules: the server refreshes the token of a client while signalling is up. No refresh is scheduled:
the last one is computed when a reconnect needs it.
"""

from __future__ import annotations

import msgspec

from oneroom_fakes.sfu.sdk import Sdk
from oneroom_fakes.tokens import mint, parse


def refreshed_token(token: str, joined_at_us: int, heard_until_us: int, sdk: Sdk) -> str:
    """`token` with the expiry of the last refresh that the server sent before `heard_until_us`,
    never an earlier expiry than its own.
    """
    claims = parse(token)
    refreshes = max(heard_until_us - joined_at_us, 0) // sdk.token_refresh_us
    last_us = joined_at_us + refreshes * sdk.token_refresh_us
    expires_us = max(claims.expires_us, last_us + sdk.refreshed_ttl_us)
    return mint(msgspec.structs.replace(claims, expires_us=expires_us))
