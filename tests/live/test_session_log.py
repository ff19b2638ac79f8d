"""Sessions in the server's log, told apart by window, with kills that it cannot log, and ghosts."""

from __future__ import annotations

import json

from oneroom.core.reasons import Reason
from oneroom.live.evidence.session_log import (
    ClientEnd,
    PathSession,
    PresenceEvent,
    SessionLine,
    SessionLog,
    session_lines,
)
from oneroom.ports.observer import Presence
from tests.units import SECOND

ZERO_S = 1_000.0


def _line(
    at_s: float, message: str, sid: str, identity: str = "ada", room: str = "r", **more: str
) -> str:
    told = {
        "ts": ZERO_S + at_s,
        "msg": message,
        "room": room,
        "participant": identity,
        "participantID": sid,
        **more,
    }
    return json.dumps(told)


def _seen(
    log: list[str],
    attached: list[PathSession],
    kills: tuple[int, ...] = (),
    gone: tuple[tuple[int, str], ...] = (),
) -> list[PresenceEvent]:
    sessions = SessionLog(attached, ZERO_S)
    ends = [ClientEnd(at_us, window) for at_us, window in gone]
    return sessions.seen(
        session_lines("\n".join(log), ["r"], "witness"), list(kills), ends, 60 * SECOND
    )


def _told(seen: list[PresenceEvent]) -> list[tuple[float, str, str, Presence, Reason]]:
    return [(one.at_us / SECOND, one.window, one.sid, one.presence, one.reason) for one in seen]


JOINED, ACTIVE, RESUMED = "starting RTC session", "participant active", "resuming RTC session"
CLOSING = "participant closing"
MAIN = PathSession(1 * SECOND, "main", "PA_1", 41)


def test_a_session_from_its_beginning_to_its_end() -> None:
    log = [
        _line(1, JOINED, "PA_1"),
        _line(1.2, ACTIVE, "PA_1"),
        _line(2, CLOSING, "PA_1", reason="CLIENT_REQUEST_LEAVE"),
    ]
    seen = _seen(log, [MAIN])
    assert _told(seen) == [
        (1, "main", "PA_1", Presence.JOINED, Reason.UNKNOWN),
        (1.2, "main", "PA_1", Presence.ACTIVE, Reason.UNKNOWN),
        (2, "main", "PA_1", Presence.LEFT, Reason.CLIENT_INITIATED),
    ]
    assert {one.cause for one in seen} == {41}


def test_the_witness_other_rooms_and_other_lines_are_not_told() -> None:
    log = [
        _line(1, JOINED, "PA_9", identity="witness"),
        _line(1, JOINED, "PA_8", room="another"),
        _line(1, "high cpu load", "PA_1"),
        "no json",
    ]
    assert _seen(log, [MAIN]) == []


def test_a_resume_belongs_to_the_window_that_was_let_resume_then() -> None:
    log = [_line(1, JOINED, "PA_1"), _line(5, RESUMED, "PA_1")]
    seen = _seen(log, [MAIN, PathSession(round(5.1 * SECOND), "overlay", "", 50)])
    assert [one.window for one in seen] == ["main", "overlay"]


def test_a_server_that_is_killed_lists_nobody_any_more() -> None:
    log = [_line(1, JOINED, "PA_1"), _line(7, JOINED, "PA_2")]
    seen = _seen(log, [MAIN, PathSession(7 * SECOND, "main", "PA_2", 60)], kills=(4 * SECOND,))
    assert (4, "main", "PA_1", Presence.LEFT, Reason.SERVER_SHUTDOWN) in _told(seen)
    assert [one.presence for one in seen if one.sid == "PA_2"] == [Presence.JOINED]


def test_a_crashed_client_leaves_a_ghost_until_it_is_evicted() -> None:
    log = [_line(1, JOINED, "PA_1"), _line(5.4, CLOSING, "PA_1", reason="DUPLICATE_IDENTITY")]
    seen = _seen(log, [MAIN], gone=((5 * SECOND, "main"),))
    assert [(one.at_us, one.presence) for one in seen[1:]] == [
        (5 * SECOND, Presence.GHOST),
        (round(5.4 * SECOND), Presence.LEFT),
    ]


def test_a_goodbye_on_its_way_leaves_no_ghost() -> None:
    log = [_line(1, JOINED, "PA_1"), _line(5.1, CLOSING, "PA_1", reason="CLIENT_REQUEST_LEAVE")]
    assert Presence.GHOST not in [
        one.presence for one in _seen(log, [MAIN], gone=((5 * SECOND, "main"),))
    ]


def test_a_goodbye_that_is_lost_leaves_one() -> None:
    log = [_line(1, JOINED, "PA_1"), _line(26, CLOSING, "PA_1", reason="STALE")]
    assert Presence.GHOST in [
        one.presence for one in _seen(log, [MAIN], gone=((5 * SECOND, "main"),))
    ]


def test_who_goes_after_its_session_has_ended_leaves_none() -> None:
    log = [_line(1, JOINED, "PA_1"), _line(5, CLOSING, "PA_1", reason="DUPLICATE_IDENTITY")]
    assert Presence.GHOST not in [
        one.presence for one in _seen(log, [MAIN], gone=((round(5.1 * SECOND), "main"),))
    ]


def test_a_join_that_another_one_has_overtaken_was_never_there() -> None:
    log = [
        _line(1, JOINED, "PA_1"),
        _line(1.001, JOINED, "PA_2"),
        _line(1.002, CLOSING, "PA_2", reason="JOIN_FAILED"),
        _line(1.003, CLOSING, "PA_1", reason="DUPLICATE_IDENTITY"),
        _line(1.004, JOINED, "PA_3"),
    ]
    assert [(one.sid, one.presence) for one in _seen(log, [MAIN])] == [
        ("PA_1", Presence.JOINED),
        ("PA_1", Presence.LEFT),
        ("PA_3", Presence.JOINED),
    ]


# Of a server that is not ours: what RoomService was seen to list, a look after it has happened.


def _polled(
    presence: Presence, at_s: float, sid: str, reason: Reason = Reason.UNKNOWN
) -> SessionLine:
    return SessionLine(ZERO_S + at_s, "r", "ada", sid, presence, reason)


def _seen_polled(lines: list[SessionLine], *gone: ClientEnd) -> list[PresenceEvent]:
    attached = [MAIN, PathSession(4 * SECOND, "overlay", "PA_2", 50)]
    return SessionLog(attached, ZERO_S).seen(lines, [], list(gone), 60 * SECOND, polled=True)


def test_an_eviction_that_is_seen_late_is_no_ghost() -> None:
    joined, other = _polled(Presence.JOINED, 1.1, "PA_1"), _polled(Presence.JOINED, 4.1, "PA_2")
    left = _polled(Presence.LEFT, 4.1, "PA_1", Reason.DUPLICATE_IDENTITY)
    told = ClientEnd(round(4.02 * SECOND), "main", Reason.DUPLICATE_IDENTITY)
    assert _told(_seen_polled([joined, left, other], told)) == [
        (1.1, "main", "PA_1", Presence.JOINED, Reason.UNKNOWN),
        (4.02, "main", "PA_1", Presence.LEFT, Reason.DUPLICATE_IDENTITY),
        (4.1, "overlay", "PA_2", Presence.JOINED, Reason.UNKNOWN),
    ]


def test_why_somebody_was_removed_is_what_its_own_sdk_was_told() -> None:
    lines = [_polled(Presence.JOINED, 1, "PA_1"), _polled(Presence.LEFT, 6.1, "PA_1")]
    *_, left = _seen_polled(
        lines, ClientEnd(round(6.15 * SECOND), "main", Reason.PARTICIPANT_REMOVED)
    )
    assert (left.at_us, left.presence, left.reason) == (
        round(6.1 * SECOND),
        Presence.LEFT,
        Reason.PARTICIPANT_REMOVED,
    )


def test_a_crash_that_is_polled_leaves_a_ghost_all_the_same() -> None:
    lines = [_polled(Presence.JOINED, 1, "PA_1"), _polled(Presence.LEFT, 26.1, "PA_1")]
    seen = _seen_polled(lines, ClientEnd(5 * SECOND, "main"))
    assert [(one.at_us, one.presence) for one in seen][1:] == [
        (5 * SECOND, Presence.GHOST),
        (round(26.1 * SECOND), Presence.LEFT),
    ]


def test_who_is_told_at_last_that_it_was_taken_over_long_ago_is_left_as_it_was_seen() -> None:
    lines = [
        _polled(Presence.JOINED, 1, "PA_1"),
        _polled(Presence.LEFT, 5, "PA_1", Reason.DUPLICATE_IDENTITY),
    ]
    *_, left = _seen_polled(lines, ClientEnd(20 * SECOND, "main", Reason.DUPLICATE_IDENTITY))
    assert (left.at_us, left.reason) == (5 * SECOND, Reason.DUPLICATE_IDENTITY)
