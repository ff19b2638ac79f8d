"""The one way in which the world around a live run fails.

Rules: one clear line, for a person who has to do something about it; never a traceback, never a
secret.
"""

from __future__ import annotations


class Unavailable(Exception):
    """The real thing cannot be had, or went away: no engine, no image, no port, a server that does
    not start.

    The command line turns it into exit code 6 (infrastructure).
    """
