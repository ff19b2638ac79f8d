"""Participant sessions at the SFU, reconstructed from the server's log and assigned to windows.

The log has the beginning and the end of every session with its reason; LiveKit's reason names are
translated as `ToDisconnectReason` does (v1.13.5, rtc/types/interfaces.go). The window of a session
is the one whose network path the session began on.

Rules: the time of a record is the server's. A session that the server still lists a moment after
its client has gone is a ghost from the moment in which the client went.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence

# End reasons that may trail the client's own end (it has sent a Leave, its media never connected,
# or the reason is unknown), and how long the server may take to log them.
_GOODBYES = (Reason.CLIENT_INITIATED, Reason.SIGNAL_CLOSE, Reason.UNKNOWN)
_GOODBYE_US = 1_000_000

BEGINNINGS = {
    "starting RTC session": Presence.JOINED,
    "participant active": Presence.ACTIVE,
    "resuming RTC session": Presence.RESUMED,
}
REASONS = {
    "CLIENT_REQUEST_LEAVE": Reason.CLIENT_INITIATED,
    "DUPLICATE_IDENTITY": Reason.DUPLICATE_IDENTITY,
    "SERVICE_REQUEST_REMOVE_PARTICIPANT": Reason.PARTICIPANT_REMOVED,
    "SERVICE_REQUEST_DELETE_ROOM": Reason.ROOM_DELETED,
    "PEER_CONNECTION_DISCONNECTED": Reason.CONNECTION_TIMEOUT,
    "PUBLICATION_ERROR": Reason.STATE_MISMATCH,
    "STALE": Reason.DUPLICATE_IDENTITY,
    "JOIN_TIMEOUT": Reason.JOIN_FAILURE,
    "SIGNAL_SOURCE_CLOSE": Reason.SIGNAL_CLOSE,
    "ROOM_CLOSED": Reason.ROOM_CLOSED,
    "ROOM_MANAGER_STOP": Reason.SERVER_SHUTDOWN,
    "SIMULATE_MIGRATION": Reason.MIGRATION,
    "SIMULATE_NODE_FAILURE": Reason.SERVER_SHUTDOWN,
    "SIMULATE_SERVER_LEAVE": Reason.SERVER_SHUTDOWN,
}


class SessionLine(msgspec.Struct, frozen=True):
    """One session line of the server's log. `at_s` is wall time."""

    at_s: float
    room: str
    identity: str
    sid: str
    presence: Presence
    reason: Reason


class PathSession(msgspec.Struct, frozen=True):
    """A session that began or resumed on a path of `window`, for the Room of `cause`.

    `sid` is "" for a resumed session.
    """

    at_us: int
    window: str
    sid: str
    cause: int


class ClientEnd(msgspec.Struct, frozen=True):
    """The end of a client of `window`: of its process, or of its Room.

    `reason` is the server's, if the server told the window's own SDK.
    """

    at_us: int
    window: str
    reason: Reason = Reason.UNKNOWN


class PresenceEvent(msgspec.Struct, frozen=True):
    """The data of a `PresenceChanged` record."""

    at_us: int
    window: str
    identity: str
    sid: str
    presence: Presence
    reason: Reason
    cause: int


def session_lines(log: str, rooms: Iterable[str], excluded: str) -> Iterator[SessionLine]:
    """The session lines of `log` for `rooms`, without those of `excluded` (the witness)."""
    wanted = set(rooms)
    lines = [
        json.loads(line)
        for line in log.splitlines()
        if '"participantID"' in line and line.startswith("{")
    ]
    failed = failed_attempts(lines)
    for entry in lines:
        if (
            entry.get("room") not in wanted
            or entry.get("participant") == excluded
            or entry["participantID"] in failed
        ):
            continue
        closing = entry["msg"] == "participant closing"
        presence = Presence.LEFT if closing else BEGINNINGS.get(entry["msg"])
        if presence is not None:
            reason = REASONS.get(entry["reason"], Reason.UNKNOWN) if closing else Reason.UNKNOWN
            yield SessionLine(
                entry["ts"],
                entry["room"],
                entry["participant"],
                entry["participantID"],
                presence,
                reason,
            )


def failed_attempts(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    """The sids of failed attempts, superseded by another one of the same identity and instant.

    The server logs their beginning, never lists them, and begins them again under another sid
    (LiveKit v1.13.5, observed).
    """
    return {
        line["participantID"]
        for line in lines
        if line.get("reason") == "JOIN_FAILED" and "participantID" in line
    }


class SessionLog:
    """All sessions of one run.

    `attached` is what the network paths saw; `zero_s` is the wall time of the run's time 0.
    """

    def __init__(self, attached: list[PathSession], zero_s: float) -> None:
        self._attached = attached
        self._zero_s = zero_s
        self._cause = {one.sid: one.cause for one in attached if one.sid}
        self.window = {one.sid: one.window for one in attached if one.sid}

    def seen(
        self,
        lines: Iterable[SessionLine],
        kills: list[int],
        gone: list[ClientEnd],
        until_us: int,
        polled: bool = False,
    ) -> list[PresenceEvent]:
        """The presence changes in the order of time, ghosts included.

        `kills` are the times at which the server was killed, which it cannot log; `gone` are all
        ends of clients. If the lines were `polled`, ends are late and mostly without a reason: then
        what the window's own SDK was told takes precedence.
        """
        found: list[PresenceEvent] = []
        listed: dict[str, PresenceEvent] = {}
        pending = list(kills)
        for line in lines:
            at_us = max(0, round((line.at_s - self._zero_s) * 1_000_000))
            while pending and pending[0] <= at_us:
                found.extend(self._killed(listed, pending.pop(0)))
            one = self._one(line, at_us)
            if line.presence is Presence.JOINED:
                listed[line.sid] = one
            elif line.presence is Presence.LEFT:
                listed.pop(line.sid, None)
            found.append(one)
        for at_us in pending:
            found.extend(self._killed(listed, at_us))
        if polled:
            found = [_as_reported(one, found, gone) for one in found]
        found.extend(self._ghosts(found, gone, until_us))
        return sorted(found, key=lambda one: one.at_us)

    def _one(self, line: SessionLine, at_us: int) -> PresenceEvent:
        window = self.window.get(line.sid, "")
        if line.presence is Presence.RESUMED:
            resumes = [
                one
                for one in self._attached
                if not one.sid and abs(one.at_us - at_us) < _GOODBYE_US
            ]
            if resumes:
                window = min(resumes, key=lambda one: abs(one.at_us - at_us)).window
                self.window[line.sid] = window
        cause = self._cause.get(line.sid, -1)
        return PresenceEvent(
            at_us, window or "?", line.identity, line.sid, line.presence, line.reason, cause
        )

    def _killed(self, listed: dict[str, PresenceEvent], at_us: int) -> list[PresenceEvent]:
        dead = [
            msgspec.structs.replace(
                one, at_us=at_us, presence=Presence.LEFT, reason=Reason.SERVER_SHUTDOWN
            )
            for one in listed.values()
        ]
        listed.clear()
        return dead

    def _ghosts(
        self, seen: list[PresenceEvent], gone: list[ClientEnd], until_us: int
    ) -> Iterator[PresenceEvent]:
        ends = {one.sid: one for one in seen if one.presence is Presence.LEFT}
        for joined in [one for one in seen if one.presence is Presence.JOINED]:
            end = ends.get(joined.sid)
            end_us = until_us if end is None else end.at_us
            goodbye = end is not None and end.reason in _GOODBYES
            for one in gone:
                listed = joined.at_us <= one.at_us < end_us
                if (
                    one.window == joined.window
                    and listed
                    and not (goodbye and end_us <= one.at_us + _GOODBYE_US)
                ):
                    yield msgspec.structs.replace(joined, at_us=one.at_us, presence=Presence.GHOST)
                    break


def _as_reported(
    end: PresenceEvent, seen: list[PresenceEvent], gone: list[ClientEnd]
) -> PresenceEvent:
    """`end` with the time and reason that the SDK of its window was told, if it was told any."""
    if end.presence is not Presence.LEFT:
        return end
    [joined, *_] = [one for one in seen if one.sid == end.sid]
    for one in gone:
        reported = one.window == end.window and one.reason is not Reason.UNKNOWN
        if reported and joined.at_us <= one.at_us <= end.at_us + _GOODBYE_US:
            return msgspec.structs.replace(end, at_us=min(one.at_us, end.at_us), reason=one.reason)
    return end
