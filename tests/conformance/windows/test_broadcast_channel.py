"""BroadcastChannel: who hears what, in which order, and in which state of its life."""

from __future__ import annotations

import pytest

from tests.conformance.windows.browser_rig import Rig, Window, log, logs, told, windows
from tests.conformance.windows.steps import (
    channel,
    microtask,
    note,
    port,
    post,
    post_clonable,
    post_unclonable,
    react,
    shut,
    spin,
    timer,
)
from tests.units import MILLISECOND, SECOND

WHILE_US = 300 * MILLISECOND


def joined(rig: Rig, *names: str) -> list[Window]:
    """Windows with the channel open, called like themselves."""
    opened = windows(rig, *names)
    for window in opened:
        window.do(channel(window.name))
    return opened


def heard(window: Window, name: str = "") -> list[str]:
    """What a channel of the window has heard."""
    start = f"{name or window.name} hears "
    return [entry.removeprefix(start) for entry in log(window, start)]


def test_the_sending_object_hears_nothing_another_one_of_its_window_does(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    a.do(channel("second"), post("a", 1))
    told(rig, b, "b hears 1")
    told(rig, a, "second hears 1")
    rig.run_for(WHILE_US)
    assert heard(a) == []


def test_everybody_who_is_there_hears_it_once(rig: Rig) -> None:
    a, *others = joined(rig, "a", "b", "c", "d", "e")
    a.do(post("a", 1))
    for window in others:
        told(rig, window, f"{window.name} hears 1")
    rig.run_for(WHILE_US)
    assert [heard(window) for window in others] == [["1"]] * 4


def test_one_senders_messages_arrive_in_their_order(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    a.do(*(post("a", number) for number in range(50)))
    told(rig, b, "b hears 49")
    assert heard(b) == [str(number) for number in range(50)]


def test_all_receivers_hear_two_senders_in_one_order(rig: Rig) -> None:
    a, b, *receivers = joined(rig, "a", "b", "c", "d", "e")
    for number in range(10):
        for sender in (a, b):
            sender.start(post(sender.name, f"{sender.name}{number}"))
    for window in receivers:
        told(rig, window, f"{window.name} hears a9")
        told(rig, window, f"{window.name} hears b9")
    first, *rest = [heard(window) for window in receivers]
    assert len(first) == 20
    assert rest == [first, first]


def test_there_is_no_history(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    a.do(post("a", 1))
    told(rig, b, "b hears 1")
    (late,) = joined(rig, "late")
    a.do(post("a", 2))
    told(rig, late, "late hears 2")
    assert heard(late) == ["2"]


def test_a_channel_that_opens_after_the_post_hears_nothing_of_it(rig: Rig) -> None:
    # In the same task, so before anybody else has heard it.
    a, b = joined(rig, "a", "b")
    a.do(post("a", 1), channel("late"), post("a", 2))
    told(rig, b, "b hears 2")
    told(rig, a, "late hears 2")
    assert heard(a, "late") == ["2"]


def test_other_names_are_other_channels(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a", of="one"))
    b.do(channel("same", of="one"), channel("other", of="two"))
    a.do(post("a", 1))
    told(rig, b, "same hears 1")
    rig.run_for(WHILE_US)
    assert heard(b, "other") == []


def test_what_was_posted_before_close_arrives_and_afterwards_posting_throws(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    a.do(post("a", 1), shut("a"), post("a", 2))
    told(rig, b, "b hears 1")
    rig.run_for(WHILE_US)
    assert heard(b) == ["1"]
    assert log(a, "threw") == ["threw InvalidStateError"]


def test_what_was_on_its_way_to_a_closed_channel_is_dropped(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.do(react("b hears 1", shut("b")))
    a.do(*(post("a", number) for number in range(1, 6)))
    told(rig, b, "b hears 1")
    rig.run_for(WHILE_US)
    assert heard(b) == ["1"]


def test_what_a_window_posts_and_then_is_closed_arrives(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    a.do(post("a", 1))
    a.close_unasked()
    told(rig, b, "b hears 1")


def test_what_a_window_posts_while_it_goes_arrives(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    a.do(react("pagehide", post("a", "bye")))
    a.close()
    told(rig, b, "b hears bye")


def test_what_is_posted_in_a_task_that_never_ends_arrives_and_outlives_its_process(
    rig: Rig,
) -> None:
    a, b = joined(rig, "a", "b")
    a.start(post("a", 1), spin(60_000))
    told(rig, b, "b hears 1")
    a.crash()
    rig.run_for(WHILE_US)
    assert heard(b) == ["1"]


def test_nothing_arrives_in_the_task_that_posts_it_nor_before_its_timer_and_port(rig: Rig) -> None:
    (a,) = joined(rig, "a")
    a.do(channel("self"), timer(0, "t"), port("p"), post("a", 1), microtask("m"))
    told(rig, a, "self hears 1")
    told(rig, a, "timer t")
    said = log(a)[2:]
    assert said[0] == "microtask m"
    assert sorted(said[1:3]) == ["port p", "timer t"]
    assert said[3] == "self hears 1"


def test_a_hidden_page_hears_at_once(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.hide()
    rig.run_for(2 * SECOND)
    posted_us = rig.now_us
    a.do(post("a", 1))
    assert told(rig, b, "b hears 1") - posted_us <= 100 * MILLISECOND + rig.slack_us // 5


def test_a_frozen_page_hears_and_answers_at_once(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.do(react("b hears", post("b", "here"), microtask("m"), timer(0, "t"), port("p")))
    b.freeze()
    rig.run_for(WHILE_US)
    posted_us = rig.now_us
    a.do(post("a", 1))
    assert told(rig, a, "a hears here") - posted_us <= 100 * MILLISECOND + rig.slack_us // 5
    rig.run_for(SECOND)
    assert log(b)[-2:] == ["b hears 1", "microtask m"]


def test_a_cached_page_is_thrown_out_by_one_message(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.navigate()
    rig.run_for(WHILE_US)
    a.do(post("a", 1))
    rig.run_for(WHILE_US)
    b.back()
    rig.run_for(WHILE_US)
    assert logs(b, "pageshow") == [["pageshow"]] * 3
    assert [line for document in logs(b, "b hears") for line in document] == []


def test_a_cached_page_that_nobody_calls_comes_back_and_hears_again(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.navigate()
    rig.run_for(WHILE_US)
    b.back()
    told(rig, b, "pageshow persisted")
    a.do(post("a", 1))
    told(rig, b, "b hears 1")


def test_a_document_that_was_replaced_hears_nothing_and_its_successor_when_it_has_joined(
    rig: Rig,
) -> None:
    a = joined(rig, "a")[0]
    b = rig.window("b", unload=True)
    b.do(channel("b"), react("pagehide", post("b", "bye")))
    b.navigate()
    told(rig, a, "a hears bye")
    a.do(post("a", 1))
    rig.run_for(WHILE_US)
    b.do(channel("b"))
    a.do(post("a", 2))
    told(rig, b, "b hears 2")
    assert logs(b, "b hears") == [[], ["b hears 2"]]


@pytest.mark.parametrize(
    "kind", ["function", "element", "method", "symbol", "promise", "weak", "deep"]
)
def test_what_cannot_be_cloned_throws_at_its_sender_and_nothing_leaves(rig: Rig, kind: str) -> None:
    a, b = joined(rig, "a", "b")
    a.do(post_unclonable("a", kind), note("thrown by then"), post("a", 1))
    told(rig, b, "b hears 1")
    assert log(a)[2:] == ["threw DataCloneError", "thrown by then"]
    assert log(b)[2:] == ["b hears 1"]


@pytest.mark.parametrize("kind", ["shared", "sharing"])
def test_shared_memory_arrives_as_null_and_nobody_is_told_of_an_error(rig: Rig, kind: str) -> None:
    a, b = (rig.window(name, isolated=True) for name in ("a", "b"))
    for window in (a, b):
        window.do(channel(window.name))
    (plain,) = joined(rig, "plain")
    a.do(channel("second"), post_unclonable("a", kind), post("a", 1))
    for window, name in ((b, "b"), (plain, "plain"), (a, "second")):
        told(rig, window, f"{name} hears 1")
        assert log(window)[2:] == [f"{name} hears null", f"{name} hears 1"]


def test_a_closed_channel_does_not_even_look_at_what_it_is_to_post(rig: Rig) -> None:
    (a,) = joined(rig, "a")
    a.do(shut("a"), post_unclonable("a", "function"))
    assert log(a)[2:] == ["threw InvalidStateError"]


def test_a_stopped_page_hears_when_it_goes_on(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.stop()
    a.do(post("a", 1), post("a", 2))
    rig.run_for(SECOND)
    assert heard(b) == []
    b.go_on()
    told(rig, b, "b hears 2")
    assert heard(b) == ["1", "2"]


def test_a_stalled_page_hears_when_its_task_is_over(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    b.stall(2 * SECOND)
    posted_us = rig.now_us
    a.do(post("a", 1))
    assert told(rig, b, "b hears 1", within_us=3 * SECOND) - posted_us >= 700 * MILLISECOND


def test_a_window_of_another_partition_neither_hears_nor_is_heard(rig: Rig) -> None:
    a, b = joined(rig, "a", "b")
    stranger = rig.stranger("stranger")
    stranger.do(channel("stranger"))
    a.do(post("a", 1))
    stranger.do(post("stranger", 2))
    told(rig, b, "b hears 1")
    rig.run_for(WHILE_US)
    assert (heard(stranger), heard(a), heard(b)) == ([], [], ["1"])


CLONED = {
    "date": "Date 0",
    "map": "Map {a: Object {x: 1}, b: null}",
    "set": "Set {1, two}",
    "regexp": "RegExp /a+/gi at 0",
    "error": "TypeError: wrong",
    "own error": "Error: lost",
    "bytes": "Uint8Array [1, 2]",
    "floats": "Float64Array [0.5]",
    "buffer": "ArrayBuffer [1, 2]",
    "instance": "Object {x: 1}",
    "nested": "[Object {of: [true, text]}, []]",
    "cycle": "Object {name: one, self: ^0}",
    "twice": "[Object {}, ^1]",
}


def test_a_copy_has_what_the_standard_says(rig: Rig) -> None:
    a, b = windows(rig, "a", "b")
    a.do(channel("a"))
    b.do(channel("b"))
    a.do(*(post_clonable("a", kind) for kind in CLONED), post("a", "last"))
    told(rig, b, "b hears last")
    heard = [line.removeprefix("b hears ") for line in log(b, "b hears")]
    assert dict(zip(CLONED, heard, strict=False)) == CLONED
