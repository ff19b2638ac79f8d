"""Attention of the user reaches the windows: a policy that uses it records each change."""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.sim.run import simulate
from oneroom.trace.records import Role, RoleChanged

FORM = """
scenario: the user looks around
why: a test
policy: {policy}
bus: {{delay: 1ms}}
windows:
  main: {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 100ms}}
steps:
{steps}
"""


def owners(policy: str, *steps: str) -> list[str]:
    """The windows that became owner from 2 s on, in order."""
    text = FORM.format(policy=policy, steps="\n".join(f"  - {{at: {step}}}" for step in steps))
    trace = simulate(parse(text, vocabulary(), "test.yaml"), policy, Seeded(1)).trace
    return [
        trace.names[record.where]
        for record in trace.records
        if isinstance(record, RoleChanged)
        and record.role == Role.OWNER
        and record.at_us >= 2_000_000
    ]


def test_the_focus_is_told() -> None:
    assert owners("focus-follows", "2s, focus: {window: main}", "3s, focus: {window: overlay}") == [
        "main",
        "overlay",
    ]


def test_losing_the_focus_is_no_claim() -> None:
    steps = (
        "2s, focus: {window: main}",
        "3s, hide: {window: overlay}",
        "4s, show: {window: overlay}",
    )
    assert owners("focus-follows", *steps, "5s, focus: {window: overlay}") == ["main", "overlay"]


@pytest.mark.parametrize("show", [(), ("3s, show: {window: main}",)])
def test_hiding_is_told(show: tuple[str, ...]) -> None:
    assert owners("web-lock-release-when-hidden", "2s, hide: {window: main}", *show) == ["overlay"]


def test_a_shown_window_contends_again() -> None:
    steps = ("2s, hide: {window: main}", "2s, hide: {window: overlay}", "3s, show: {window: main}")
    assert owners("web-lock-release-when-hidden", *steps) == ["main"]
