"""Windows that an app's page opens: messages to and fro, `closed`, `close()`, focus."""

from __future__ import annotations

from oneroom.trace.records import Life
from tests.sim.test_app_windows import SAY, failed, lives, played, said

OPENED = """\
scenario: a
why: b
windows:
  main:  {kind: main, opens: 0s}
  popup: {kind: overlay, opens: later, opener: main}
"""
TALK = (
    SAY
    + """
let popup = null;
addEventListener('message', ({data, source, origin}) => {
    say(data.text, source === (opener ?? popup), origin);
    if (data.text === 'ready') source.postMessage({text: 'welcome'}, origin);
});
if (opener === null) {
    oneroom.user({
        connect() { popup = window.open('/popup', 'popup'); },
        disconnect() { popup.close(); },
        toggleMute() { say('closed', popup.closed); },
        toggleCamera() { popup.focus(); },
    });
} else {
    opener.postMessage({text: 'ready'}, '*');
    opener.postMessage({text: 'never'}, 'https://elsewhere.example');
    addEventListener('focus', () => say('focused'));
}
"""
)
CONNECT = "at: 2s, connect: {window: main, channel: lobby}"


def test_a_page_opens_a_window_and_they_talk() -> None:
    run = played(TALK, CONNECT, "at: 5s, toggle_mute: {window: main}", head=OPENED)
    assert failed(run) == []
    assert said(run) == [
        "main ready true https://app.example",
        "popup welcome true https://app.example",
        "main closed false",
    ]
    assert lives(run, "popup") == [Life.OPENED]


def test_a_window_that_is_closed_is_known_as_closed_and_one_that_reloads_is_not() -> None:
    asks = "at: 8s, toggle_mute: {window: main}"
    closes = ("at: 5s, close: {window: popup}", "at: 5s, disconnect: {window: main}")
    # the scenario's own step finds it open
    opens = "at: 4s, open: {window: popup}"
    for line in closes:
        run = played(TALK, CONNECT, opens, line, asks, head=OPENED)
        assert said(run)[-1] == "main closed true"
        assert lives(run, "popup")[-1] is Life.CLOSED
    run = played(TALK, CONNECT, opens, "at: 5s, reload: {window: popup}", asks, head=OPENED)
    assert said(run)[-1] == "main closed false"


def test_a_page_may_focus_what_it_has_opened() -> None:
    run = played(TALK, CONNECT, "at: 5s, toggle_camera: {window: main}", head=OPENED)
    assert Life.FOCUSED in lives(run, "popup")
