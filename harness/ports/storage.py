"""The owner's row in storage that all windows share (localStorage)."""

from __future__ import annotations

from typing import Protocol

from harness.core.state import Lease


class Storage(Protocol):
    """Reads are local and synchronous and may be behind; there is no lock (HTML standard, whatwg/html#335).

    `row` is the row as this window's replica has it now.
    """

    row: Lease

    def write(self, lease: Lease) -> None:
        """Visible here at once. An own write on its way masks what others write until it is acknowledged (Chromium)."""
