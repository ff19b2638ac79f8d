"""The log of a LiveKit server, as JSON lines (`logging: {json: true}`) or on a console.

The messages and reasons are those of LiveKit 1.13.5 (rtcservice.go, participant.go, and
rtc/types/interfaces.go). A user has one session at a time, so a session that begins while another
one of the same identity stands, or has just been evicted by it, is another window.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from typing import Any

from oneroom.imports.observation import BadLine, NotImported, Observation, wall_us, word

SOURCE = "a LiveKit server log"
_BEGINS, _RESUMES, _ENDS = (
    "starting RTC session",
    "resuming RTC session",
    "participant closing",
)
_EVICTED = ("DUPLICATE_IDENTITY", "STALE")
# An evicted session may be logged as closed before its successor as begun.
_JUST_US = 1_000_000
# As long as the server may take to notice that a client is gone (fakes/README.md).
_UNNOTICED_US = 20_000_000
_WITHOUT_WINDOW: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "SERVICE_REQUEST_DELETE_ROOM": ("delete_room", ()),
    "ROOM_MANAGER_STOP": ("restart_server", (("down", "5s"),)),
}
_OF_WINDOW = {
    "CLIENT_REQUEST_LEAVE": "disconnect",
    "SERVICE_REQUEST_REMOVE_PARTICIPANT": "kick",
    "SIGNAL_SOURCE_CLOSE": "break_signal",
}


def read(text: str, identity: str = "") -> tuple[list[Observation], list[BadLine]]:
    """The observations about the user called `identity`, and the lines that could not be read.

    Without a name it is the one who was evicted most often, or had most sessions; everybody else is
    a guest. Raises NotImported.
    """
    entries, bad = _entries(text)
    sessions = [one for one in entries if one.get("msg") in (_BEGINS, _RESUMES, _ENDS)]
    if not sessions:
        raise NotImported([*bad, BadLine(0, "no line tells of a session")])
    user = identity or _user(sessions)
    if all(one.get("participant") != user for one in sessions):
        raise NotImported([BadLine(0, "there is no session of that identity")])
    return _Sessions(user).read(sessions), bad


def _entries(text: str) -> tuple[list[dict[str, Any]], list[BadLine]]:
    """The lines that tell of a participant, each with `at_us`."""
    found, bad = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        start = line.find("{")
        if not any(message in line for message in (_BEGINS, _RESUMES, _ENDS)):
            continue
        try:
            entry = json.loads(line[max(0, start) :])
        except (ValueError, RecursionError):
            bad.append(BadLine(number, "neither JSON nor a console line that ends in JSON"))
            continue
        if not isinstance(entry, dict):
            bad.append(BadLine(number, "no object"))
            continue
        fields = line[: max(0, start)].split("\t")
        if len(fields) > 2 and "msg" not in entry:
            entry = {**entry, "ts": fields[0].strip(), "msg": fields[-2].strip()}
        at_us = wall_us(entry.get("ts"))
        if at_us is None or not isinstance(entry.get("participant"), str):
            bad.append(BadLine(number, "without a time (`ts`) or a `participant`"))
            continue
        found.append({**entry, "at_us": at_us})
    return found, bad


def _user(sessions: list[dict[str, Any]]) -> str:
    evicted = Counter(one["participant"] for one in sessions if str(one.get("reason")) in _EVICTED)
    begun = Counter(one["participant"] for one in sessions if one["msg"] == _BEGINS)
    counted = evicted or begun or Counter(one["participant"] for one in sessions)
    return str(counted.most_common(1)[0][0])


class _Sessions:
    """The sessions of one log, each in its window."""

    def __init__(self, user: str) -> None:
        self._user = user
        self._found: list[Observation] = []
        # of each session: its window, and when it began; of each window: until when it is taken
        self._window: dict[str, tuple[str, int]] = {}
        self._until_us: dict[str, float] = {}
        self._guests: dict[str, str] = {}
        self._channels: dict[str, str] = {}

    def read(self, sessions: list[dict[str, Any]]) -> list[Observation]:
        """The observations of all of them."""
        for one in sorted(sessions, key=lambda each: int(each["at_us"])):
            if one["participant"] == self._user:
                self._own(one)
            else:
                self._other(one)
        return self._found

    def _add(self, at_us: int, window: str, verb: str, note: str = "", **arguments: str) -> None:
        found = Observation(at_us, window, verb, tuple(arguments.items()), note)
        self._found.append(found)

    def _own(self, one: Mapping[str, Any]) -> None:
        at_us, sid = one["at_us"], str(one.get("participantID") or one.get("pID") or "")
        if one["msg"] == _BEGINS:
            window = self._free(at_us)
            self._window[sid], self._until_us[window] = (window, at_us), float("inf")
            self._add(at_us, window, "connect", channel=self._channel(one))
        elif sid not in self._window:
            self._add(at_us, "", "", f"a session from before this log: {word(one['msg'])}")
        elif one["msg"] == _RESUMES:
            self._add(at_us, self._window[sid][0], "break_signal", "its session was resumed")
        else:
            self._ended(at_us, sid, word(one.get("reason", "")))

    def _ended(self, at_us: int, sid: str, reason: str) -> None:
        window, began_us = self._window.pop(sid)
        self._until_us[window] = at_us + _JUST_US if reason in _EVICTED else at_us
        if reason in _WITHOUT_WINDOW:
            verb, arguments = _WITHOUT_WINDOW[reason]
            self._add(at_us, "", verb, reason, **dict(arguments))
        elif reason in _OF_WINDOW:
            self._add(at_us, window, _OF_WINDOW[reason], reason)
        elif reason == "PEER_CONNECTION_DISCONNECTED":
            lost_us = max(began_us + 1_000, at_us - _UNNOTICED_US)
            note = "at the latest at the time of its end, or it crashed"
            self._add(lost_us, window, "drop_network", note)
            self._add(at_us, window, "", f"the server ended its session: {reason}")
        else:
            self._add(at_us, window, "", f"its session ended: {reason or 'no reason'}")

    def _other(self, one: Mapping[str, Any]) -> None:
        guest = self._guests.setdefault(one["participant"], f"guest-{len(self._guests) + 1}")
        if one["msg"] == _BEGINS:
            channel = self._channel(one)
            self._add(one["at_us"], "", "remote_joins", identity=guest, channel=channel)
        elif one["msg"] == _ENDS:
            self._add(one["at_us"], "", "remote_leaves", identity=guest)

    def _free(self, at_us: int) -> str:
        """A window that has no session, nor has just lost it to this one."""
        for window, until_us in self._until_us.items():
            if until_us <= at_us:
                return window
        return f"window {len(self._until_us) + 1}"

    def _channel(self, one: Mapping[str, Any]) -> str:
        room = str(one.get("room", ""))
        number = len(self._channels) + 1
        return self._channels.setdefault(room, "lobby" if number == 1 else f"room-{number}")
