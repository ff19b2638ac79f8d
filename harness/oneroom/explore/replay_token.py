"""Replay tokens: a stored failure as one word of text, for a log or a chat.

    or1-AAABhQ…

Rules: `or`, the version, `-`, and base64url (RFC 4648, without padding) of: the length of what
follows (4 bytes), its checksum (4 bytes of BLAKE2b), the failure as zlib-compressed MessagePack.
A token holds all that `oneroom replay` needs, the scenario's text and every draw included; only the
user's own classes are found by their name. The version grows with every change of `StoredFailure`
that an older oneroom could not read.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from hashlib import blake2b

import msgspec

from oneroom.explore.stored_failure import FORMAT, StoredFailure

VERSION = 1
LONGEST = 4_000
"""Characters of a token that is still printed. A command line of 4,096 bytes is the most that a
terminal in its line mode takes, and GitHub cuts no line of a log that short.
"""
_TOKEN = re.compile(r"or(\d+)-([\w-]*)", re.ASCII)
# No path of a file that oneroom writes, which has a dot.
_LIKE_A_TOKEN = re.compile(r"\s*or\d+-[^./]*")
_LENGTH = 4
_CHECKSUM = 4
# Far more than any failure has; a token comes from anywhere, and zlib inflates a thousandfold.
_MOST_BYTES = 64 << 20


class BadToken(Exception):
    """A token that cannot be read; `args` are one sentence without a full stop."""


def is_token(word: str) -> bool:
    """True for what is meant as a token, also for one that was cut or spoiled."""
    return _LIKE_A_TOKEN.fullmatch(word) is not None


def encode(stored: StoredFailure) -> str:
    """The token of `stored`."""
    body = zlib.compress(msgspec.msgpack.encode(stored), 9)
    head = len(body).to_bytes(_LENGTH) + _checksum(body)
    return f"or{VERSION}-{base64.urlsafe_b64encode(head + body).decode().rstrip('=')}"


def decode(word: str) -> StoredFailure:
    """The failure in a token; white space, which a terminal's copy may bring in, is left out.

    Raises BadToken.
    """
    match = _TOKEN.fullmatch("".join(word.split()))
    if match is None:
        raise BadToken("the token has characters that no token has; copy it again")
    if int(match[1]) != VERSION:
        raise BadToken(
            f"the token is of version {int(match[1])}, this oneroom reads version {VERSION}; "
            "take the version of oneroom that printed it"
        )
    body = _body(match[2])
    inflate = zlib.decompressobj()
    try:
        packed = inflate.decompress(body, _MOST_BYTES)
        if not inflate.eof:
            raise BadToken("the token is larger than any failure; it was not made by oneroom")
        stored = msgspec.msgpack.decode(packed, type=StoredFailure)
    except (zlib.error, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadToken(f"the token holds no stored failure ({error})") from error
    if stored.format != FORMAT:
        raise BadToken(f"the token holds format {stored.format}, this version reads {FORMAT}")
    return stored


def _body(text: str) -> bytes:
    """The compressed failure. Raises BadToken for a token that was cut or changed."""
    # Of a token that was cut anywhere, what decodes without padding is what is left of it.
    whole = len(text) - (len(text) % 4 == 1)
    try:
        data = base64.urlsafe_b64decode(text[:whole] + "=" * (-whole % 4))
    except (binascii.Error, ValueError) as error:
        raise BadToken("the token was changed on its way; copy it again") from error
    body = data[_LENGTH + _CHECKSUM :]
    wanted = int.from_bytes(data[:_LENGTH])
    if len(data) < _LENGTH + _CHECKSUM or len(body) < wanted:
        raise BadToken("the token was cut: its end is missing; copy all of it")
    if len(body) > wanted or _checksum(body) != data[_LENGTH : _LENGTH + _CHECKSUM]:
        raise BadToken("the token was changed on its way (its checksum differs); copy it again")
    return body


def _checksum(body: bytes) -> bytes:
    return blake2b(body, digest_size=_CHECKSUM).digest()


def replay_command(stored: StoredFailure) -> str:
    """The command that repeats a failure anywhere, if its token is short enough to be printed; else
    the one that repeats it where it was found. No token starts a program.
    """
    if stored.bundle is not None and stored.bundle.command:
        return f"oneroom replay {stored.id}"
    token = encode(stored)
    return f"oneroom replay {token if len(token) <= LONGEST else stored.id}"
