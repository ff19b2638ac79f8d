"""The wrapper of quickjs-ng: values, microtasks, errors with their places, limits.

Rules: an engine a test; limits far below those of a run, so that no test waits.
"""

from __future__ import annotations

import pytest

from oneroom.javascript.engine import Engine
from oneroom.javascript.script_error import Frame, OutOfMemory, ScriptError


def test_a_function_is_called_with_floats_texts_and_null() -> None:
    engine = Engine()
    engine.evaluate("globalThis.told = (a, b, c) => JSON.stringify([a, b, c])", "told.js")
    told = engine.function("told")
    assert engine.call(told, 5_000_000_000.0, "é\0", None) == '[5000000000,"é\\u0000",null]'


def test_microtasks_run_when_they_are_asked_to() -> None:
    engine = Engine()
    engine.evaluate(
        "globalThis.n = 0; Promise.resolve().then(() => n++).then(() => n++)", "count.js"
    )
    assert engine.evaluate("n", "look.js") == 0
    engine.run_jobs()
    assert engine.evaluate("n", "look.js") == 2


def test_an_error_names_the_file_and_line_of_each_call() -> None:
    engine = Engine()
    engine.evaluate("function inner() {\n  null.x;\n}", "inner.js")
    with pytest.raises(ScriptError) as thrown:
        engine.evaluate("\nfunction outer() { inner(); }\nouter();", "outer.js")
    assert thrown.value.message == "TypeError: cannot read property 'x' of null"
    assert [frame[:3] for frame in thrown.value.stack] == [
        ("inner", "inner.js", 2),
        ("outer", "outer.js", 2),
        ("", "outer.js", 3),
    ]


def test_what_is_put_around_a_source_moves_no_line() -> None:
    engine = Engine()
    engine.evaluate("1;\n2;", "first.js")
    with pytest.raises(ScriptError) as thrown:
        engine.evaluate("\nnull.x", "app.js", before="(function (a, b) {", after="\n})()")
    assert thrown.value.stack[0] == Frame("", "app.js", 2, 1)


def test_a_source_that_does_not_parse_says_where() -> None:
    engine = Engine()
    with pytest.raises(ScriptError, match="SyntaxError") as thrown:
        engine.evaluate("let a = 1;\nlet b = {;", "app.js")
    assert thrown.value.stack[0][1:3] == ("app.js", 2)


def test_an_error_in_a_microtask_is_told() -> None:
    engine = Engine(call_seconds=0.05)
    engine.evaluate("Promise.resolve().then(() => {\nfor (;;);\n})", "app.js")
    with pytest.raises(ScriptError, match=r"ran for more than 0\.05 s"):
        engine.run_jobs()


def test_an_endless_loop_ends_though_it_catches_everything() -> None:
    engine = Engine(call_seconds=0.05)
    with pytest.raises(ScriptError, match="without an end") as thrown:
        engine.evaluate(
            "function spin() {\n  for (;;) try { spun() } catch {}\n}\nspin()", "app.js"
        )
    assert thrown.value.stack[-1][:3] == ("", "app.js", 4)
    assert engine.evaluate("1 + 1", "after.js") == 2


def test_a_heap_that_is_full_is_told() -> None:
    engine = Engine(memory_bytes=8 << 20)
    engine.evaluate(
        "globalThis.hoard = () => { globalThis.kept = [];"
        " for (;;) kept.push('x'.repeat(1000) + kept.length) }",
        "app.js",
    )
    with pytest.raises(OutOfMemory, match="more than 8 MB"):
        engine.call(engine.function("hoard"))
    assert engine.used_bytes() > 7 << 20


def test_a_recursion_without_end_is_an_error() -> None:
    with pytest.raises(ScriptError, match="call stack"):
        Engine().evaluate("function again() { return 1 + again() }\nagain()", "app.js")


def test_a_thrown_value_that_is_no_error_is_its_text() -> None:
    with pytest.raises(ScriptError) as thrown:
        Engine().evaluate("throw 'no'", "app.js")
    assert (thrown.value.message, thrown.value.stack) == ("no", ())


def test_engines_share_nothing() -> None:
    first, second = Engine(), Engine()
    first.evaluate("globalThis.x = 1; Array.prototype.y = 2", "app.js")
    assert second.evaluate("typeof x + typeof [].y", "app.js") == "undefinedundefined"
