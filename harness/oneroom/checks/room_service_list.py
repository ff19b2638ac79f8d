"""Sessions of the user that RoomService lists, where a real server was asked.

Rules: bookkeeping for checks, no judgement. The list is the server's store, which lags behind the
room by a moment (LiveKit v1.13.5 roomservice.go), so checks give it `LAG_US`.
"""

from __future__ import annotations

from typing import Final

from oneroom.trace.records import ServiceListed

LAG_US: Final = 500_000


class RoomServiceList:
    """`sids` are the interned sids that are listed now."""

    def __init__(self) -> None:
        self.sids: dict[int, bool] = {}

    def on(self, record: ServiceListed) -> None:
        """Follow the list."""
        if record.listed:
            self.sids[record.sid] = True
        else:
            self.sids.pop(record.sid, None)
