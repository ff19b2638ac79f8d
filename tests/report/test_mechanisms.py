"""The mechanism of a failure is in its cause: sleep, storage, clocks, devices, names, notes."""

from __future__ import annotations

from oneroom.checks.results import Finding
from oneroom.explore.judged_run import JudgedRun, run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.report import cause_chain
from oneroom.report.explanation import Explanation, explanation, render
from oneroom.scenario import Scenario, parse
from oneroom.trace import causes as walk
from oneroom.trace import records as r

DATE_NOW_LEASE = "tests.report.date_now_lease:DateNowLease"
THE_LAPTOP_SLEEPS = """\
scenario: the laptop sleeps with the overlay open, and both windows are owners after it
why: a test
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 1s..2s}
steps:
  - {at: 3s, connect: {window: main, channel: lobby}}
  - {at: 10s..12s, sleep: {lasts: 60s..120s, clock: runs}}
"""
THE_CLOCK_IS_SET = """\
scenario: the wall clock is set ahead, and the row of the owner looks old
why: a test
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 1s..2s}
steps:
  - {at: 3s, connect: {window: main, channel: lobby}}
  - {at: 10s, step_clock: {by: 1h, direction: ahead}}
"""
A_TAB_IS_DUPLICATED = """\
scenario: a tab whose id is kept in sessionStorage is duplicated
why: a test
instance: session
windows:
  main: {kind: main, opens: 0s}
  twin: {kind: main, opens: later}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
  - {at: 4s..5s, duplicate: {window: twin, of: main}}
  - {at: 8s, toggle_mute: {window: twin}}
"""
THE_BUS_IS_SLOW = """\
scenario: the bus is slower than the elections that run over it
why: a test
bus: {delay: 310ms..330ms}
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s..20ms}
steps:
  - {at: 3s, connect: {window: main, channel: lobby}}
"""
THE_TRAY_SUSPENDS = """\
scenario: the owner is suspended in the tray, and a click comes to nothing
why: a test
engine: webkit
windows:
  main: {kind: main, opens: 0s, suspends: 8s..16s}
  overlay: {kind: overlay, opens: 1s}
steps:
  - {at: 3s, hide_to_tray: {window: main}}
  - {at: 40s, connect: {window: overlay, channel: lobby}}
"""
THE_NEWEST_WINDOW_OWNS = """\
scenario: a window that has just opened owns, and begins without the call
why: a test
windows:
  main: {kind: main, opens: 0s}
  widget: {kind: overlay, opens: later}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
  - {at: 6300ms, open: {window: widget}}
"""
SEEDS = range(1, 41)


def _scenario(text: str) -> Scenario:
    return parse(text, vocabulary(), "test.yaml")


def _broken(text: str, policy: str, check: str) -> tuple[JudgedRun, Finding]:
    scenario = _scenario(text)
    for seed in SEEDS:
        judged = run_judged(scenario, policy, seed)
        for finding in judged.result.violations:
            if finding.check == check:
                return judged, finding
    raise AssertionError(f"{check} holds in {SEEDS}")


def _explained(text: str, policy: str, check: str) -> tuple[str, Explanation]:
    judged, finding = _broken(text, policy, check)
    trace = judged.run.trace
    return cause_chain.explain(trace, finding).line, explanation(trace, finding)


def test_the_sleep_that_made_two_owners_is_in_the_cause_and_explained() -> None:
    line, explained = _explained(THE_LAPTOP_SLEEPS, DATE_NOW_LEASE, "single_room")
    assert "main and overlay sleep for " in line
    assert "(line 8)" in line
    assert "overlay becomes owner" in line
    text = render(explained, 200)
    [sleep] = [n for n, link in enumerate(explained.chain) if " sleep for " in link.text]
    [read] = [link for link in explained.chain if link.text.startswith("overlay reads rtc-owner")]
    assert read.follows == sleep, "it read the row at its first turn after the sleep"
    assert "after main wrote it" in read.text
    assert f"follows from {sleep + 1}, " in text
    assert "sleep on overlay ended " in text, "the faults"
    assert "main and overlay would have had to run from " in text
    assert "main (t1) and overlay (t2)" in text, "the owners"
    assert any(
        row.about == "overlay" and row.text.startswith("main is dead: ") for row in explained.notes
    )


def test_a_step_of_the_clock_is_in_the_cause() -> None:
    line, _ = _explained(THE_CLOCK_IS_SET, DATE_NOW_LEASE, "single_room")
    assert "main and overlay see the clock set ahead by 3600 s (line 8)" in line


def test_a_name_that_two_windows_share_is_in_the_cause() -> None:
    line, explained = _explained(A_TAB_IS_DUPLICATED, "web-lock-lease", "mirrors_converge")
    assert "twin has the instance id of main: main" in line
    assert "its instance id is that of main, too" in render(explained, 200)


def test_messages_that_were_too_slow_are_the_cause_and_not_the_click_that_came_later() -> None:
    line, explained = _explained(THE_BUS_IS_SLOW, "bully-apply", "owner_elected")
    assert "main hears claim t0 from overlay, 31" in line
    assert "overlay hears claim t0 from main, 3" in line
    assert line.count(" ms late") == 2
    assert "connect" not in render(explained, 200).partition("at that moment")[0]


def test_a_click_that_came_to_nothing_has_the_click_and_who_should_have_answered() -> None:
    line, explained = _explained(THE_TRAY_SUSPENDS, "web-lock-plain", "intent_restored")
    assert line == ("main becomes owner (t1) → freezes → user in overlay: connect lobby (line 9)")
    hidden, frozen = [link for link in explained.chain if link.subject == "main"][1:]
    assert hidden.text == "main is hidden"
    assert hidden.line == 8
    assert explained.chain[frozen.follows] == hidden


def test_a_call_that_no_window_has_any_more_has_the_end_of_the_last_room() -> None:
    line, _ = _explained(THE_NEWEST_WINDOW_OWNS, "idb-term-cas", "intent_restored")
    assert line == (
        "widget becomes owner (t2) → main closes its Room → is out of its Room: CLIENT_INITIATED"
    )


def test_what_a_policy_does_with_storage_is_recorded_with_its_causes() -> None:
    judged = run_judged(_scenario(THE_LAPTOP_SLEEPS), DATE_NOW_LEASE, 1)
    trace = judged.run.trace
    heard = [one for one in trace.records if isinstance(one, r.StorageHeard)]
    assert heard
    for one in heard:
        write = trace.records[one.cause]
        assert isinstance(write, r.StorageWritten)
        assert (write.key, write.value) == (one.key, one.value)
        assert write.where != one.where
    first = next(one for one in trace.records if isinstance(one, r.StorageRead))
    assert (trace.names[first.key], trace.names[first.value]) == ("rtc-owner", "")
    won = next(one for one in trace.records if isinstance(one, r.RoleChanged))
    assert won.cause == first.n, "the read is the cause of what follows from it"


def test_a_policy_that_reads_nothing_records_nothing_of_storage() -> None:
    judged = run_judged(_scenario(THE_LAPTOP_SLEEPS), "web-lock-lease", 1)
    kinds = (r.StorageRead, r.StorageWritten, r.StorageHeard, r.Noted)
    assert not [one for one in judged.run.trace.records if isinstance(one, kinds)]


def test_a_page_that_hears_of_devices_hears_it_because_of_the_fault() -> None:
    text = THE_LAPTOP_SLEEPS.replace(
        "sleep: {lasts: 60s..120s, clock: runs}", "unplug: {device: microphone}"
    )
    trace = run_judged(_scenario(text), "web-lock-lease", 1).run.trace
    heard = [one for one in trace.records if isinstance(one, r.DevicesHeard)]
    assert {trace.names[one.where] for one in heard} == {"main", "overlay"}
    causes = {
        cause
        for one in heard
        for cause in walk.causes(trace, one.n)[:-1]
        if isinstance(cause, r.FaultChanged)
    }
    assert {trace.names[fault.fault] for fault in causes} == {"unplug microphone"}
