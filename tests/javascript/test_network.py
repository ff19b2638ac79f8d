"""fetch and WebSocket."""

from __future__ import annotations

import json

import pytest

from tests.javascript.page_rig import Page


def test_a_fetch_asks_and_is_answered():
    page = Page()
    [op] = page.run(
        "fetch('/token?room=x', {method: 'post', headers: {Accept: 'a'}, body: '{}'})"
        ".then(async r => say([r.ok, r.status, r.headers.get('X-One'), (await r.json()).token]))"
    )
    headers = {"accept": "a", "content-type": "text/plain;charset=UTF-8"}
    assert op == ["fetch", 1, "https://app.example/token?room=x", "POST", headers, "{}"]
    answer = {"body": '{"token": "T"}', "headers": {"x-one": "1"}}
    page.turn("response", 1, 201, json.dumps(answer))
    assert page.said == ["true,201,1,T"]


def test_a_network_error_rejects_and_a_status_does_not():
    page = Page()
    page.run("for (const at of ['a', 'b']) fetch(at).then(r => say(r.status), e => say(e))")
    page.turn("response", 1, -1, None)
    page.turn("response", 2, 503, "{}")
    assert page.said == ["TypeError: Failed to fetch", "503"]


def test_an_aborted_fetch_rejects_and_ignores_the_answer():
    page = Page()
    page.run(
        "const abort = new AbortController();"
        "fetch('a', {signal: abort.signal}).catch(error => say(error.name))"
    )
    assert page.run("abort.abort()") == [["abortFetch", 1]]
    page.turn("response", 1, 200, "{}")
    page.run("fetch('a', {signal: abort.signal}).catch(error => say(error.name))")
    assert page.said == ["AbortError", "AbortError"]


def test_a_body_is_read_once():
    page = Page()
    page.run(
        "const r = Response.json({a: 1}); r.clone().json().then(j => say(j.a));"
        "r.text().then(() => r.text()).catch(error => say(error.name))"
    )
    assert sorted(page.said) == ["1", "TypeError"]


def test_a_socket_opens_talks_and_closes():
    page = Page()
    assert page.run(
        """
        const socket = new WebSocket('wss://chat.example/ws', 'v1');
        try { socket.send('early') } catch (error) { say(error.name) }
        socket.onopen = () => socket.send('hello');
        socket.onmessage = ({data, origin}) => say(data + origin);
        socket.onclose = ({code, wasClean}) => say([code, wasClean, socket.readyState]);
        """
    ) == [["openSocket", 1, "wss://chat.example/ws", ["v1"]]]
    assert page.turn("socket", 1, "open", None) == [["sendSocket", 1, "hello"]]
    page.turn("socket", 1, "message", '"hi"')
    assert page.run("socket.close(1000, 'bye'); socket.close(); socket.send('late')") == [
        ["closeSocket", 1, 1000, "bye"]
    ]
    page.turn("socket", 1, "close", '{"code": 1000, "wasClean": true}')
    page.turn("socket", 1, "message", '"late"')
    assert page.said == ["InvalidStateError", "hiwss://chat.example", "1000,true,3"]


def test_a_socket_that_cannot_connect():
    page = Page()
    page.run(
        "const s = new WebSocket('ws://x/'); s.onerror = () => say('error');"
        "s.onclose = e => say(e.code)"
    )
    page.turn("socket", 1, "error", None)
    page.turn("socket", 1, "close", None)
    assert page.said == ["error", "1006"]


@pytest.mark.parametrize(
    ("url", "base", "href"),
    [
        ("../x?y=1#z", "https://a.example:443/b/c/d", "https://a.example/b/x?y=1#z"),
        ("//b.example/x", "https://a.example/", "https://b.example/x"),
        ("?q", "https://a.example/p?x", "https://a.example/p?q"),
        ("#h", "https://a.example/p?x", "https://a.example/p?x#h"),
        ("wss://A.example:8443", None, "wss://a.example:8443/"),
        ("https://u:p@a.example/a b", None, "https://u:p@a.example/a%20b"),
        ("tauri://localhost/x", None, "tauri://localhost/x"),
        ("data:text/plain,x", None, "data:text/plain,x"),
    ],
)
def test_urls(url, base, href):
    assert Page().value(f"new URL({json.dumps(url)}, {json.dumps(base)} ?? undefined).href") == href


def test_a_query_follows_its_url():
    page = Page()
    page.run("const url = new URL('https://a.example/?a=1&a=2&b=%20+c')")
    assert page.value("[url.searchParams.getAll('a'), url.searchParams.get('b')]") == [
        ["1", "2"],
        "  c",
    ]
    page.run("url.searchParams.set('a', 'ü&'); url.searchParams.delete('b')")
    assert page.value("url.href") == "https://a.example/?a=%C3%BC%26"
    assert page.value("[URL.canParse('x'), URL.canParse('x', 'https://a.example')]") == [
        False,
        True,
    ]


def test_text_is_encoded_as_utf_8():
    page = Page()
    assert page.value("[...new TextEncoder().encode('aé€😀\\ud800')]") == list(
        "aé€😀\ufffd".encode()
    )
    assert page.value("new TextDecoder().decode(Uint8Array.from([0x61, 0xff, 0xe2, 0x82]))") == (
        "a\ufffd\ufffd"
    )
    assert page.value("[btoa('\\xffab'), atob('/2Fi')]") == ["/2Fi", "\xffab"]
