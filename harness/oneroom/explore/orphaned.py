"""The end of a worker process that has lost its parent, by SIGKILL too.

A worker that goes on would hold the pipe open that the parent printed to, and a processor. The sign
is the end of a pipe whose other end only the parent holds: Python opens pipes that programs started
later do not inherit.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

_EXIT_CODE = 1  # nobody is there to read it


def end_after(parent_has_gone: Callable[[], object]) -> None:
    """End this process, whatever it does, once `parent_has_gone` returns.

    It is called in a thread of its own and must hold no lock that an ordinary end would wait for.
    """

    def wait() -> None:
        parent_has_gone()
        os._exit(_EXIT_CODE)

    threading.Thread(target=wait, name="orphaned", daemon=True).start()
