"""Two timelines of one schedule beside each other: times may differ and order of what is
concurrent; what was done may not.
"""

from __future__ import annotations

from oneroom.core.reasons import Reason
from oneroom.driver.recorder import Recorder
from oneroom.ports.observer import Presence
from oneroom.report import two_arms
from oneroom.report.two_arms import ArmDivergence, TimelineEntry
from oneroom.trace.records import Life, LifeChanged, MessageKind, MessagePosted, StepTaken
from oneroom.trace.trace import NO_CAUSE, WORLD, Trace


def _told(*texts: str, step_us: int = 1_000) -> list[TimelineEntry]:
    return [TimelineEntry(place * step_us, text) for place, text in enumerate(texts)]


def test_sids_and_messages_are_not_told() -> None:
    trace = Trace()
    main = trace.intern("main")
    trace.append(LifeChanged(0, 0, main, NO_CAUSE, Life.OPENED, True))
    trace.append(MessagePosted(1, 5, main, NO_CAUSE, MessageKind.HEARTBEAT, 1, 1, 0))
    trace.append(StepTaken(2, 10, WORLD, NO_CAUSE, trace.intern("connect"), 7))
    Recorder(trace).presence("main", "ada", "PA_8mVx", Presence.JOINED, Reason.UNKNOWN)
    texts = [one.text for one in two_arms.entries(trace)]
    assert texts[:2] == ["main opens", "step connect (line 7)"]
    assert len(texts) == 3
    assert "PA_" not in texts[2]


def test_the_same_things_at_other_times_are_no_difference() -> None:
    assert (
        two_arms.first_difference(_told("a", "b", "c"), _told("a", "b", "c", step_us=3_000)) is None
    )


def test_another_order_of_the_same_things_is_no_difference() -> None:
    assert two_arms.first_difference(_told("a", "b", "c"), _told("b", "a", "c")) is None


def test_the_arms_part_at_the_first_thing_that_one_of_them_did_alone() -> None:
    assert two_arms.first_difference(
        _told("a", "b", "c"), _told("a", "x", "b", "y", "c")
    ) == ArmDivergence(TimelineEntry(1_000, "x"), False)
    assert two_arms.first_difference(_told("a", "b"), _told("a")) == ArmDivergence(
        TimelineEntry(1_000, "b"), True
    )


def test_what_is_done_once_more_parts_at_the_last_time() -> None:
    assert two_arms.first_difference(_told("a", "a", "b"), _told("a", "b")) == ArmDivergence(
        TimelineEntry(1_000, "a"), True
    )


def test_the_picture_puts_what_both_did_on_one_line() -> None:
    lines = two_arms.side_by_side(
        _told("main opens", "gone"), _told("main opens", "back")
    ).splitlines()
    assert lines[0].split() == ["simulated", "LiveKit"]
    assert lines[1].split() == ["0.000", "s", "main", "opens", "0.000", "s", "main", "opens"]
    assert lines[2].split() == ["0.001", "s", "gone"]
    assert lines[3].split() == ["0.001", "s", "back"]
    assert lines[3].startswith(" " * 60)
