"""A scenario that was written says what it said before: every file of the tree, read, written and
read again.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.checks.registry import KEYS
from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import Scenario, discover, load, parse
from oneroom.scenario.write import write
from tests.project import SCENARIOS

FILES = [found.path for found in discover([SCENARIOS])]


def said(scenario: Scenario) -> object:
    """The content of a scenario: everything but the places of its parts."""
    head = scenario.model_dump(exclude={"windows", "steps", "expect"})
    windows = {name: (window.kind, window.opens) for name, window in scenario.windows.items()}
    expect = scenario.expect
    claims = [
        [claim.check for claim in listed]
        for listed in (expect.violated, expect.may_violate, expect.held)
    ]
    return (
        head,
        windows,
        [(step.at, step.verb) for step in scenario.steps],
        claims,
        expect.share,
        _limits(scenario),
    )


def _limits(scenario: Scenario) -> list[str]:
    return [str(limit) for limit in scenario.expect.limits.values()]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_written_scenario_says_what_it_said(path: Path) -> None:
    scenario = load(path, vocabulary())
    text = write(scenario)
    again = parse(text, vocabulary())
    assert said(again) == said(scenario)
    assert write(again) == text


def test_what_yaml_would_read_otherwise_is_quoted() -> None:
    text = """\
scenario: "yes: # no comment"
why: "- 'a'"
windows: {"on": {kind: main, opens: later}}
steps: [{at: 0.5ms..1s, open: {window: "on"}}, {at: 2s, connect: {window: "on", channel: "null"}}]
lasts: 3s
expect: {evictions: "<= 1.5", no_owner_ms: 0, held: [single_room]}
"""
    scenario = parse(text, vocabulary())
    again = parse(write(scenario), vocabulary())
    assert said(again) == said(scenario)
    assert again.title == "yes: # no comment"


def test_limits_on_every_entry_of_the_ledger_are_read_written_and_judged() -> None:
    lines = "".join(f'  {key}: ">= 1000000"\n' for key in KEYS)
    scenario = load(SCENARIOS / "stage1/main-crashes.yaml", vocabulary())
    head = write(scenario.model_copy(update={"expect": type(scenario.expect)()}))
    judged = parse(f"{head}expect:\n{lines}", vocabulary())
    assert _limits(parse(write(judged), vocabulary())) == _limits(judged)
    found = run_judged(judged, "web-lock-lease", 1).result.violations
    assert [finding.check for finding in found] == list(KEYS)
