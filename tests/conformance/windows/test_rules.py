"""Every case of the kit confirms a rule of a fake: a row of `fakes/README.md` names it."""

from __future__ import annotations

import inspect
from types import ModuleType

import pytest

from tests.conformance.windows import (
    test_broadcast_channel,
    test_capture,
    test_lives,
    test_lock_requests,
    test_network,
    test_popups,
    test_storage,
    test_timers,
    test_varies,
    test_web_locks,
)
from tests.conformance.windows.table import Case, rule_of, rules

GROUPS: tuple[ModuleType, ...] = (
    test_broadcast_channel,
    test_capture,
    test_lives,
    test_lock_requests,
    test_network,
    test_popups,
    test_storage,
    test_timers,
    test_web_locks,
)


def cases() -> list[Case]:
    """All of them, as the table calls them."""
    found = [("varies", f"nothing_happens_that_is_not_allowed[{name}]") for name in test_varies.IDS]
    for group in GROUPS:
        for name, body in vars(group).items():
            if name.startswith("test_") and "rig" in inspect.signature(body).parameters:
                found.append((group.__name__.rpartition("test_")[2], name.removeprefix("test_")))
    return found


@pytest.mark.parametrize(
    "group", [*(one.__name__.rpartition("test_")[2] for one in GROUPS), "varies"]
)
def test_every_case_confirms_a_rule(group: str) -> None:
    known = rules()
    mine = [case for case in cases() if case[0] == group]
    assert mine
    assert [case for case in mine if not rule_of(known, case)] == []


def test_a_case_that_nobody_names_has_no_rule() -> None:
    assert rule_of(rules(), ("storage", "a_case_that_does_not_exist")) == ""
