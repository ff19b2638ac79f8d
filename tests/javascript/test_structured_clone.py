"""Copies of values, and what cannot be copied."""

from __future__ import annotations

import pytest

from tests.javascript.page_rig import Page


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("undefined", "copy === undefined"),
        ("-0", "Object.is(copy, -0)"),
        ("NaN", "Number.isNaN(copy)"),
        ("10n ** 20n", "copy === 10n ** 20n"),
        ("'\\ud800'", "copy === '\\ud800'"),
        ("'a\\0b'", "copy === 'a\\0b'"),
        ("{$: 'map', of: 1}", "copy.$ === 'map' && copy.of === 1"),
        ("JSON.parse('{\"__proto__\": 1}')", "Object.hasOwn(copy, '__proto__')"),
        ("[1, , 3]", "copy.length === 3 && !(1 in copy)"),
        ("Object.assign([1], {name: 'x'})", "copy.name === 'x'"),
        ("new Date(5)", "copy instanceof Date && copy.getTime() === 5"),
        ("new Map([[{a: 1}, new Set([1])]])", "[...copy][0][1].has(1)"),
        ("new Uint16Array([1, 2]).subarray(1)", "copy.length === 1 && copy[0] === 2"),
        ("new DataView(new ArrayBuffer(4), 1)", "copy.byteLength === 3"),
        ("Object.assign(new TypeError('x'), {code: 1})", "copy.name + copy.code"),
        ("new DOMException('m', 'AbortError')", "copy.name === 'AbortError' && copy.code === 20"),
        ("new (class A { x = 1; #y = 2; get z() { return 3; } })", "Object.keys(copy)[0] === 'x'"),
        ("(a => (a.self = a, a))({})", "copy.self === copy"),
        ("(a => [a, a])({})", "copy[0] === copy[1] && copy[0] !== value[0]"),
        ("(a => [new Uint8Array(a), a])(new ArrayBuffer(2))", "copy[0].buffer === copy[1]"),
        ("Object(5)", "typeof copy === 'object' && copy + 1 === 6"),
    ],
)
def test_a_value_is_copied(value, seen):
    page = Page()
    page.run(f"const value = {value}, copy = structuredClone(value)")
    assert page.value(seen) in (True, "TypeErrorundefined")


@pytest.mark.parametrize(
    "value",
    [
        "() => 0",
        "Symbol('s')",
        "{deep: new Map([['x', [() => 0]]])}",
        "Promise.resolve()",
        "new WeakMap()",
        "document.body",
        "globalThis.addEventListener",
        "new SharedArrayBuffer(8)",
    ],
)
def test_what_cannot_be_copied_throws(value):
    page = Page()
    page.run(f"try {{ structuredClone({value}) }} catch (error) {{ say(error.name) }}")
    assert page.said == ["DataCloneError"]


def test_an_error_of_a_getter_is_the_getters():
    page = Page()
    page.run(
        "try { structuredClone({get x() { throw new RangeError() }}) } catch (e) { say(e.name) }"
    )
    assert page.said == ["RangeError"]
