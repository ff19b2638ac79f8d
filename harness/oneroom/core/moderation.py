"""Moderation: what others may do to the user's tracks, and what becomes of the user's wishes.

A moderator who mutes the user, or withdraws the permission to publish, decides for the present
session alone: the next Room, in this window or another, knows nothing of it. So the decision
becomes the user's own state (muted, camera off, no share), which snapshots and storage carry on,
and from which the user's next click leads back. Nobody but the user unmutes (LiveKit refuses it
too, unless the server has `enable_remote_unmute`).
"""

from __future__ import annotations

from oneroom.core.commands import intend
from oneroom.core.events import PermissionChanged, TrackMuted
from oneroom.core.messages import CommandVerb
from oneroom.core.state import Intent, Source

ALL_SOURCES = tuple(Source)

# The click that switches a source.
CLICKS = {
    Source.MICROPHONE: CommandVerb.TOGGLE_MUTE,
    Source.CAMERA: CommandVerb.TOGGLE_CAMERA,
    Source.SCREEN_SHARE: CommandVerb.TOGGLE_SCREEN_SHARE,
}

_NAMES = {
    Source.MICROPHONE: "microphone",
    Source.CAMERA: "camera",
    Source.SCREEN_SHARE: "screen share",
}


def silenced(intent: Intent, source: Source) -> Intent:
    """The intent after somebody else has silenced `source`: muted, or switched off."""
    return intend(intent, CLICKS[source], source is Source.MICROPHONE, "")


def switched_off(event: TrackMuted | PermissionChanged) -> tuple[Source, ...]:
    """The sources that others have switched off."""
    if isinstance(event, PermissionChanged):
        return tuple(one for one in Source if one not in event.sources)
    return (event.source,) if event.muted else ()


def notice(source: Source) -> str:
    """The text that the user of the owner window reads of it."""
    return f"a moderator has switched your {_NAMES[source]} off"
