"""The end of a run that would not end by itself."""

from __future__ import annotations


class Endless(Exception):
    """The run is given up; the text says why, as one clause."""
