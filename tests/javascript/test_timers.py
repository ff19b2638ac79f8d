"""Timers, microtasks and the page's own tasks."""

from __future__ import annotations

import pytest

from tests.javascript.page_rig import Page


def test_a_timer_is_told_to_the_host_and_fires_once():
    page = Page()
    assert page.run("setTimeout((...all) => say(all), 10, 'a', 1)") == [["setTimer", 1, 10]]
    page.turn("timer", 1)
    page.turn("timer", 1)
    assert page.said == ["a,1"]


def test_an_interval_goes_on_until_it_is_cleared():
    page = Page()
    assert page.run("const id = setInterval(() => say('tick'), 10)") == [["setInterval", 1, 10]]
    assert page.turn("timer", 1) == page.turn("timer", 1) == []
    assert page.run("clearInterval(id); clearTimeout(id); clearTimeout(undefined)") == [
        ["clearTimer", 1]
    ]
    page.turn("timer", 1)
    assert page.said == ["tick", "tick"]


@pytest.mark.parametrize(
    ("delay", "told"),
    [("", 0), (", -5", 0), (", 'x'", 0), (", 1.9", 1), (", 2 ** 31", 0), (", Infinity", 0)],
)
def test_a_delay_is_a_positive_32_bit_integer(delay, told):
    assert Page().run(f"setTimeout(() => 0{delay})") == [["setTimer", 1, told]]


def test_a_microtask_that_throws_is_an_error_and_the_next_runs():
    page = Page()
    [[op, what, text, _]] = page.run(
        "queueMicrotask(() => { throw new Error('x') }); queueMicrotask(() => say('next'))"
    )
    assert (op, what, text) == ("error", "microtask", "Error: x")
    assert page.said == ["next"]


def test_a_message_of_a_port_is_a_task_of_its_own():
    page = Page()
    ops = page.run(
        """
        const {port1, port2} = new MessageChannel();
        port2.postMessage({early: true});
        port1.onmessage = ({data}) => say(JSON.stringify(data));
        port2.postMessage(2);
        """
    )
    assert ops == [["postTask", 1], ["postTask", 2]]
    page.turn("task", 1)
    page.run("port1.close()")
    page.turn("task", 2)
    assert page.said == ['{"early":true}']
