"""Moderation: what others may do to the user's tracks, and what becomes of the user's wishes.

A moderator who mutes the user, or withdraws the permission to publish, decides for the present
session alone: the next Room, in this window or another, knows nothing of it. So the decision
becomes the user's own state (muted, camera off, no share), which snapshots and storage carry on,
and from which the user's next click leads back. Nobody but the user unmutes (LiveKit refuses it
too, unless the server has `enable_remote_unmute`).
"""

from __future__ import annotations

from oneroom.core.commands import intend
from oneroom.core.messages import CommandVerb
from oneroom.core.state import Intent, Source

ALL_SOURCES = tuple(Source)

_NAMES = {
    Source.MICROPHONE: "microphone",
    Source.CAMERA: "camera",
    Source.SCREEN_SHARE: "screen share",
}


def silenced(intent: Intent, source: Source) -> Intent:
    """The intent after somebody else has silenced `source`: muted, or switched off."""
    if source is Source.MICROPHONE:
        return intend(intent, CommandVerb.TOGGLE_MUTE, True, "")
    if source is Source.CAMERA:
        return intend(intent, CommandVerb.TOGGLE_CAMERA, False, "")
    return intend(intent, CommandVerb.TOGGLE_SCREEN_SHARE, False, "")


def notice(source: Source) -> str:
    """The text that the user of the owner window reads of it."""
    return f"a moderator has switched your {_NAMES[source]} off"
