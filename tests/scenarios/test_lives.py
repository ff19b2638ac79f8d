"""Steps that are possible: what the linter must leave alone. What it refuses is in
testdata/refused/life.txt.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

HEAD = """\
scenario: a
why: b
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms..900ms}
  second: {kind: overlay, opens: later}
steps:
"""

POSSIBLE = {
    "in the instant of the opening": [
        "at: 0s, focus: {window: main}",
        "at: 900ms, focus: {window: overlay}",
    ],
    "opened later": ["at: 2s..3s, open: {window: second}", "at: 3s..4s, focus: {window: second}"],
    "gone and back": [
        "at: 2s, close: {window: main}",
        "at: 3s, open: {window: main}",
        "at: 4s, crash: {window: main}",
        "at: 5s, open: {window: main}",
    ],
    "out of order in the file": [
        "at: 5s, resume: {window: main}",
        "at: 2s, freeze: {window: main}",
    ],
    "ranges that meet": [
        "at: 2s..3s, freeze: {window: main}",
        "at: 3s..4s, resume: {window: main}",
    ],
    "frozen, thawed by heal, frozen again": [
        "at: 2s, freeze: {window: main}",
        "at: 3s, heal: {}",
        "at: 4s, freeze: {window: main}",
    ],
    "closed while frozen, opened afresh": [
        "at: 2s, freeze: {window: main}",
        "at: 3s, close: {window: main}",
        "at: 4s, open: {window: main}",
        "at: 5s, freeze: {window: main}",
    ],
    "cut twice, healed once": [
        "at: 2s, drop_network: {window: main, path: signal}",
        "at: 3s, drop_network: {window: main, path: media}",
        "at: 4s, heal_network: {window: main}",
    ],
    "a ghost is kicked": ["at: 2s, crash: {window: main}", "at: 3s, kick: {window: main}"],
    "two windows cross": [
        "at: 2s..4s, crash: {window: main}",
        "at: 3s, toggle_mute: {window: overlay}",
    ],
    "the world without a window": [
        "at: 0s, delete_room: {}",
        "at: 0s, restart_server: {}",
        "at: 0s, drain: {}",
    ],
}


@pytest.mark.parametrize("steps", POSSIBLE.values(), ids=POSSIBLE)
def test_possible(steps: list[str], refusal: Callable[[str], str]) -> None:
    assert refusal(HEAD + "".join(f"  - {{{step}}}\n" for step in steps)) == "(accepted)"


def test_a_step_that_cannot_be_read_starts_no_chain_of_errors(
    refusal: Callable[[str], str],
) -> None:
    steps = "  - {at: 2s, opne: {window: second}}\n  - {at: 3s, focus: {window: second}}\n"
    answer = refusal(HEAD + steps)
    assert "unknown verb `opne`" in answer
    assert "never opens" not in answer
    assert "1 |" not in answer.replace("8 |", "")


def test_a_step_on_an_unknown_window_hides_nothing_of_the_others(
    refusal: Callable[[str], str],
) -> None:
    steps = [
        "at: 2s, freeze: {window: mian}",
        "at: 3s, resume: {window: main}",
        "at: 0s, focus: {window: overlay}",
    ]
    answer = refusal(HEAD + "".join(f"  - {{{step}}}\n" for step in steps))
    assert "unknown window `mian`" in answer
    assert "not frozen" not in answer
    assert "`focus` happens before `overlay` opens" in answer


def test_the_end_may_be_the_last_step(refusal: Callable[[str], str]) -> None:
    assert refusal(HEAD + "  - {at: 2s..5s, drain: {}}\nlasts: 5s\n") == "(accepted)"
