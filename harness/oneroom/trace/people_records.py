"""The records of the other people in a call: how the SFU has them, and how windows draw them.

Rules: those of `records`; their tags are in docs/trace.md.
"""

from __future__ import annotations

import enum

from oneroom.trace.records import Name, Record


class Looks(enum.IntFlag):
    """`ParticipantDrawn.looks`, `RemoteChanged.looks`: what is to be seen of a participant."""

    SPEAKING = 1
    MUTED = 2
    CAMERA = 4
    SCREEN_SHARE = 8


class ParticipantDrawn(Record, frozen=True, gc=False, array_like=True, tag=71):
    """`where` draws a participant otherwise than before, or (`there` false) no more. `looks` is a
    sum of `Looks`.
    """

    identity: Name
    there: bool
    looks: int


class RemoteChanged(Record, frozen=True, gc=False, array_like=True, tag=87):
    """Another participant in `channel`: how the SFU has it, or that it is gone. `looks` is a sum of
    `Looks`.
    """

    channel: Name
    identity: Name
    there: bool
    looks: int
