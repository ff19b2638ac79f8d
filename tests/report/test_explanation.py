"""The explanation of a failure, on runs written by hand."""

from __future__ import annotations

from oneroom.checks.results import Finding
from oneroom.report.explanation import explanation, render
from oneroom.report.moment import moment
from oneroom.trace import records as r
from oneroom.trace.trace import Trace
from tests.histories import History
from tests.report.examples import frozen_owner


def test_a_failure_is_told_with_delays_beliefs_and_what_hangs_on_what() -> None:
    trace, finding = frozen_owner()
    assert render(explanation(trace, finding), 120).split("\n") == [
        "  how it came about",
        "     1     0.100 s  main is granted the lock",
        "     2     0.100 s  main becomes owner (t1): follows from 1, in the same instant",
        "     3     1.000 s  user in overlay: connect lobby (line 12)",
        "     4     1.010 s  main opens its Room (t1): follows from 3, 10 ms later",
        "     5     4.000 s  main freezes (line 14)",
        "     6     7.100 s  main has the lock stolen",
        "     7     7.100 s  overlay is granted the lock: follows from 6, in the same instant",
        "     8     7.100 s  overlay becomes owner (t2): follows from 7, in the same instant",
        "     9     7.104 s  overlay opens its Room (t2): follows from 8, 4 ms later",
        "  at that moment",
        "    owner    main (t1) and overlay (t2)",
        "    faults   freeze on main, since 4.000 s",
        "    main     believes that it is owner (t1); holds a Room (t1, connected); "
        "does not run: it freezes 3.1 s before",
        "    overlay  believes that it is owner (t2); holds a Room (t2, opening)",
        "    lock     held by overlay",
        "    bus      nothing under way",
        "    SFU      lists main as ada (joined)",
    ]


def lost(then_hears: bool) -> tuple[Trace, Finding]:
    """overlay misses a heartbeat and becomes owner; the next one ends that, if it comes."""
    told = History()
    told.owner("main", 1)
    told.at(1_000).posts("main", r.MessageKind.HEARTBEAT, 1)
    miss = told.then().misses("overlay", r.Loss.LOST).n
    second = told.at(3_990).posts("main", r.MessageKind.HEARTBEAT, 1).n
    failing = told.at(4_000).because(miss).owner("overlay", 2).n
    if then_hears:
        heard = told.at(4_020).because(second).hears("overlay", r.MessageKind.HEARTBEAT).n
        told.because(heard).role("overlay", r.Role.FOLLOWER, 2)
    else:
        told.at(4_020).because(second).misses("overlay", r.Loss.LOST)
        told.at(9_000).because(failing).role("overlay", r.Role.FOLLOWER, 2)
    windows = ("main", "overlay")
    return told.trace, Finding("one_owner_per_term", 4_000_000, windows, "two", failing)


def test_what_would_have_had_to_be_otherwise_is_what_the_trace_shows() -> None:
    assert explanation(*lost(then_hears=True)).otherwise == (
        "overlay follows (t2) 20 ms later, when it hears heartbeat t1 from main, posted 10 ms "
        "before; it would have had to hear of it before",
        "overlay misses heartbeat t1 from main (lost): that message would have had to arrive",
    )
    assert explanation(*lost(then_hears=False)).otherwise == (
        "overlay misses heartbeat t1 from main (lost): that message would have had to arrive",
    ), "nothing that was under way ended it"


def test_what_is_under_way_is_told_with_its_arrival() -> None:
    rows = {row.about: row.text for row in explanation(*lost(then_hears=True)).moment}
    assert rows["bus"] == "under way: heartbeat t1 from main 10 ms before, to overlay 20 ms later"
    rows = {row.about: row.text for row in explanation(*lost(then_hears=False)).moment}
    assert rows["bus"] == "nothing under way", "a message that is lost is not"


def test_a_follower_believes_in_the_owner_whose_message_it_handled_last() -> None:
    told = History()
    told.owner("main", 3)
    told.beats("main", ("overlay",), 3, 1_000, 1)
    failing = told.at(2_000).posts("overlay", r.MessageKind.PROBE, 3).n
    finding = Finding("mirrors_converge", 2_000_000, ("overlay",), "stale", failing)
    rows = {row.about: row.text for row in explanation(told.trace, finding).moment}
    assert rows["overlay"] == "follows, believes that main (t3) is owner, heard 995 ms before"
    assert rows["owner"] == "main (t3)"


def test_a_window_that_opens_again_has_forgotten_everything() -> None:
    told = History()
    told.owner("main", 3).lock("main", r.LockChange.GRANTED)
    told.at(1_000).life("main", r.Life.CRASHED)
    assert not moment(told.trace, told.n).windows[told.name("main")].owns
    told.at(2_000).life("main", r.Life.OPENED)
    window = moment(told.trace, told.n).windows[told.name("main")]
    assert window.role is None
    assert window.lock is None
    assert not window.gone


def test_an_exception_before_anything_happened_is_explained_by_nothing() -> None:
    explained = explanation(Trace(), Finding("raised", 0, (), "mine.py:3: KeyError", -1))
    assert not explained.chain
    assert not explained.moment
    assert explained.sentence.endswith("nothing led to it but the scenario itself.")
