"""The protections of the lock policies that still have a switch."""

from __future__ import annotations

import msgspec


class Safeguards(msgspec.Struct, frozen=True, gc=False):
    """One flag a protection."""

    probe_before_steal: bool = True
    request_on_time: bool = True
    claim_after_steal: bool = True
    ignore_stale_replies: bool = True
    yield_lock: bool = True
