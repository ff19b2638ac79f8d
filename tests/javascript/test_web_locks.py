"""navigator.locks: requests and what becomes of them."""

from __future__ import annotations

import pytest

from tests.javascript.page_rig import Page

REQUEST = """
const ask = (name, ...rest) => navigator.locks.request(name, ...rest)
    .then(value => say(`${name} ended with ${value}`), error => say(`${name}: ${error.name}`));
"""


def test_a_lock_is_held_until_the_promise_of_its_callback_ends():
    page = Page()
    assert page.run(
        REQUEST + "let release;"
        "ask('l', ({name, mode}) => { say(name + mode); return new Promise(r => release = r) })"
    ) == [["requestLock", 1, "l", "exclusive", False, False]]
    assert page.turn("lock", 1, "granted") == []
    assert page.run("release(7)") == [["releaseLock", 1]]
    assert page.said == ["lexclusive", "l ended with 7"]


def test_a_callback_that_throws_releases_the_lock():
    page = Page()
    page.run(REQUEST + "ask('l', {mode: 'shared'}, () => { throw new RangeError() })")
    assert page.turn("lock", 1, "granted") == [["releaseLock", 1]]
    assert page.said == ["l: RangeError"]


def test_if_available_gets_null_when_it_is_refused():
    page = Page()
    [op] = page.run(REQUEST + "ask('l', {ifAvailable: true}, lock => say(lock))")
    assert op[4:] == [True, False]
    assert page.turn("lock", 1, "refused") == []
    assert page.said == ["null", "l ended with undefined"]


def test_a_stolen_lock_rejects_and_is_not_released_again():
    page = Page()
    page.run(REQUEST + "let release; ask('l', () => new Promise(r => release = r))")
    page.turn("lock", 1, "granted")
    assert page.turn("lock", 1, "stolen") == []
    assert page.run("release()") == []
    assert page.said == ["l: AbortError"]


def test_an_abort_ends_a_request_that_waits_and_no_other():
    page = Page()
    page.run(
        REQUEST + "const one = new AbortController();"
        "ask('waits', {signal: one.signal}, () => say('never'));"
        "ask('held', {signal: one.signal}, () => new Promise(() => 0))"
    )
    page.turn("lock", 2, "granted")
    assert page.run("one.abort()") == [["abortLock", 1]]
    page.turn("lock", 1, "granted")
    assert page.said == ["waits: AbortError"]


@pytest.mark.parametrize(
    "options",
    [
        "{steal: true, ifAvailable: true}",
        "{steal: true, signal: new AbortController().signal}",
        "{ifAvailable: true, signal: new AbortController().signal}",
        "{steal: true, mode: 'shared'}",
    ],
)
def test_options_that_exclude_each_other_are_refused(options):
    page = Page()
    assert page.run(REQUEST + f"ask('l', {options}, () => 0)") == []
    assert page.said == ["l: NotSupportedError"]


def test_a_query_is_answered_with_the_hosts_snapshot():
    page = Page()
    assert page.run("navigator.locks.query().then(({held}) => say(held[0].name))") == [
        ["queryLocks", 1]
    ]
    page.turn("lockSnapshot", 1, '{"held": [{"name": "l"}], "pending": []}')
    assert page.said == ["l"]
