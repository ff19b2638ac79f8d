"""Entries of `expect` by which an app is not judged, because it never told what they need."""

from __future__ import annotations

import pytest

from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.scenario.bundle import Bundle

SCENARIO = """\
scenario: nothing happens
why: a test
windows:
  main: {kind: main, opens: 0s}
expect:
"""
DRAWS = "oneroom.draws({channel: 'lobby', connection: 'idle', muted: true});"


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("elections: 1", "oneroom.owner(1); oneroom.owner(2);"),
        ("flaps: 1", "oneroom.applied('main', 1, 'connect');"),
        ("shows: {channel: stage}", DRAWS),
        ("told: [hello]", "oneroom.told('goodbye');"),
    ],
)
def test_an_entry_is_judged_if_the_app_tells_of_it(expected: str, told: str) -> None:
    scenario = parse(f"{SCENARIO}  {expected}\n", vocabulary(), "test.yaml")
    broken = []
    for source in ("console.log(oneroom.windowName)", told):
        result = run_judged(scenario.with_bundle(Bundle("app.js", source)), "app.js", 1).result
        entry = expected.partition(":")[0]
        broken.append(entry in [finding.check for finding in result.violations])
    assert broken == [False, True]


def test_what_the_fakes_know_is_judged_whatever_the_app_tells() -> None:
    scenario = parse(f"{SCENARIO}  prompts: 1\n", vocabulary(), "test.yaml")
    result = run_judged(scenario.with_bundle(Bundle("app.js", "")), "app.js", 1).result
    assert [finding.check for finding in result.violations] == ["prompts"]
