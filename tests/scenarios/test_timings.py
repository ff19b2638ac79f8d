"""Time-outs that cannot work are refused with their line."""

from __future__ import annotations

import pytest

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import ScenarioError, parse

TEXT = """\
scenario: a
why: b
policy: {policy}
timings: {{{timings}}}
windows:
  main: {{kind: main, opens: 0s}}
"""


def problems(timings: str, policy: str = "web-lock-lease") -> list[tuple[int, str]]:
    try:
        parse(TEXT.format(timings=timings, policy=policy), vocabulary(), "one.yaml")
    except ScenarioError as error:
        return [(problem.line, problem.message) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("timings", "messages"),
    [
        (
            "lease: 0s, heartbeat: 0s",
            ["`lease` must be longer than 0", "`heartbeat` must be longer than 0"],
        ),
        ("resend: 0s", ["`resend` must be longer than 0"]),
        ("lease: 1s, heartbeat: 2s", ["`lease` (1s) is shorter than `heartbeat` (2s)"]),
        ("lease: 500ms", ["`lease` (500ms) is shorter than `heartbeat` (1s)"]),
        ("heartbeat: 4s", ["`lease` (3s) is shorter than `heartbeat` (4s)"]),
        ("retry: 11s", ["`retry_max` (10s) is shorter than `retry` (11s)"]),
    ],
)
def test_what_cannot_work(timings: str, messages: list[str]) -> None:
    assert problems(timings) == [(4, message) for message in messages]


@pytest.mark.parametrize(
    "timings", ["claim: 0ms", "heartbeat: 1s, lease: 1s", "reclaim: 0s", "lease: 1500ms"]
)
def test_what_is_hasty_and_works(timings: str) -> None:
    assert problems(timings) == []


def test_a_policy_of_ones_own_is_judged_by_what_is_written() -> None:
    assert problems("lease: 100ms", "my.module:Mine") == []
    assert len(problems("lease: 100ms, heartbeat: 1s", "my.module:Mine")) == 1


def test_a_policy_is_judged_by_its_own_published_time_outs() -> None:
    assert len(problems("heartbeat: 1s", "[web-lock-lease, lease-term-fencing]")) == 0
