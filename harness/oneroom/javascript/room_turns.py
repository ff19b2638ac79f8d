"""Reports of a Room as turns of the kind `room`: what has happened, and its detail in JSON."""

from __future__ import annotations

from oneroom.core.events import (
    CaptureEnded,
    CaptureFailed,
    CaptureStarted,
    PermissionChanged,
    RoomConnected,
    RoomEnded,
    RoomEvent,
    RoomHealed,
    RoomLost,
    RosterChanged,
    TrackMuted,
)
from oneroom.core.state import Participant
from oneroom.javascript.window_ports import Claims


def room_turn(event: RoomEvent, claims: Claims, restarts: bool) -> tuple[str, object]:
    """The word for an event of a Room, and its detail. A loss may be one that `restarts`."""
    match event:
        case RoomConnected(sid=sid):
            return "connected", {"identity": claims.identity, "sid": sid, "room": claims.room}
        case RoomLost():
            return "lost", {"restarts": restarts}
        case RoomHealed(sid=sid):
            return "healed", {"sid": sid}
        case RoomEnded(reason=reason):
            return "ended", int(reason)
        case RosterChanged(participants=participants):
            return "roster", [_participant(one) for one in participants]
        case CaptureStarted(source=source):
            return "captured", {"source": int(source)}
        case CaptureFailed(source=source, error=error):
            return "captured", {"source": int(source), "error": error}
        case CaptureEnded(source=source):
            return "captureEnded", int(source)
        case TrackMuted(source=source, muted=muted):
            return "trackMuted", {"source": int(source), "muted": muted}
        case PermissionChanged(sources=sources):
            return "permissions", [int(source) for source in sources]
    raise NotImplementedError(type(event).__name__)


def _participant(one: Participant) -> dict[str, object]:
    return {
        "identity": one.identity,
        "speaking": one.speaking,
        "muted": one.muted,
        "camera": one.camera_track,
        "screen": one.screen_share_track,
    }
