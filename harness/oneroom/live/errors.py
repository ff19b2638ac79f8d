"""The one exception for failures of the environment of a live run.

Rules: one clear line, for a person who has to do something about it; never a traceback, never a
secret.
"""

from __future__ import annotations


class Unavailable(Exception):
    """Something a live run needs is missing or failed: engine, image, port, server.

    The command line turns it into exit code 6 (infrastructure).
    """
