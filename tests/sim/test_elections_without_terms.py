"""Elections without terms: owners that follow one another and never meet break no promise."""

from __future__ import annotations

import pytest

from oneroom.explore.judged_run import run_judged
from tests.explore.texts import scenario

SEEDS = range(1, 11)

THE_LAST_WINDOW_RELOADS = """\
scenario: the last window of all is reloaded, alone
why: a test
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 1s}
steps:
  - {at: 3s, close: {window: main}}
  - {at: 30s, reload: {window: overlay}}
"""
THREE_OWNERS_IN_TURN = """\
scenario: three owners one after the other, never two at once
why: a test
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, reload: {window: main}}
  - {at: 2700ms, close: {window: overlay}}
"""


@pytest.mark.parametrize(
    ("text", "policy"),
    [
        (THE_LAST_WINDOW_RELOADS, "bully-apply"),
        (THE_LAST_WINDOW_RELOADS, "web-lock-plain"),
        (THE_LAST_WINDOW_RELOADS, "ls-mutex"),
        (THREE_OWNERS_IN_TURN, "web-lock-plain"),
    ],
)
def test_owners_in_turn_are_no_zombies(text: str, policy: str) -> None:
    made = scenario(text)
    results = [run_judged(made, policy, seed).result for seed in SEEDS]
    assert {result.verdict for result in results} == {"held"}
    assert all("fenced_actions" in result.vacuous for result in results)
