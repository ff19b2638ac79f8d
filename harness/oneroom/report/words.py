"""Words for the numbered values of records, one table an enum.

Rules: words of the field and of the design, without a full stop; what a window does is a verb.
"""

from __future__ import annotations

from oneroom.trace import chat_records as c
from oneroom.trace import people_records as p
from oneroom.trace import records as r

LIFE = {
    r.Life.OPENED: "opens",
    r.Life.FOCUSED: "gets the focus",
    r.Life.HIDDEN: "is hidden",
    r.Life.SHOWN: "is shown",
    r.Life.FROZEN: "freezes",
    r.Life.RESUMED: "resumes",
    r.Life.STALLED: "stalls",
    r.Life.UNSTALLED: "runs again",
    r.Life.STOPPED: "is stopped",
    r.Life.CONTINUED: "continues",
    r.Life.SLEPT: "sleeps",
    r.Life.WOKE: "wakes",
    r.Life.CLOSED: "closes",
    r.Life.CRASHED: "crashes",
    r.Life.NAVIGATED: "changes its route",
    r.Life.CACHED: "goes into the back/forward cache",
    r.Life.RESTORED: "comes back out of the cache",
    r.Life.EVICTED: "is thrown out of the cache",
    r.Life.REPLACED: "makes room for another document",
    r.Life.DISCARDED: "is discarded",
}
ROOM = {
    r.RoomState.OPENING: "opens its Room",
    r.RoomState.CONNECTED: "is connected",
    r.RoomState.RECONNECTING: "is reconnecting",
    r.RoomState.HEALED: "is reconnected",
    r.RoomState.CLOSING: "closes its Room",
    r.RoomState.ENDED: "is out of its Room",
}
ROLE = {
    r.Role.FOLLOWER: "follows",
    r.Role.CANDIDATE: "stands for owner",
    r.Role.OWNER: "becomes owner",
    r.Role.HANDING_OVER: "hands over",
    r.Role.RETIRED: "retires",
}
LOCK = {
    r.LockChange.REQUESTED: "asks for the lock",
    r.LockChange.GRANTED: "is granted the lock",
    r.LockChange.RELEASED: "releases the lock",
    r.LockChange.STOLEN: "has the lock stolen",
}
LOSS = {
    r.Loss.LOST: "lost",
    r.Loss.PARTITIONED: "partitioned",
    r.Loss.DEAF: "deaf",
    r.Loss.GONE: "gone",
    r.Loss.UNHEARD: "not listening yet",
}
VERB = {
    r.CommandVerb.CONNECT: "connect",
    r.CommandVerb.DISCONNECT: "disconnect",
    r.CommandVerb.TOGGLE_MUTE: "toggleMute",
    r.CommandVerb.TOGGLE_CAMERA: "toggleCamera",
    r.CommandVerb.TOGGLE_SCREEN_SHARE: "toggleScreenShare",
}
SOCKET = {
    c.ChatSocketState.OPENING: "opens a chat socket",
    c.ChatSocketState.OPEN: "has its chat socket",
    c.ChatSocketState.CLOSING: "closes its chat socket",
    c.ChatSocketState.CLOSED: "is told that its chat socket is closed",
}
OUTCOME = {
    r.CommandOutcome.APPLIED: "applied",
    r.CommandOutcome.EXPIRED: "expired",
    r.CommandOutcome.REFUSED: "refused",
}
SOURCE = {
    r.Source.CAMERA: "camera",
    r.Source.MICROPHONE: "microphone",
    r.Source.SCREEN_SHARE: "screen",
}
TRACK = {
    r.TrackState.PUBLISHED: "published",
    r.TrackState.PUBLISHED_MUTED: "published muted",
    r.TrackState.MUTED: "muted",
    r.TrackState.UNMUTED: "unmuted",
    r.TrackState.UNPUBLISHED: "unpublished",
}
LOOKS = {
    p.Looks.SPEAKING: "speaking",
    p.Looks.MUTED: "muted",
    p.Looks.CAMERA: "with a camera",
    p.Looks.SCREEN_SHARE: "sharing the screen",
}
CONNECTION = {
    r.ConnectionState.IDLE: "not in a call",
    r.ConnectionState.CONNECTING: "connecting",
    r.ConnectionState.CONNECTED: "connected",
    r.ConnectionState.RECONNECTING: "reconnecting",
}
