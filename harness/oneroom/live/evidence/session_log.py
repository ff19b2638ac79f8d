"""Sessions at the SFU as records: read off the server's own log, and told apart by window.

The log names the beginning and the end of every session with its reason; LiveKit's names of reasons
are translated as `ToDisconnectReason` does (v1.13.5, rtc/types/interfaces.go). The window of a
session is known by the network path through which the session was begun.

Rules: the time of a record is the server's. A session whose client has gone, and which the server
still lists a moment later, is a ghost from the moment in which its client went.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence

# End reasons that may trail the client's own leave, or come without media or a known cause; and how
# long they may be on their way.
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


class Said(msgspec.Struct, frozen=True):
    """One line of the server's log that is about a session. `at_s` is wall time."""

    at_s: float
    room: str
    identity: str
    sid: str
    presence: Presence
    reason: Reason


class Attached(msgspec.Struct, frozen=True):
    """A path of `window` saw a session begin, or go on (`sid` is "" then), for the Room of
    `cause`.
    """

    at_us: int
    window: str
    sid: str
    cause: int


class Gone(msgspec.Struct, frozen=True):
    """A client of `window` came to its end: with its process, or with its Room. `reason` is the
    server's, if that has told the window's own SDK why.
    """

    at_us: int
    window: str
    reason: Reason = Reason.UNKNOWN


class Seen(msgspec.Struct, frozen=True):
    """An observation that becomes a `PresenceChanged`."""

    at_us: int
    window: str
    identity: str
    sid: str
    presence: Presence
    reason: Reason
    cause: int


def said(log: str, rooms: Iterable[str], nobody: str) -> Iterator[Said]:
    """Entries of `log` about sessions in `rooms`, those of `nobody` (the witness) left out."""
    wanted = set(rooms)
    lines = [
        json.loads(line)
        for line in log.splitlines()
        if '"participantID"' in line and line.startswith("{")
    ]
    failed = never_there(lines)
    for told in lines:
        if (
            told.get("room") not in wanted
            or told.get("participant") == nobody
            or told["participantID"] in failed
        ):
            continue
        closing = told["msg"] == "participant closing"
        presence = Presence.LEFT if closing else BEGINNINGS.get(told["msg"])
        if presence is not None:
            reason = REASONS.get(told["reason"], Reason.UNKNOWN) if closing else Reason.UNKNOWN
            yield Said(
                told["ts"],
                told["room"],
                told["participant"],
                told["participantID"],
                presence,
                reason,
            )


def never_there(lines: Iterable[Mapping[str, Any]]) -> set[str]:
    """The sids of attempts that another one of the same identity and instant has overtaken: the
    server says that they begin, lists them never, and begins them again under another sid (LiveKit
    v1.13.5, seen).
    """
    return {
        line["participantID"]
        for line in lines
        if line.get("reason") == "JOIN_FAILED" and "participantID" in line
    }


class Sessions:
    """All sessions of one run. `attached` is what the paths saw, `zero_s` the wall time of the
    run's time 0.
    """

    def __init__(self, attached: list[Attached], zero_s: float) -> None:
        self._attached = attached
        self._zero_s = zero_s
        self._cause = {one.sid: one.cause for one in attached if one.sid}
        self.window = {one.sid: one.window for one in attached if one.sid}

    def seen(
        self,
        lines: Iterable[Said],
        kills: list[int],
        gone: list[Gone],
        until_us: int,
        polled: bool = False,
    ) -> list[Seen]:
        """In the order of time. `kills` are when the server was killed, which it cannot log; `gone`
        is every end of a client. Of lines that were `polled` an end is known too late and mostly
        without its reason: what the window's own SDK was told about it was there first.
        """
        found: list[Seen] = []
        listed: dict[str, Seen] = {}
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
            found = [_as_told(one, found, gone) for one in found]
        found.extend(self._ghosts(found, gone, until_us))
        return sorted(found, key=lambda one: one.at_us)

    def _one(self, line: Said, at_us: int) -> Seen:
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
        return Seen(
            at_us, window or "?", line.identity, line.sid, line.presence, line.reason, cause
        )

    def _killed(self, listed: dict[str, Seen], at_us: int) -> list[Seen]:
        dead = [
            msgspec.structs.replace(
                one, at_us=at_us, presence=Presence.LEFT, reason=Reason.SERVER_SHUTDOWN
            )
            for one in listed.values()
        ]
        listed.clear()
        return dead

    def _ghosts(self, seen: list[Seen], gone: list[Gone], until_us: int) -> Iterator[Seen]:
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


def _as_told(end: Seen, seen: list[Seen], gone: list[Gone]) -> Seen:
    """`end` as the SDK of its window was told of it, if it was."""
    if end.presence is not Presence.LEFT:
        return end
    [joined, *_] = [one for one in seen if one.sid == end.sid]
    for one in gone:
        told = one.window == end.window and one.reason is not Reason.UNKNOWN
        if told and joined.at_us <= one.at_us <= end.at_us + _GOODBYE_US:
            return msgspec.structs.replace(end, at_us=min(one.at_us, end.at_us), reason=one.reason)
    return end
