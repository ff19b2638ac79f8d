"""Rules of windows that fuzzing found broken: each in the smallest world in which it shows."""

from __future__ import annotations

from harness.explore.trial import trial
from harness.trace.records import MessageKind, MessagePosted
from tests.explore.texts import scenario

HEAD = "scenario: a\nwhy: a test\n"
POLICY = "web-lock-lease"


def broken(text: str, seeds: int = 5) -> set[str]:
    made = scenario(HEAD + text)
    return {found.check for seed in range(1, seeds + 1) for found in trial(made, POLICY, seed).result.violations}


def test_armed_timers_of_a_hidden_page_are_put_forward_when_its_room_connects() -> None:
    made = scenario(
        HEAD
        + "windows: {main: {kind: main, opens: 0s, hidden: true}}\n"
        + "steps:\n  - {at: 121s, connect: {window: main, channel: lobby}}\n  - {at: 170s, focus: {window: main}}\n"
    )
    records = trial(made, POLICY, 1).run.trace.records
    beats = [one for one in records if isinstance(one, MessagePosted) and one.kind == MessageKind.HEARTBEAT]
    assert len([one for one in beats if 125_000_000 < one.at_us < 165_000_000]) > 30, "one a second, not one a minute"


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
