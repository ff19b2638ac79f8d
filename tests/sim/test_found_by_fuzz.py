"""Rules of windows that fuzzing found broken: each in the smallest world in which it shows."""

from __future__ import annotations

from oneroom.explore.judged_run import run_judged
from oneroom.trace.records import MessageKind, MessagePosted
from tests.explore.texts import scenario

HEAD = "scenario: a\nwhy: a test\n"
POLICY = "web-lock-lease"


def broken(text: str, seeds: int = 5) -> set[str]:
    made = scenario(HEAD + text)
    return {
        found.check
        for seed in range(1, seeds + 1)
        for found in run_judged(made, POLICY, seed).result.violations
    }


def test_armed_timers_of_a_hidden_page_are_put_forward_when_its_room_connects() -> None:
    made = scenario(
        HEAD
        + "windows: {main: {kind: main, opens: 0s, hidden: true}}\n"
        + "steps:\n  - {at: 121s, connect: {window: main, channel: lobby}}\n"
        + "  - {at: 170s, focus: {window: main}}\n"
    )
    records = run_judged(made, POLICY, 1).run.trace.records
    beats = [
        one
        for one in records
        if isinstance(one, MessagePosted) and one.kind == MessageKind.HEARTBEAT
    ]
    assert len([one for one in beats if 125_000_000 < one.at_us < 165_000_000]) > 30, (
        "one a second, not one a minute"
    )


def test_the_faults_of_a_document_are_over_when_it_comes_back_out_of_the_cache() -> None:
    text = """\
bus: {kind: storage-event}
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 0s, deafen: {window: main}}
  - {at: 0s, hide: {window: main}}
  - {at: 0s, leave_page: {window: main}}
  - {at: 0s, come_back: {window: main}}
"""
    assert broken(text) == set()


def test_a_frozen_owner_that_hears_of_the_end_of_its_share_lets_go_if_it_was_succeeded() -> None:
    text = """\
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 0s, connect: {window: main, channel: lobby}}
  - {at: 0s, partition: {window: overlay}}
  - {at: 1s, share_screen: {window: main}}
  - {at: 1s, freeze: {window: main}}
  - {at: 6s, stop_sharing: {window: main}}
"""
    assert broken(text, 20) == set()


def test_who_hands_over_and_stands_still_does_not_answer_as_the_owner_that_it_was() -> None:
    text = """\
windows:
  main: {kind: main, opens: later}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 0s, connect: {window: overlay, channel: lobby}}
  - {at: 500ms, open: {window: main}}
  - {at: 520ms, stall: {window: overlay, lasts: 1s..10s}}
"""
    assert broken(text, 20) == set()


def test_an_owner_in_doubt_does_not_correct_who_speaks_of_a_lower_term() -> None:
    text = """\
bus: {delay: 1ms..3s}
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 0s, reload: {window: main}}
  - {at: 1s, freeze: {window: main}}
  - {at: 1s, stall: {window: main, lasts: 4s}}
  - {at: 1s, resume: {window: main}}
"""
    assert broken(text, 100) == set()


def test_nothing_comes_back_out_of_the_cache_of_a_machine_that_sleeps() -> None:
    text = """\
bus: {kind: storage-event}
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 1s}
steps:
  - {at: 0s, leave_page: {window: main}}
  - {at: 2s, sleep: {lasts: 5s}}
  - {at: 2s, come_back: {window: main}}
"""
    assert broken(text) == set()


def test_a_server_off_its_network_hears_afterwards_who_has_left() -> None:
    text = """\
windows:
  main: {kind: main, opens: 0s}
steps:
  - {at: 0s, connect: {window: main, channel: lobby}}
  - {at: 0s, remote_joins: {identity: grace, channel: lobby}}
  - {at: 0s, remote_starts_camera: {identity: grace}}
  - {at: 0s, unplug_server: {lasts: 0s}}
  - {at: 0s, remote_leaves: {identity: grace}}
  - {at: 0s, remote_joins: {identity: grace, channel: stage}}
"""
    assert broken(text) == set()


def test_hidden_windows_that_make_sure_again_and_again_are_not_judged_while_they_do() -> None:
    text = """\
bus: {delay: 1ms..900ms}
lasts: 5m
windows:
  first: {kind: overlay, hidden: true, opens: 0s}
  second: {kind: overlay, hidden: true, opens: 0s}
steps:
  - {at: 1s, shut_down_server: {down: 6s}}
"""
    assert broken(text, 20) == set()


def test_a_session_that_never_heard_of_its_client_again_is_waited_for() -> None:
    text = """\
network: {delay: 20ms..400ms}
windows:
  main: {kind: main, opens: 0s}
steps:
  - {at: 0s, connect: {window: main, channel: lobby}}
  - {at: 60ms, crash_reload: {window: main, after: 500ms}}
  - {at: 1.7s, unplug_server: {lasts: 0s}}
  - {at: 2s, crash: {window: main}}
"""
    assert broken(text, 20) == set()


def test_who_was_sent_out_stays_out_after_an_owner_that_never_got_into_the_call() -> None:
    text = """\
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 0s, connect: {window: main, channel: lobby}}
  - {at: 0s, slow_tokens: {takes: 500ms}}
  - {at: 1s, stop: {window: main, lasts: 5s}}
  - {at: 2s, kick: {window: main}}
  - {at: 4s, close: {window: overlay}}
  - {at: 9s, heal: {}}
"""
    assert broken(text, 20) == set()


def test_who_hands_over_counts_from_its_last_sign_of_life_as_the_others_do() -> None:
    # It posts no heartbeat any more, so they give it up before it has stood still for a lease.
    text = """\
windows:
  main: {kind: main, opens: later}
  overlay: {kind: overlay, opens: 0s}
  widget: {kind: overlay, opens: 600ms}
steps:
  - {at: 2s, connect: {window: overlay, channel: lobby}}
  - {at: 5s, open: {window: main}}
  - {at: 5014ms, stall: {window: overlay, lasts: 2833ms}}
"""
    assert broken(text, 50) == set()


def test_a_window_that_comes_back_out_of_the_cache_draws_whom_it_drew_before() -> None:
    text = """\
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 0s}
steps:
  - {at: 0s, remote_joins: {identity: linus, channel: lobby}}
  - {at: 0s, connect: {window: overlay, channel: lobby}}
  - {at: 2s, leave_page: {window: overlay}}
  - {at: 2s, come_back: {window: overlay}}
"""
    assert broken(text) == set()
