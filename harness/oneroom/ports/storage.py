"""localStorage: the owner's lease record."""

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
