"""Parts of a browser that are not modelled fail by their name."""

from __future__ import annotations

import pytest

from tests.javascript.page_rig import Page


@pytest.mark.parametrize(
    ("use", "name"),
    [
        ("new RTCPeerConnection()", "RTCPeerConnection"),
        ("new (class Mine extends Worker {})()", "Worker"),
        ("Notification.requestPermission()", "Notification.requestPermission"),
        ("alert('x')", "alert"),
        ("navigator.serviceWorker.register('/sw.js')", "navigator.serviceWorker.register"),
        ("document.body.innerHTML.length", "Element.innerHTML.length"),
        ("new Response('x').body.getReader()", "Response.body (a stream).getReader"),
        ("new WebSocket('wss://x').readyState, new Intl.NumberFormat()", "Intl.NumberFormat"),
        ("history.back()", "history.back"),
    ],
)
def test_it_fails_by_its_name(use, name):
    page = Page()
    page.run(f"try {{ {use} }} catch (error) {{ say(`${{error.name}}: ${{error.message}}`) }}")
    assert page.said == [f"NotModelledError: `{name}` is not modelled: docs/limits"]


def test_it_is_there_for_who_looks():
    page = Page()
    expression = "[typeof RTCPeerConnection, 'serviceWorker' in navigator, {} instanceof Worker]"
    assert page.value(expression) == ["function", True, False]


def test_a_promise_of_it_rejects_by_its_name():
    page = Page()
    page.run("crypto.subtle.digest('SHA-256', 0).catch((error) => say(error.message))")
    assert page.said == ["`crypto.subtle.digest` is not modelled: docs/limits"]
