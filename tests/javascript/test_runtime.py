"""The runtime of a window, in both isolations: what a turn gives, and what an app can do wrong.

Rules: each case is played with an engine for all windows and with one for each, and says the same.
"""

from __future__ import annotations

import json

import pytest

from oneroom.javascript import runtime
from oneroom.javascript.app import App
from oneroom.javascript.protocol import Console, Error, Ops, Post, SetTimer
from oneroom.javascript.runtime import (
    OwnRuntime,
    Runtime,
    SharedRuntime,
    open_runtime,
)
from oneroom.javascript.script_error import Isolation, RuntimeLost, ScriptError
from oneroom.javascript.source_map import read_source_map
from tests.javascript.page_rig import BOOT

ISOLATIONS = [pytest.param(SharedRuntime, id="shared"), pytest.param(OwnRuntime, id="own")]
both = pytest.mark.parametrize("runtime_class", ISOLATIONS)


def boot(**differs: object) -> str:
    return json.dumps({**BOOT, **differs})


def app(source: str) -> App:
    return App("app.js", source)


def told(one: Runtime, error: Error) -> str:
    return str(one.located(error)).replace("\n    at ", " at ")


def errors_of(ops: Ops, one: Runtime) -> list[ScriptError]:
    return [one.located(op) for op in ops if isinstance(op, Error)]


@both
def test_the_app_is_run_as_the_document_opens(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(app("console.log('here', name)"), 0, boot(target="w"))
    assert made.opening == [Console("log", "here w")]


@both
def test_a_turn_gives_what_the_script_wants_in_order(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(
        app("setTimeout(async () => { console.log(1); await null; setTimeout(() => {}, 7) }, 5)"),
        0,
        boot(),
    )
    assert made.opening == [SetTimer(1, 5)]
    assert made.turn("timer", 5_000, 1.0) == [Console("log", "1"), SetTimer(2, 7)]


@both
def test_microtasks_run_between_two_listeners(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(
        app(
            "for (const n of [1, 2]) addEventListener('focus', () => {"
            " console.log(n); Promise.resolve().then(() => console.log(n, 'after')) })"
        ),
        0,
        boot(),
    )
    said = [op.text for op in made.turn("lifecycle", 1, "focus") if isinstance(op, Console)]
    assert said == ["1", "1 after", "2", "2 after"]


@both
def test_windows_of_one_app_share_no_state(runtime_class: type[SharedRuntime]) -> None:
    counts = app("let n = 0; window.m = 0; setInterval(() => console.log(++n, ++window.m), 1)")
    first, second = (runtime_class(counts, 0, boot()) for _ in range(2))
    first.turn("timer", 1_000, 1.0)
    assert second.turn("timer", 1_000, 1.0) == [Console("log", "1 1")]


@both
def test_an_error_of_the_app_has_its_file_and_line(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(app("setTimeout(() => {\n  null.x\n}, 5)\nnope()"), 0, boot())
    (error,) = (op for op in made.opening if isinstance(op, Error))
    assert told(made, error) == "ReferenceError: nope is not defined at app.js:4:1"
    (late,) = made.turn("timer", 5_000, 1.0)
    assert isinstance(late, Error)
    assert late.what == "timer"
    assert told(made, late) == "TypeError: cannot read property 'x' of null at app.js:2:3"


@both
def test_a_rejection_of_an_async_listener_is_an_error(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(app("setTimeout(async () => { await 0; throw Error('late') })"), 0, boot())
    (error,) = made.turn("timer", 0, 1.0)
    assert isinstance(error, Error)
    assert told(made, error) == "Error: late at app.js:1:41"


@pytest.mark.parametrize("runtime_class", ISOLATIONS)
def test_a_bundle_that_does_not_parse_is_an_error(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(app("let a = 1;\nlet b = {;"), 0, boot())
    (error,) = made.opening
    assert isinstance(error, Error)
    assert told(made, error) == "SyntaxError: invalid property name at app.js:2:10"


def test_an_endless_loop_is_an_error_and_the_window_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(runtime, "CALL_SECONDS", 0.05)
    endless = app("console.log(0); addEventListener('focus', () => { for (;;); })")
    made = OwnRuntime(endless, 0, boot())
    (error,) = made.turn("lifecycle", 1, "focus")
    assert isinstance(error, Error)
    assert told(made, error).startswith("ran for more than 0.05 s without an end at app.js:1:")
    assert made.turn("lifecycle", 1, "blur") == []
    with pytest.raises(RuntimeLost, match="without an end") as lost:
        SharedRuntime(endless, 0, boot()).turn("lifecycle", 1, "focus")
    assert lost.value.is_shared


@both
def test_microtasks_without_an_end_lose_the_runtime(
    runtime_class: type[SharedRuntime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "TURN_JOBS", 1_000)
    again = "function again() { Promise.resolve().then(again) }; addEventListener('focus', again)"
    made = runtime_class(app(again), 0, boot())
    with pytest.raises(RuntimeLost, match="microtasks without an end") as lost:
        made.turn("lifecycle", 1, "focus")
    assert lost.value.is_shared is (runtime_class is SharedRuntime)
    # a new window is in a new engine
    assert runtime_class(app(again), 0, boot()).turn("lifecycle", 1, "blur") == []


@both
@pytest.mark.parametrize("kept", ["outside", "inside"])
def test_a_heap_that_is_full_loses_the_runtime(
    kept: str, runtime_class: type[SharedRuntime], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "MEMORY_BYTES", 16 << 20)
    monkeypatch.setattr(runtime, "SHARED_MEMORY_BYTES", 16 << 20)
    keep, hoard = "const all = [];", "for (;;) all.push('x'.repeat(99) + all.length)"
    outside, inside = (keep, "") if kept == "outside" else ("", keep)
    source = f"{outside} addEventListener('focus', () => {{ {inside} {hoard} }})"
    made = runtime_class(app(source), 0, boot())
    with pytest.raises(RuntimeLost, match="out of memory: more than 16 MB"):
        errors_of(made.turn("lifecycle", 1, "focus"), made)


@both
def test_a_lone_surrogate_crosses(runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(app("console.log('\\ud800'); new BroadcastChannel('c')"), 0, boot())
    assert made.opening[0] == Console("log", "\ud800")


@both
def test_a_message_of_another_window_is_heard(runtime_class: type[SharedRuntime]) -> None:
    talks = app(
        "const c = new BroadcastChannel('c'); c.onmessage = ({data}) => console.log(data.n + 1);"
        "c.postMessage({n: 1})"
    )
    first, second = (runtime_class(talks, 0, boot()) for _ in range(2))
    (post,) = (op for op in first.opening if isinstance(op, Post))
    assert second.turn("message", 9, 1.0, post.text) == [Console("log", "2")]


@pytest.mark.parametrize("isolation", ["shared", "own"])
def test_a_handler_that_is_assigned_by_its_bare_name_is_called(isolation: Isolation) -> None:
    made = open_runtime(app("onfocus = () => console.log('seen')"), isolation, 0, boot())
    assert made.turn("lifecycle", 1, "focus") == [Console("log", "seen")]


@pytest.mark.parametrize(
    ("source", "unfit"),
    [
        ("onfocus = f", True),
        ("location = '/x'", True),
        ("once = 1", False),
        ("x.onfocus = f", False),
    ],
)
def test_a_script_that_assigns_by_a_bare_name_gets_an_engine_of_its_own(
    source: str, unfit: bool
) -> None:
    made = open_runtime(app(f"let f, once, x = {{}}; {source}"), "shared", 0, boot())
    assert isinstance(made, OwnRuntime) is unfit


@both
@pytest.mark.parametrize(
    "read",
    [
        "BroadcastChannel.name + typeof navigator.locks.request",
        "window['Broadcast' + 'Channel'].name + typeof window['navi' + 'gator'].locks.request",
    ],
)
def test_what_a_script_reads_is_there(read: str, runtime_class: type[SharedRuntime]) -> None:
    made = runtime_class(app(f"console.log({read}, 'indexedDB' in window)"), 0, boot())
    assert made.opening == [Console("log", "BroadcastChannelfunction true")]


@both
def test_what_an_app_replaces_stays_replaced(runtime_class: type[SharedRuntime]) -> None:
    replaces = "window.fetch = () => 'mine'; delete window.Worker; window.Lock = 1;"
    made = runtime_class(app(f"{replaces} console.log(window.fetch(), window.Lock)"), 0, boot())
    assert made.opening == [Console("log", "mine 1")]


@both
def test_a_turn_of_what_no_script_has_read_is_heard_by_nobody(
    runtime_class: type[SharedRuntime],
) -> None:
    made = runtime_class(app("console.log(1)"), 0, boot())
    assert made.turn("deviceChange", 1) == []
    assert made.turn("replica", 1, '[["key", "value"]]') == []


def test_a_closed_window_leaves_its_engine() -> None:
    one = app("console.log(1)")
    made = SharedRuntime(one, 0, boot())
    made.close()
    made.close()
    assert SharedRuntime(one, 0, boot()).opening == [Console("log", "1")]


def test_a_source_map_leads_to_the_users_file() -> None:
    # of esbuild, for `throw\n  new Error(x)` in voice.ts, with a line of the bundler before it
    mapped = read_source_map(
        '{"version":3,"sources":["voice.ts"],"mappings":";AAAA,MACE,IAAI,MAAM,CAAC"}'
    )
    assert mapped.original(2, 1) == ("voice.ts", 1, 1)
    assert mapped.original(2, 7) == ("voice.ts", 2, 3)
    assert mapped.original(2, 20) == ("voice.ts", 2, 14)
    assert mapped.original(1, 1) is None
    assert mapped.original(9, 1) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        '{"version":2,"sources":[],"mappings":""}',
        '{"version":3,"sources":[],"mappings":"!"}',
    ],
)
def test_what_is_no_source_map_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a source map"):
        read_source_map(text)
