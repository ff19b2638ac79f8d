"""`shows`, `showed`, `told`: what windows draw and say, held against what a scenario expects."""

from __future__ import annotations

import pytest

from oneroom.explore.judged_run import run_judged
from oneroom.explore.rendered_state import missing
from oneroom.scenario.rendered_state import ExpectedRendering
from oneroom.trace.records import ConnectionState, Life
from tests.explore.texts import HELD, expecting, scenario
from tests.histories import History

STORY = (
    HELD
    + """\
  - {at: 6s, remote_joins: {identity: grace, channel: lobby}}
  - {at: 7s, remote_starts_sharing: {identity: grace}}
  - {at: 9s, remote_mutes: {identity: grace}}
"""
)


def found(*lines: str) -> list[tuple[str, str]]:
    """What was not as expected: key and words."""
    result = run_judged(scenario(expecting(STORY, *lines)), "web-lock-lease", 1).result
    return [(one.check, one.message) for one in result.violations]


@pytest.mark.parametrize(
    "expected",
    [
        "shows: {connection: connected, channel: lobby, error: '', people: grace, muted: grace, "
        "sharing: [grace]}",
        "shows: {cameras: [], speaking: []}",
        "showed: {connection: connecting, people: []}",
        "showed: {people: grace, muted: []}",
        "told: grace shares the screen",
    ],
)
def test_kept(expected: str) -> None:
    assert found(expected) == []


@pytest.mark.parametrize(
    ("expected", "key", "words"),
    [
        (
            "shows: {connection: idle}",
            "shows",
            "at the end main shows connection connected, expected idle; "
            "at the end overlay shows connection connected, expected idle",
        ),
        ("shows: {people: [grace, linus]}", "shows", "people [grace], expected [grace, linus]"),
        ("shows: {muted: []}", "shows", "muted [grace], expected []"),
        ("shows: {error: no token}", "shows", "error nothing, expected no token"),
        (
            "showed: {connection: reconnecting}",
            "showed",
            "main never showed connection reconnecting; overlay never",
        ),
        ("told: [grace stopped sharing]", "told", 'nobody was told "grace stopped sharing"'),
    ],
)
def test_broken(expected: str, key: str, words: str) -> None:
    (one,) = found(expected)
    assert one[0] == key
    assert words in one[1]


def test_windows_that_are_gone_are_not_asked() -> None:
    text = STORY + "  - {at: 12s, crash: {window: main}}\n"
    result = run_judged(
        scenario(expecting(text, "shows: {people: grace}")), "web-lock-lease", 1
    ).result
    assert result.violations == ()


def test_a_window_is_asked_whose_older_page_is_thrown_out_of_the_cache() -> None:
    history = History("main").life("main", Life.CACHED).life("main", Life.OPENED)
    history.renders("main", 1, 1, connection=ConnectionState.IDLE).life("main", Life.EVICTED)
    wrong = missing(history.trace, ExpectedRendering(connection="connected"), at_the_end=True)
    assert wrong == ["at the end main shows connection idle, expected connected"]
