"""Every kind of record has words, with and without the place."""

from __future__ import annotations

import pytest

from oneroom.core.messages import CommandVerb
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Loss, Presence
from oneroom.report.describe import DESCRIBED, Describer
from oneroom.report.transcript import transcript
from oneroom.trace import records as r
from oneroom.trace.trace import NO_CAUSE, WITNESS, Trace
from tests.histories import History
from tests.report.examples import frozen_owner


def test_every_kind_of_record_has_words() -> None:
    assert set(r.Record.__subclasses__()) == DESCRIBED


def test_no_record_of_a_run_is_told_by_its_fields() -> None:
    trace, _ = frozen_owner()
    describer = Describer(trace)
    for record in trace.records:
        assert "(n=" not in describer.describe(record)
        assert describer.sentence(record)


def told_of(history: History, n: int) -> tuple[str, str]:
    describer = Describer(history.trace)
    return describer.describe(history.trace.records[n]), describer.sentence(
        history.trace.records[n]
    )


def test_messages_point_to_where_they_go() -> None:
    history = History(bare=True)
    posted = history.at(1_000).posts("main", r.MessageKind.HEARTBEAT, 7).n
    heard = history.at(1_005).because(posted).hears("overlay", r.MessageKind.HEARTBEAT).n
    late = history.at(1_500).because(posted).hears("tab", r.MessageKind.HEARTBEAT).n
    missed = history.because(posted).misses("tab", Loss.PARTITIONED).n
    assert told_of(history, posted) == ("heartbeat t7 →", "main posts heartbeat t7")
    assert told_of(history, heard) == (
        "← heartbeat t7 from main",
        "overlay hears heartbeat t7 from main",
    )
    assert told_of(history, late)[0] == "← heartbeat t7 from main, 500 ms late"
    assert told_of(history, missed)[0] == "✗ heartbeat t7 from main, 500 ms late (partitioned)"


def test_commands_are_told_with_what_was_meant() -> None:
    history = History(bare=True)
    click = history.acts("overlay", "connect", "lobby").n
    mute = history.because(click).issues("overlay", 1, CommandVerb.TOGGLE_MUTE, value=True).n
    assert told_of(history, click) == ("user: connect lobby", "user in overlay: connect lobby")
    assert told_of(history, mute)[1] == "overlay issues #1 toggleMute on"


@pytest.mark.parametrize(
    ("presence", "reason", "text"),
    [
        (Presence.JOINED, Reason.UNKNOWN, "+ main as ada"),
        (Presence.GHOST, Reason.UNKNOWN, "main is a ghost"),
        (Presence.LEFT, Reason.DUPLICATE_IDENTITY, "− main: DUPLICATE_IDENTITY"),
    ],
)
def test_the_sfu_says_who_came_and_why_they_left(
    presence: Presence, reason: Reason, text: str
) -> None:
    history = History(bare=True)
    assert told_of(history, history.session("main", presence, reason=reason).n) == (
        text,
        f"SFU: {text}",
    )


def test_a_step_names_the_window_of_its_first_effect() -> None:
    history = History(bare=True)
    crash = history.step("crash", "world", 14).n
    history.because(crash).life("main", r.Life.CRASHED)
    heal = history.step("heal", "world", 15).n
    history.because(heal).life("overlay", r.Life.RESUMED)
    assert told_of(history, crash)[0] == "step crash main (line 14)"
    assert told_of(history, heal)[0] == "step heal (line 15)", "it happens to all windows"


def test_a_fault_that_is_a_window_s_life_is_told_once() -> None:
    history = History(bare=True)
    step = history.step("freeze", "world", 1).n
    life = history.because(step).life("main", r.Life.FROZEN).n
    frozen = history.because(life).fault("main", "freeze", True).n
    cut = history.at(1_000).because(step).fault("main", "drop_network", True).n
    describer = Describer(history.trace)
    faults = [history.trace.records[n] for n in (frozen, cut)]
    assert [
        describer.implied_by_lifecycle(fault)
        for fault in faults
        if isinstance(fault, r.FaultChanged)
    ] == [True, False]


def test_what_a_real_server_says_to_others_is_told_with_who_says_it() -> None:
    trace = Trace()
    ada, sid, nobody = trace.intern("ada"), trace.intern("PA_1"), trace.intern("")
    head = (WITNESS, NO_CAUSE)
    trace.append(r.ServiceListed(0, 0, *head, ada, sid, True))
    trace.append(r.ServiceListed(1, 0, *head, ada, sid, False))
    left = trace.intern("participant_left")
    trace.append(r.WebhookHeard(2, 0, *head, left, ada, sid, Reason.DUPLICATE_IDENTITY))
    trace.append(
        r.WebhookHeard(3, 0, *head, trace.intern("room_finished"), nobody, nobody, Reason.UNKNOWN)
    )
    describer = Describer(trace)
    assert [describer.describe(record) for record in trace.records] == [
        "RoomService lists ada PA_1",
        "RoomService no longer lists ada PA_1",
        "webhook participant_left of ada PA_1 (DUPLICATE_IDENTITY)",
        "webhook room_finished",
    ]


def test_a_transcript_has_a_line_a_record() -> None:
    trace, _ = frozen_owner()
    lines = transcript(trace).splitlines()
    assert len(lines) == len(trace.records)
    assert lines[0] == f"{0:10.3f} s  {Describer(trace).sentence(trace.records[0])}"
