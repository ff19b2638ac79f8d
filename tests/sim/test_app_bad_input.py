"""Clicks of an app that do what they must not, or seldom do: told with file and line."""

from __future__ import annotations

import pytest

from tests.sim.test_app_windows import ALONE, failed, played, said

CLICK = "oneroom.user({\n  connect() {\n    %s\n  },\n});\n"
AT = "at: 2s, connect: {window: main, channel: lobby}"


@pytest.mark.parametrize(
    ("done", "told"),
    [
        # Not returned, so no listener hears of it.
        (
            "(async () => {\n throw new Error('no server'); })();",
            "main unhandled rejection: Error: no server (app.js:4)",
        ),
        ("Promise.reject(3);", "main unhandled rejection: 3"),
        ("Promise.reject(Symbol());", "main unhandled rejection: a value that has no text"),
        (
            "new RTCPeerConnection();",
            "main action connect: NotModelledError: `RTCPeerConnection` is not modelled:"
            " docs/limits (app.js:3)",
        ),
        (
            "oneroom.draws({channel: 10n});",
            "main action connect: TypeError: oneroom.draws takes what JSON can say: BigInt are"
            " forbidden in JSON.stringify (app.js:3)",
        ),
        (
            "const all = {}; all.all = all; oneroom.draws(all);",
            "main action connect: TypeError: oneroom.draws takes what JSON can say: circular"
            " reference (app.js:3)",
        ),
        (
            "new BroadcastChannel('c').postMessage(() => 1);",
            "main action connect: DataCloneError: () => 1 could not be cloned. (app.js:3)",
        ),
        (
            "eval('nope()');",
            "main action connect: ReferenceError: nope is not defined (app.js:3)",
        ),
    ],
)
def test_it_is_an_error_in_the_timeline(done: str, told: str) -> None:
    assert failed(played(CLICK % done, AT, head=ALONE)) == [told]


def test_rejections_keep_their_order_and_those_that_are_heard_are_none() -> None:
    done = (
        "for (const one of [1, 2, 3]) Promise.reject(one);"
        " const late = Promise.reject(new Error('late'));"
        " queueMicrotask(() => late.catch(() => 0));"
        " (async () => { try { await Promise.reject(4); } catch {} })();"
    )
    assert failed(played(CLICK % done, AT, head=ALONE)) == [
        f"main unhandled rejection: {one}" for one in (1, 2, 3)
    ]


def test_ten_megabytes_are_posted_and_heard() -> None:
    post = "new BroadcastChannel('c').postMessage('x'.repeat(10 << 20));"
    hear = "new BroadcastChannel('c').onmessage = ({data}) => console.log(data.length);\n"
    assert "10485760" in said(played(hear + CLICK % post, AT))


def test_text_is_evaluated_as_in_a_page() -> None:
    done = (
        "const here = 5;"
        " console.log(eval('here'), (0, eval)('typeof localStorage'),"
        " new Function('return typeof BroadcastChannel')());"
    )
    assert said(played(CLICK % done, AT, head=ALONE)) == ["5 object function"]
