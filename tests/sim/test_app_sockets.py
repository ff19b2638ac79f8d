"""WebSockets of an app's page to the app's own server, and what ends them."""

from __future__ import annotations

import pytest

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import ScenarioError, parse
from tests.sim.test_app_windows import ALONE, SAY, failed, played, said

SOCKETS = """\
app_server:
  sockets:
    /live/*:
      says: [{after: 1s..2s, message: {type: ready}}]
      answers: {ping: pong, who: {name: ada}}
    /restarts: {closes: {after: 3s, code: 1012, reason: restart}}
    /dies: {closes: {after: 3s, code: 1006}}
"""
OPEN = (
    SAY
    + """
function open(path) {
    const socket = new WebSocket(`wss://app.example${path}`);
    const at = () => Math.floor(performance.now() / 1000);
    socket.onopen = () => say('open', socket.readyState);
    socket.onmessage = ({data}) => say(data);
    socket.onerror = () => say('error', at());
    socket.onclose = ({code, reason, wasClean}) => say('close', code, reason, wasClean, at());
    return socket;
}
"""
)


def test_a_server_says_what_it_is_told_to_and_answers() -> None:
    talk = (
        "const s = open('/live/a');"
        "setTimeout(() => { s.send('ping'); s.send('who'); s.send('?') }, 3000);"
    )
    run = played(OPEN + talk, head=SOCKETS + ALONE)
    assert failed(run) == []
    assert said(run) == [
        "main open 1",
        'main {"type":"ready"}',
        "main pong",
        'main {"name":"ada"}',
    ]


@pytest.mark.parametrize(
    ("path", "heard"),
    [
        ("/restarts", ["open 1", "close 1012 restart true 3"]),
        ("/dies", ["open 1", "close 1006  false 3"]),
        ("/nowhere", ["error 0", "close 1006  false 0"]),
    ],
)
def test_a_server_that_closes_dies_or_refuses(path: str, heard: list[str]) -> None:
    run = played(OPEN + f"open('{path}')", head=SOCKETS + ALONE)
    assert said(run) == [f"main {line}" for line in heard]


@pytest.mark.parametrize(
    ("code", "heard"),
    [("4001, 'bye'", "close 4001 bye true 4"), ("", "close 1005  true 4")],
)
def test_a_page_closes_its_socket(code: str, heard: str) -> None:
    close = f"const s = open('/live/a'); setTimeout(() => s.close({code}), 4000);"
    assert said(played(OPEN + close, head=SOCKETS + ALONE))[-1] == f"main {heard}"


def test_a_socket_that_is_closed_before_it_is_open_fails() -> None:
    run = played(OPEN + "open('/live/a').close()", head=SOCKETS + ALONE)
    assert said(run) == ["main error 0", "main close 1006  false 0"]


def test_a_frozen_page_loses_its_socket_when_it_resumes() -> None:
    run = played(
        OPEN + "open('/live/a')",
        "at: 5s, freeze: {window: main}",
        "at: 9s, resume: {window: main}",
        head=SOCKETS + ALONE,
    )
    assert said(run)[-1] == "main close 1006  false 9"


PINGS = "const s = open('/live/a'); oneroom.user({disconnect: () => s.send('ping')});"
CLICK = "at: 6s, disconnect: {window: main}"


def test_a_cut_holds_what_is_said_until_it_is_over() -> None:
    cut = "at: 5s, drop_network: {window: main, path: app}"
    assert said(played(OPEN + PINGS, cut, CLICK, head=SOCKETS + ALONE))[-1] != "main pong"
    healed = "at: 9s, heal: {}"
    assert said(played(OPEN + PINGS, cut, CLICK, healed, head=SOCKETS + ALONE))[-1] == "main pong"


def test_another_network_swallows_and_a_close_takes_a_minute() -> None:
    closes = "const s = open('/live/a'); oneroom.user({disconnect: () => s.close()});"
    change = "at: 5s, change_network: {}"
    run = played(OPEN + PINGS, change, CLICK, head=SOCKETS + ALONE)
    assert "main pong" not in said(run)
    later = "at: 80s, disconnect: {window: main}"
    run = played(OPEN + closes, change, CLICK, later, head=SOCKETS + ALONE)
    assert said(run)[-1] == "main close 1006  false 66"


@pytest.mark.parametrize(
    ("line", "said_of_it"),
    [
        ("live: {}", "7:5: `live` is no path of a WebSocket"),
        ("/a: {closes: {after: 1s, code: 999}}", "7:36: no server closes a WebSocket with 999"),
        ("/a: {says: [{message: a}]}", "needs `after`"),
    ],
)
def test_what_is_wrong_with_a_socket_is_told_with_its_place(line: str, said_of_it: str) -> None:
    text = f"{ALONE}app_server:\n  sockets:\n    {line}\n"
    with pytest.raises(ScenarioError) as refused:
        parse(text, vocabulary(), "a.yaml")
    assert said_of_it in str(refused.value)
