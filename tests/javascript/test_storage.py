"""localStorage and sessionStorage: a replica, its writes, its events."""

from __future__ import annotations

from tests.javascript.page_rig import Page


def test_writes_are_seen_at_once_and_told():
    page = Page(local={"there": "1"})
    assert page.run(
        "localStorage.setItem('a', 1); localStorage.setItem('a', '1'); localStorage.b = 2;"
        "delete localStorage.there; localStorage.removeItem('nothing'); localStorage.clear()"
    ) == [
        ["setItem", "a", "1"],
        ["setItem", "b", "2"],
        ["setItem", "there", None],
        ["setItem", None, None],
    ]
    assert page.value("[localStorage.length, localStorage.a, localStorage.getItem('a')]") == [
        0,
        None,
        None,
    ]


def test_items_are_properties():
    page = Page(session={"a": "1", "b": "2"})
    assert page.value("Object.keys(sessionStorage)") == ["a", "b"]
    assert page.value("['a' in sessionStorage, 'x' in sessionStorage, sessionStorage.b]") == [
        True,
        False,
        "2",
    ]
    assert page.value("[sessionStorage.key(1), sessionStorage.key(5)]") == ["b", None]
    assert page.run("sessionStorage.c = 3") == [["setSessionItem", "c", "3"]]


def test_writes_of_others_come_as_replica_and_then_as_an_event():
    page = Page()
    page.run("onstorage = e => say(`${e.key} ${e.oldValue} ${e.newValue} ${localStorage.a}`)")
    page.turn("replica", '[["a", "2"]]')
    page.turn("storage", "a", "1", "2")
    page.turn("replica", "[[null, null]]")
    page.turn("storage", None, None, None)
    assert page.said == ["a 1 2 2", "null null null undefined"]


def test_the_quota_is_of_all_items_together():
    page = Page()
    ops = page.run(
        """
        localStorage.a = 'x'.repeat(3 * 1024 * 1024);
        try { localStorage.b = 'x'.repeat(3 * 1024 * 1024) } catch (error) { say(error.name) }
        localStorage.a = 'x'.repeat(5 * 1024 * 1024 - 1);
        """
    )
    assert [op[1] for op in ops] == ["a", "a"]
    assert page.said == ["QuotaExceededError"]


def test_what_is_no_text_is_refused():
    told = "(() => { try { localStorage.setItem('a', Symbol()); } catch (e) { return e.name; } })()"
    assert Page().value(told) == "TypeError"
