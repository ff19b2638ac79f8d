"""localStorage: the owner's lease record, and the items of elections that live there."""

from __future__ import annotations

from typing import Protocol

from oneroom.core.state import Lease


class Storage(Protocol):
    """localStorage of one window.

    Reads are local and synchronous and may be behind; there is no lock (HTML standard,
    whatwg/html#335). `lease` is the lease record as this window's replica has it now.
    """

    lease: Lease

    def write(self, lease: Lease) -> None:
        """Write the lease record; visible here at once.

        An own write on its way masks what others write until it is acknowledged (Chromium).
        """

    def get_item(self, key: str) -> str:
        """An election's item as this window has it now, "" for none."""

    def set_item(self, key: str, value: str) -> None:
        """Write an election's item as `write` does; "" removes it.

        Other windows are notified by `ItemChanged`.
        """
