"""Logs from the field as scenario skeletons: what is read, in whose window, and what is not
copied.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

import oneroom
from oneroom.explore.vocabulary import vocabulary
from oneroom.imports import app_log, har, server_log, webrtc_internals
from oneroom.imports.observation import NotImported, Observation, wall_us
from oneroom.imports.skeleton import skeleton

ZERO_S = 1_764_500_000
SECRET = "eyJhbGciOiJIUzI1NiJ9.secret"


def steps(found: Sequence[Observation], source: str = "a test") -> list[str]:
    """The steps of the skeleton as they are written, without the times' common beginning; the
    scenario is run as well.
    """
    text = skeleton(found, source, vocabulary())
    assert SECRET not in text
    oneroom.run(oneroom.load_text(text), "web-lock-lease", seeds=1)
    return [line.strip() for line in text.partition("steps:\n")[2].splitlines()]


# A server's log


def line(at_s: float, message: str, sid: str, participant: str = "ada", **more: Any) -> str:
    return json.dumps(
        {
            "level": "info",
            "ts": ZERO_S + at_s,
            "msg": message,
            "room": f"room {SECRET}",
            "participant": participant,
            "participantID": sid,
            **more,
        }
    )


BEGINS, ENDS, RESUMES = "starting RTC session", "participant closing", "resuming RTC session"
EVICTION = [
    line(0, BEGINS, "PA_1", token=SECRET),
    line(3, BEGINS, "PA_9", f"bob {SECRET}"),
    line(5, RESUMES, "PA_1"),
    line(8, BEGINS, "PA_2"),
    line(8.01, ENDS, "PA_1", reason="DUPLICATE_IDENTITY"),
    line(12, ENDS, "PA_9", f"bob {SECRET}", reason="CLIENT_REQUEST_LEAVE"),
    line(40, ENDS, "PA_2", reason="PEER_CONNECTION_DISCONNECTED"),
    line(50, BEGINS, "PA_3"),
    line(60, ENDS, "PA_3", reason="CLIENT_REQUEST_LEAVE"),
]
STEPS = [
    "- {at: 2000ms, connect: {window: main, channel: lobby}}",
    "- {at: 5000ms, remote_joins: {identity: guest-1, channel: lobby}}",
    "- {at: 7000ms, break_signal: {window: main}}  # its session was resumed",
    "- {at: 10000ms, connect: {window: overlay, channel: lobby}}",
    "# 10010ms  main: its session ended: DUPLICATE_IDENTITY",
    "- {at: 14000ms, remote_leaves: {identity: guest-1}}",
    "- {at: 22000ms, drop_network: {window: overlay}}  # at the latest at the time of its end, or "
    "it crashed",
    "# 42000ms  overlay: the server ended its session: PEER_CONNECTION_DISCONNECTED",
    "- {at: 52000ms, connect: {window: main, channel: lobby}}",
    "- {at: 62000ms, disconnect: {window: main}}  # CLIENT_REQUEST_LEAVE",
]


def test_sessions_of_a_server_are_windows() -> None:
    found, bad = server_log.read("\n".join(EVICTION))
    assert bad == []
    assert steps(found) == STEPS


def test_a_session_that_is_closed_before_its_successor_began_is_another_windows_too() -> None:
    swapped = [*EVICTION[:3], EVICTION[4].replace("8.01", "7.99"), EVICTION[3], *EVICTION[5:]]
    found, _ = server_log.read("\n".join(swapped))
    assert [one.window for one in found if one.verb == "connect"] == [
        "window 1",
        "window 2",
        "window 1",
    ]


def test_a_console_is_read_as_json_is() -> None:
    console = []
    for text in EVICTION:
        entry = json.loads(text)
        message, at_s = entry.pop("msg"), entry.pop("ts") - ZERO_S
        stamp = f"2025-11-30T10:53:{20 + int(at_s):02d}.{round(at_s % 1 * 1000):03d}Z"
        if at_s < 40:
            console.append(
                f"{stamp}\tINFO\tlivekit\tservice/x.go:1\t{message}\t{json.dumps(entry)}"
            )
    found, bad = server_log.read("\n".join(["livekit starts", "", *console]))
    assert bad == []
    assert steps(found) == STEPS[:6]


def test_lines_of_a_server_that_cannot_be_read_are_told_all_at_once() -> None:
    text = "\n".join([EVICTION[0], EVICTION[3][:-9], '{"msg": "participant closing"}', EVICTION[8]])
    found, bad = server_log.read(text)
    assert [one.line for one in bad] == [2, 3]
    assert len(steps(found)) >= 1


def test_a_log_of_something_else_is_refused() -> None:
    for text in ("", "[]", "\x00\x01", "nginx: 200 OK"):
        with pytest.raises(NotImported, match="no line tells of a session"):
            server_log.read(text)
    with pytest.raises(NotImported, match="no session of that identity"):
        server_log.read(EVICTION[0], "bob")


# A HAR


def entry(at: str, url: str, status: int, ms: float = 20, page: str = "page_1") -> dict[str, Any]:
    return {
        "startedDateTime": f"2026-11-30T12:00:{at}+03:00",
        "time": ms,
        "pageref": page,
        "request": {"url": url, "headers": [{"name": "Authorization", "value": SECRET}]},
        "response": {"status": status},
    }


RTC = f"wss://x.livekit.cloud/rtc?access_token={SECRET}"
HAR = [
    entry("00.000", f"https://app/api/token?u={SECRET}", 200),
    entry("00.500", RTC, 101, 9_000),
    entry("10.000", f"{RTC}&reconnect=1", 101, 0),
    entry("15.000", "https://app/style.css", 200),
    entry("20.000", "https://app/api/token", 503),
    entry("21.000", "https://app/api/token", 503),
    entry("22.000", "https://app/api/token", 200),
    entry("24.000", "https://app/api/token", 200, 2_500),
    entry("30.000", RTC, 502, page="page_2"),
    entry("33.000", RTC, 101, page="page_2"),
]


def test_a_har_has_tokens_and_signalling() -> None:
    found, bad = har.read(json.dumps({"log": {"entries": HAR}}))
    assert bad == []
    assert [one.partition("  #")[0] for one in steps(found) if one.startswith("-")] == [
        "- {at: 2000ms, connect: {window: main, channel: lobby}}",
        "- {at: 11400ms, break_signal: {window: main}}",
        "- {at: 21499ms, fail_tokens: {}}",
        "- {at: 23499ms, heal: {}}",
        "- {at: 25499ms, slow_tokens: {takes: 2500ms}}",
        "- {at: 31400ms, refuse_signal: {window: overlay}}",
        "- {at: 31500ms, connect: {window: overlay, channel: lobby}}",
        "- {at: 34499ms, heal_network: {window: overlay}}",
    ]


def test_entries_of_a_har_that_cannot_be_read_are_told_by_number() -> None:
    broken: list[Any] = [HAR[1], {"request": {}}, None, {**HAR[2], "startedDateTime": "soon"}]
    found, bad = har.read(json.dumps({"log": {"entries": broken}}))
    assert [one.line for one in bad] == [2, 3, 4]
    assert steps(found)
    for text in ("", "{}", '{"log": {"entries": 7}}', "[" * 100_000):
        with pytest.raises(NotImported, match="no HAR"):
            har.read(text)


# webrtc-internals


def test_a_dump_has_its_calls_and_the_changes_of_ice() -> None:
    def log(*changes: tuple[object, str]) -> dict[str, object]:
        updates = [
            {"time": at, "type": "iceconnectionstatechange", "value": value}
            for at, value in changes
        ]
        return {"url": f"https://app?token={SECRET}", "updateLog": updates}

    dump = {
        "getUserMedia": [
            {"pid": 7, "origin": SECRET, "timestamp": (ZERO_S + 1) * 1_000},
            {"pid": 7},
        ],
        "PeerConnections": {
            "7-1": log((str((ZERO_S + 2) * 1000), "connected"), ((ZERO_S + 9) * 1000, "failed")),
            "7-2": log(((ZERO_S + 2.5) * 1000, "connected"), ((ZERO_S + 9.5) * 1000, "failed")),
            "8-1": log(((ZERO_S + 5) * 1000, "connected"), ((ZERO_S + 8) * 1000, "closed")),
        },
    }
    dump["PeerConnections"]["7-1"]["updateLog"].append(  # type: ignore[index]  # a dict of ours
        {"time": (ZERO_S + 14) * 1000, "type": "iceconnectionstatechange", "value": "connected"}
    )
    found, bad = webrtc_internals.read(json.dumps(dump))
    assert [one.line for one in bad] == [2]
    assert [one.partition("  # ")[0] for one in steps(found)] == [
        "# 2000ms  main: getUserMedia was called",
        "- {at: 3000ms, connect: {window: main, channel: lobby}}",
        "- {at: 6000ms, connect: {window: overlay, channel: lobby}}",
        "- {at: 9000ms, disconnect: {window: overlay}}",
        "- {at: 10000ms, drop_network: {window: main, path: media}}",
        "- {at: 15000ms, heal_network: {window: main}}",
    ]
    with pytest.raises(NotImported, match="no dump"):
        webrtc_internals.read('{"PeerConnections": []}')


# A log of the app


APP = [
    {"ts": "2026-11-30T12:00:00Z", "tab": f"tab {SECRET}", "type": "joined", "room": SECRET},
    {"ts": "2026-11-30T12:00:03.5Z", "tab": "tab-2", "type": "open"},
    {"ts": "2026-11-30T12:00:04Z", "tab": "tab-2", "type": "painted"},
    {"ts": "2026-11-30T12:00:06Z", "type": "sleep", "lasts": "1.5m"},
    {"ts": "2026-11-30T12:05:00Z", "tab": "tab-2", "type": "close"},
]
KEYS = {"time": "ts", "window": "tab", "event": "type"}


def test_a_log_of_the_app_is_mapped() -> None:
    text = "\n".join(map(json.dumps, APP))
    found, _ = app_log.read(text, KEYS, {"joined": "connect", "painted": "-"})
    assert steps(found) == [
        "- {at: 2000ms, connect: {window: main, channel: lobby}}",
        "- {at: 5500ms, open: {window: overlay}}",
        "- {at: 8000ms, sleep: {lasts: 1.5m}}",
        "- {at: 302000ms, close: {window: overlay}}",
    ]


def test_every_wrong_line_of_an_apps_log_is_told() -> None:
    text = "\n".join([*map(json.dumps, APP), "{", "7", '{"ts": "soon"}', '{"ts": 5}'])
    with pytest.raises(NotImported) as raised:
        app_log.read(text, KEYS, {})
    assert [(one.line, one.why) for one in raised.value.bad] == [
        (1, "`joined` is no step; --event joined=STEP, or =-"),
        (3, "`painted` is no step; --event painted=STEP, or =-"),
        (6, "no JSON object"),
        (7, "no JSON object"),
        (8, "`ts` is no time"),
        (9, "there is no `type`"),
    ]


# The skeleton


def test_a_step_that_contradicts_the_others_stays_as_a_comment() -> None:
    found = [Observation(0, "a", "connect", (("channel", "lobby"),))]
    found += [Observation(at, "a", verb) for at, verb in ((5, "hide"), (6, "hide"), (7, "show"))]
    hidden, again, shown = steps([*found, Observation(8, "a", "fly")][:4])[1:]
    assert (hidden[:2], shown[:2]) == ("- ", "- ")
    assert again.startswith("# {at: 2000ms, hide: {window: main}}  # ")
    assert "hidden already" in again


def test_a_log_without_a_step_is_no_scenario() -> None:
    with pytest.raises(NotImported, match="nothing in this file is a step"):
        skeleton([Observation(0, "a", note="seen")], "a HAR", vocabulary())


def test_a_log_of_a_whole_day_is_refused() -> None:
    day = [Observation(at_us * 1_000, "a", "connect") for at_us in range(501)]
    with pytest.raises(NotImported, match=r"501 entries, of which a scenario takes 500: cut the"):
        skeleton(day, "a HAR", vocabulary())


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (1_764_500_000, 1_764_500_000),
        (1_764_500_000.25, 1_764_500_000.25),
        ("1764500000250.0", 1_764_500_000.25),
        ("2025-11-30T10:53:20.250Z", 1_764_500_000.25),
        ("2025-11-30T13:53:20.250+03:00", 1_764_500_000.25),
        ("11/30/2025, 10:53:20 AM", 1_764_500_000),
        ("11/30/2025, 10:53:20\u202fAM", 1_764_500_000),
        (None, None),
        (True, None),
        ("soon", None),
        (float("nan"), None),
        (-5, None),
        (1e300, None),
        ([1], None),
    ],
)
def test_times_of_logs(value: object, seconds: float | None) -> None:
    assert wall_us(value) == (None if seconds is None else round(seconds * 1_000_000))
