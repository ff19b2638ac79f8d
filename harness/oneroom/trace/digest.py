"""The digest of a trace: equal for equal runs, whatever the process, platform or Python.

Layout (changing it, or what any run draws, changes stored digests and needs another VERSION):
BLAKE2b-128, personalised with the version, over the MessagePack encoding of the list of names,
followed by the MessagePack encoding of the records in blocks of 4,096, each record an array [tag,
n, at_us, where, cause, fields...] as declared in `records`. Integers and booleans only, so no text
formatting and no hash order can reach it.
"""

from __future__ import annotations

from hashlib import blake2b

import msgspec

from oneroom.trace.trace import Trace

VERSION = 4


def digest(trace: Trace) -> str:
    """The digest of `trace`, 32 hexadecimal digits."""
    encode = msgspec.msgpack.Encoder().encode
    whole = blake2b(encode(trace.names), digest_size=16, person=f"oneroom {VERSION}".encode())
    for block in trace.blocks():
        whole.update(block)
    return whole.hexdigest()
