"""localStorage: the owner's row, and the items of elections that live there."""

from __future__ import annotations

from typing import Protocol

from oneroom.core.state import Lease


class Storage(Protocol):
    """Reads are local and synchronous and may be behind; there is no lock (HTML standard,
    whatwg/html#335).

    `row` is the row as this window's replica has it now.
    """

    lease: Lease

    def write(self, lease: Lease) -> None:
        """Visible here at once. An own write on its way masks what others write until it is
        acknowledged (Chromium).
        """

    def get_item(self, key: str) -> str:
        """An election's item as this window has it now, "" for none."""

    def set_item(self, key: str, value: str) -> None:
        """As `write`, for an election's item; "" removes it. The others hear of it by
        `ItemChanged`.
        """
