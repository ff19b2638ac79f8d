"""Events, listeners, handlers and aborts."""

from __future__ import annotations

import pytest

from tests.javascript.page_rig import Page


def test_microtasks_run_between_two_listeners_of_what_the_browser_fires():
    page = Page()
    page.run(
        """
        for (const name of ['one', 'two']) addEventListener('focus', () => {
            say(name);
            Promise.resolve().then(() => say(`then ${name}`));
        });
        """
    )
    page.turn("lifecycle", "focus")
    assert page.said == ["one", "then one", "two", "then two"]


def test_dispatch_event_of_a_script_runs_all_listeners_before_microtasks():
    page = Page()
    page.run(
        """
        const target = new EventTarget();
        for (const name of ['one', 'two']) target.addEventListener('x', () => {
            say(name);
            Promise.resolve().then(() => say(`then ${name}`));
        });
        target.dispatchEvent(new Event('x'));
        """
    )
    assert page.said == ["one", "two", "then one", "then two"]


def test_a_handler_has_the_place_of_its_first_assignment():
    page = Page()
    page.run(
        """
        onfocus = () => say('first handler');
        addEventListener('focus', () => say('listener'));
        onfocus = () => say('handler');
        """
    )
    page.turn("lifecycle", "focus")
    assert page.said == ["handler", "listener"]
    page.run("onfocus = null")
    page.turn("lifecycle", "focus")
    assert page.said[2:] == ["listener"]


def test_an_error_of_one_listener_does_not_stop_the_next():
    page = Page()
    page.run("onfocus = () => null.x; addEventListener('focus', () => say('next'))")
    [[op, what, text, stack]] = page.turn("lifecycle", "focus")
    assert (op, what, text.split(":")[0]) == ("error", "focus", "TypeError")
    assert "onfocus" in stack
    assert page.said == ["next"]


def test_a_rejection_of_an_async_listener_is_an_error():
    page = Page()
    page.run("onfocus = async () => { throw new RangeError('late'); }")
    [[_, what, text, _]] = page.turn("lifecycle", "focus")
    assert (what, text) == ("focus", "RangeError: late")


@pytest.mark.parametrize(
    "register",
    [
        "target.addEventListener('x', hear, {once: true})",
        "target.addEventListener('x', hear); target.addEventListener('x', hear); "
        "target.addEventListener('x', () => target.removeEventListener('x', hear))",
        "const {signal} = abort; target.addEventListener('x', hear, {signal}); "
        "target.addEventListener('x', () => abort.abort())",
        "target.addEventListener('x', {handleEvent() { say('x'); }}, {once: true})",
    ],
)
def test_a_listener_that_is_gone_hears_no_second_event(register):
    page = Page()
    page.run(
        f"""
        const target = new EventTarget(), abort = new AbortController(), hear = () => say('x');
        {register};
        target.dispatchEvent(new Event('x'));
        target.dispatchEvent(new Event('x'));
        """
    )
    assert page.said == ["x"]


def test_events_can_be_stopped_and_prevented():
    page = Page()
    page.run(
        """
        const target = new EventTarget();
        target.addEventListener('x', event => {
            event.preventDefault();
            event.stopImmediatePropagation();
        });
        target.addEventListener('x', () => say('not heard'));
        say(target.dispatchEvent(new Event('x', {cancelable: true})));
        say(target.dispatchEvent(new Event('x')));
        """
    )
    assert page.said == ["false", "true"]


def test_custom_events_and_their_members():
    page = Page()
    expression = "[new CustomEvent('x', {detail: 5}).detail, new CustomEvent('x').detail]"
    assert page.value(expression) == [5, None]
    assert page.value("new MessageEvent('x') instanceof Event")


def test_an_abort_has_a_reason_and_is_heard_once():
    page = Page()
    page.run(
        """
        const abort = new AbortController();
        abort.signal.onabort = () => say(abort.signal.reason.name);
        abort.abort();
        abort.abort(new Error('again'));
        const any = AbortSignal.any([AbortSignal.abort('because')]);
        any.onabort = () => say('never');
        say(any.reason);
        """
    )
    assert page.said == ["AbortError", "because"]


def test_a_signal_times_out():
    page = Page()
    assert page.run("AbortSignal.timeout(10).onabort = e => say(e.target.reason.name)") == [
        ["setTimer", 1, 10]
    ]
    page.turn("timer", 1)
    assert page.said == ["TimeoutError"]
