"""Access tokens as an app's page sees them: JWTs with the claims of LiveKit's.

Rules: `nbf` and `exp` are whole seconds of the server's own clock, which no step sets, and lie the
lifetime apart (livekit-server-sdk, `AccessToken.ts`). It is not signed: no token is forged here.
"""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

import msgspec

from oneroom.sim.machine import BEGINS_US
from oneroom_fakes.tokens import Claims

_SECOND_US = 1_000_000
_HEADER = {"alg": "HS256", "typ": "JWT"}
_SIGNATURE = b"not signed"


class _Video(msgspec.Struct, frozen=True, rename="camel"):
    room: str
    room_join: bool = True


class _Payload(msgspec.Struct, frozen=True):
    sub: str
    nbf: int
    exp: int
    video: _Video
    iss: str = "oneroom"


def signed(identity: str, room: str, now_us: int, ttl_us: int) -> str:
    """The token of `identity` for `room`, minted at `now_us` for `ttl_us`."""
    minted_s = (BEGINS_US + now_us) // _SECOND_US
    payload = _Payload(identity, minted_s, minted_s + ttl_us // _SECOND_US, _Video(room))
    encoded = (msgspec.json.encode(_HEADER), msgspec.json.encode(payload), _SIGNATURE)
    return ".".join(urlsafe_b64encode(part).rstrip(b"=").decode() for part in encoded)


def claims_of(token: str) -> Claims:
    """The claims of a token. Raises ValueError for text that `signed` did not make."""
    parts = token.split(".")
    if len(parts) != 3:
        raise ValueError("not a JWT")
    try:
        decoded = urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4))
        payload = msgspec.json.decode(decoded, type=_Payload)
    except (binascii.Error, msgspec.DecodeError) as error:
        raise ValueError("not a JWT of the app's server") from error
    return Claims(payload.sub, payload.video.room, payload.exp * _SECOND_US - BEGINS_US)
