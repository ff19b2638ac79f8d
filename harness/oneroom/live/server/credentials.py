"""Key and secret of one LiveKit server.

Rules: made afresh for every server, so that a leaked secret is useless later; the secret is in no
`repr`, on no command line and in no log. It is the one value of the project that must NOT come from
a seed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Credentials:
    """An API key and its secret.

    `key` names the secret in a token's `iss`. LiveKit requires at least 32 characters of secret.
    """

    key: str
    secret: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Credentials:
        return cls(f"oneroom-{secrets.token_hex(4)}", secrets.token_urlsafe(36))
