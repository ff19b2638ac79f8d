"""Access tokens for a server whose secret we know.

Rules: a token is a secret while it is valid; it is in no log, trace or report, and reaches a
process through its pipe.
"""

from __future__ import annotations

from datetime import timedelta

from livekit import api

from oneroom.live.server.credentials import Credentials
from oneroom.live.server.log_redaction import keep_tokens_out_of_logs


def mint(
    credentials: Credentials, identity: str, room: str, ttl_us: int, publish: bool = True
) -> str:
    """A token for `identity` to join `room` for `ttl_us` from now; if negative, it has expired."""
    keep_tokens_out_of_logs()
    grants = api.VideoGrants(room_join=True, room=room, can_publish=publish)
    token: str = (
        api.AccessToken(credentials.key, credentials.secret)
        .with_identity(identity)
        .with_grants(grants)
        .with_ttl(timedelta(microseconds=ttl_us))
        .to_jwt()
    )
    return token
