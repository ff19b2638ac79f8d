"""A page's life as its script hears of it, and the window around it."""

from __future__ import annotations

import pytest

from tests.javascript.page_rig import Page

HEARS = """
for (const type of ['pageshow', 'pagehide'])
    addEventListener(type, ({persisted}) => say(`${type} ${persisted}`));
for (const type of ['focus', 'blur', 'online', 'offline', 'load', 'beforeunload', 'unload'])
    addEventListener(type, () => say(type));
for (const type of ['visibilitychange', 'freeze', 'resume', 'DOMContentLoaded'])
    document.addEventListener(type, () => say(`${type} ${document.visibilityState}`));
"""


@pytest.mark.parametrize(
    ("name", "persisted", "heard"),
    [
        ("hidden", None, ["visibilitychange hidden"]),
        ("visible", None, ["visibilitychange visible"]),
        ("freeze", None, ["freeze visible"]),
        ("resume", None, ["resume visible"]),
        ("pagehide", True, ["pagehide true"]),
        ("pageshow", False, ["pageshow false"]),
        ("load", None, ["DOMContentLoaded visible", "load"]),
        ("beforeunload", None, ["beforeunload"]),
        ("unload", None, ["unload"]),
        ("focus", None, ["focus"]),
        ("offline", None, ["offline"]),
    ],
)
def test_a_life_is_heard(name, persisted, heard):
    page = Page()
    page.run(HEARS)
    page.turn("lifecycle", name, persisted)
    assert page.said == heard


def test_what_a_page_can_ask_follows_its_life():
    page = Page(visible=False, discarded=True)
    state = "[document.hidden, document.hasFocus(), navigator.onLine, document.readyState]"
    assert page.value(state) == [True, False, True, "loading"]
    assert page.value("document.wasDiscarded")
    for name in ("visible", "focus", "offline", "load"):
        page.turn("lifecycle", name)
    assert page.value(state) == [False, True, False, "complete"]


def test_where_a_page_is():
    page = Page(url="https://app.example/room?window=B#x")
    assert page.value("[location.search, location.hash, location.origin, `${location}`]") == [
        "?window=B",
        "#x",
        "https://app.example",
        "https://app.example/room?window=B#x",
    ]
    assert page.run(
        "history.pushState(1, '', '/other'); location.reload(); location.href = '/y'"
    ) == [
        ["navigate", "reload"],
        ["navigate", "https://app.example/y"],
    ]
    assert page.value("[location.pathname, history.state]") == ["/other", 1]


def test_windows_that_are_opened_and_talk():
    page = Page(opener=True)
    ops = page.run(
        """
        onmessage = ({data, source}) => say(`${data} ${source === opener} ${source === child}`);
        const child = open('/popup', '_blank', 'width=1');
        say(open('/apart', '_blank', 'noopener'));
        child.postMessage({n: 1}, '*');
        child.postMessage('not for it', 'https://other.example');
        opener.postMessage('up', '*');
        child.close();
        close();
        """
    )
    assert ops == [
        ["openWindow", 1, "https://app.example/popup", "_blank", "width=1"],
        ["openWindow", 2, "https://app.example/apart", "_blank", "noopener"],
        ["postToWindow", 1, '{"n":1}'],
        ["postToWindow", 0, '"up"'],
        ["closeWindow", 1],
        ["closeWindow", None],
    ]
    page.turn("windowMessage", 0, '"from above"')
    page.turn("windowMessage", 1, '"from below"')
    page.turn("windowClosed", 1)
    assert page.said == ["null", "from above true false", "from below false true"]
    assert page.value("child.closed")


def test_clicks_call_what_the_app_has_registered_with_activation():
    page = Page()
    page.run(
        "globalThis[Symbol.for('oneroom')].actions.set('join', room =>"
        " say(`${room.name} ${navigator.userActivation.isActive}`))"
    )
    page.turn("action", "join", '{"name": "lobby"}', at_us=10)
    assert page.said == ["lobby true"]
    [[op, what, text, _]] = page.turn("action", "leave", None, at_us=6_000_000)
    assert (op, what) == ("error", "action leave")
    assert "registered no such action" in text


def test_lines_of_the_console():
    assert Page().run("console.warn('a', {b: 1}, new TypeError('x'), undefined, () => 0)") == [
        ["console", "warn", 'a {"b":1} TypeError: x undefined [function anonymous]']
    ]


def test_a_click_is_heard_as_a_pointer_event_before_its_action() -> None:
    page = Page()
    page.run(
        "for (const target of [document, window]) {"
        " target.addEventListener('pointerdown', () => console.log('pointerdown')); }"
        "globalThis[Symbol.for('oneroom')].actions.set('join', () => console.log('join'));"
    )
    heard = [op[2] for op in page.turn("action", "join", None) if op[0] == "console"]
    assert heard == ["pointerdown", "pointerdown", "join"]


def test_a_gesture_is_a_click_at_no_control() -> None:
    page = Page()
    page.run("addEventListener('pointerdown', () => console.log('pointerdown'));")
    assert [op[0] for op in page.turn("action", "gesture", None)] == ["console"]
