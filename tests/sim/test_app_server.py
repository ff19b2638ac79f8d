"""The app's own server: what an app's page gets from it by `fetch`, and what the network does."""

from __future__ import annotations

import pytest

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import ScenarioError, parse
from oneroom.scenario.write import write
from tests.sim.played import HEAD, scenario
from tests.sim.test_app_windows import ALONE, SAY, failed, played, said

ROUTES = """\
app_server:
  routes:
    POST /rooms/$room/join:
      json: {data: {accessToken: $token, server: $url, for: "$identity in $room"}}
    /api/*/later: {status: 503, json: {retry: 5}, takes: 2s..3s}
    /api/token: {json: {url: $url}}
"""
ASK = (
    SAY
    + """
// Of a token in a text: whose it is, for which room, and for how long.
function read(token) {
    const {sub, video, nbf, exp} = JSON.parse(atob(token.split('.')[1]));
    return `${sub} in ${video.room} for ${exp - nbf} s`;
}
async function ask(path, init) {
    const asked = performance.now();
    try {
        const answer = await fetch(path, init);
        const body = JSON.stringify(await answer.json()).replace(/ey[^"]+/, read);
        say(path, answer.status, body, Math.floor((performance.now() - asked) / 1000));
    } catch (error) {
        say(path, error.name, Math.round((performance.now() - asked) / 1000));
    }
}
"""
)


def test_a_route_says_which_path_mints_and_under_which_names() -> None:
    run = played(ASK + "ask('/rooms/lob%20by/join', {method: 'POST'})", head=ROUTES + ALONE)
    said_json = (
        '{"data":{"accessToken":"ada in lob by for 21600 s","server":"wss://sfu.example",'
        '"for":"ada in lob by"}}'
    )
    assert said(run) == [f"main /rooms/lob%20by/join 200 {said_json} 0"]


def test_a_route_answers_what_it_says_and_takes_as_long() -> None:
    run = played(ASK + "ask('/api/me/later')", head=ROUTES + ALONE)
    assert said(run) == ['main /api/me/later 503 {"retry":5} 2']


def test_a_token_can_be_missing_and_another_method_is_another_route() -> None:
    run = played(ASK + "ask('/api/token'); ask('/rooms/a/join')", head=ROUTES + ALONE)
    lines = sorted(said(run))
    assert lines[0] == 'main /api/token 200 {"url":"wss://sfu.example"} 0'
    assert lines[1].startswith("main /rooms/a/join 404")


def test_a_token_of_a_route_opens_a_room() -> None:
    join = """
        (async () => {
            const answer = await fetch('/rooms/lobby/join', {method: 'POST'});
            const {data} = await answer.json();
            const room = new LivekitClient.Room();
            await room.connect(data.server, data.accessToken);
            say(room.name, room.localParticipant.identity);
        })();
        """
    run = played(SAY + join, head=ROUTES + ALONE)
    assert failed(run) == []
    assert said(run) == ["main lobby ada"]


def test_a_text_that_is_no_token_of_the_apps_server_is_refused() -> None:
    join = """
        (async () => {
            for (const token of ['fake.ada.lobby.9.123', 'a.b.c', `x.${btoa('{"sub":1}')}.y`]) {
                const room = new LivekitClient.Room();
                try { await room.connect('wss://sfu.example', token); }
                catch (error) { say(error.name); }
            }
        })();
        """
    assert said(played(SAY + join, head=ALONE)) == ["main ConnectionError"] * 3


ASKS = "at: 2s, disconnect: {window: main}"


@pytest.mark.parametrize(
    ("fault", "heard"),
    [
        ("at: 1s, fail_tokens: {}", ["main /api/token2 503", "main /api/x/later 503"]),
        ("at: 1s, drop_network: {window: main, path: app}", ["15", "15"]),
        ("at: 1s, offline: {}", ["0", "0"]),
        ("at: 3s, change_network: {}", ["main /api/token2 200", "15"]),
    ],
)
def test_faults_of_the_apps_server_and_of_the_way_to_it(fault: str, heard: list[str]) -> None:
    click = "oneroom.user({disconnect() { ask('/api/token2'); ask('/api/x/later') }});"
    run = played(ASK + click, *sorted((fault, ASKS)), head=ROUTES + ALONE)
    lines = sorted(said(run))
    assert len(lines) == len(heard)
    for line, wanted in zip(lines, heard, strict=True):
        if wanted.isdigit():
            assert line.endswith(f"TypeError {wanted}")
        else:
            assert line.startswith(wanted)


def test_an_aborted_request_is_answered_to_nobody() -> None:
    abort = "const c = new AbortController(); ask('/api/x/later', {signal: c.signal}); c.abort();"
    run = played(ASK + abort, head=ROUTES + ALONE)
    assert said(run) == ["main /api/x/later AbortError 0"]


def test_routes_are_written_as_they_were_read() -> None:
    made = scenario("", ROUTES + HEAD)
    assert parse(write(made), vocabulary()).app_server == made.app_server


@pytest.mark.parametrize(
    ("line", "said_of_it"),
    [
        ("api/me: {}", "7:5: `api/me` is no route"),
        ("/api/me: {status: 100}", "7:23: an answer has a status from 200 to 599, not 100"),
        ("/api/me: {jsn: {}}", "7:15: unknown key `jsn` in `/api/me`"),
        ("/api/me: {json: {t: $token}, takes: 1s}", "7:41: a route that mints a token takes"),
    ],
)
def test_what_is_wrong_with_a_route_is_told_with_its_place(line: str, said_of_it: str) -> None:
    text = f"{ALONE}app_server:\n  routes:\n    {line}\n"
    with pytest.raises(ScenarioError) as refused:
        parse(text, vocabulary(), "a.yaml")
    assert said_of_it in str(refused.value)
