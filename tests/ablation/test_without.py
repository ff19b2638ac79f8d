"""Machines that lack a safeguard: which classes they are made of, and that the bugs still bite."""

from __future__ import annotations

from typing import Any

import pytest

from oneroom.ablation import chat, commands, heartbeat, token, web_lock
from oneroom.ablation.safeguards import SAFEGUARDS
from oneroom.ablation.without import without
from oneroom.core.chat import Chat
from oneroom.core.commands import Applier
from oneroom.core.coordinator import Coordinator
from oneroom.core.state import Applied
from oneroom.core.token import Token
from oneroom.driver.coordinator_window import CoordinatorWindow
from oneroom.policies.heartbeat import HeartbeatTimeout
from oneroom.policies.web_lock import WebLock
from oneroom.policies.web_lock_lease import WebLockLease

BUGS = [(name, bug) for name, safeguard in SAFEGUARDS.items() for bug in safeguard.bugs]


@pytest.mark.parametrize(("name", "bug"), BUGS, ids=[bug.__name__ for _, bug in BUGS])
def test_a_bug_overrides_what_its_class_has_and_nothing_else(name: str, bug: type[Any]) -> None:
    (base,) = bug.__bases__
    own = {attribute for attribute in vars(bug) if not attribute.startswith("__")}
    assert own
    assert own <= set(dir(base)), f"{name} protects nothing any more"


def test_every_safeguard_has_a_bug() -> None:
    assert all(safeguard.bugs for safeguard in SAFEGUARDS.values())


@pytest.mark.parametrize("whole", [Coordinator, CoordinatorWindow, Chat, WebLockLease])
def test_what_lacks_nothing_is_the_class_itself(whole: type[Any]) -> None:
    assert without(whole, ()) is whole
    assert without(whole, ("persist_term",)) is whole


def test_the_class_is_made_once() -> None:
    assert without(Chat, ("chat_order",)) is without(Chat, ("chat_order",))


def test_a_bug_in_a_part_of_a_part_is_in_the_whole() -> None:
    spoilt = without(Coordinator, ("check_expiry",))
    assert spoilt.__name__ == "Coordinator"
    assert issubclass(spoilt.ownership_class.session_class.token_class, token.TriesExpiredToken)
    assert spoilt.mirror_class is Coordinator.mirror_class
    assert Coordinator.ownership_class.session_class.token_class is Token


def test_a_chat_has_its_own_bugs_and_those_of_its_caches() -> None:
    spoilt = without(Chat, ("chat_one_socket", "chat_dedupe"))
    assert issubclass(spoilt, chat.ObeysOldSocket)
    assert issubclass(spoilt.cache_class, chat.ShowsTwice)


def test_several_bugs_of_one_class_are_all_there() -> None:
    applier = without(Applier, ("inherit_applied", "command_order"))()
    applier.inherit((Applied("main", 7),))
    assert applier.highest == {}
    assert applier.accepts("main", 3, 2)
    assert issubclass(type(applier), commands.InheritsNothing)


def test_a_policy_has_the_bugs_of_its_own_election_alone() -> None:
    lacks = ("persist_term", "request_on_time", "claim_after_steal")
    assert without(HeartbeatTimeout, lacks).__mro__[1:3] == (
        heartbeat.ForgetsTerm,
        HeartbeatTimeout,
    )
    assert without(WebLock, lacks).__mro__[1:3] == (web_lock.AsksWhileHidden, WebLock)
    assert without(WebLockLease, lacks).name == "web-lock-lease"
    assert issubclass(without(WebLockLease, lacks), web_lock.AsksWhileHidden)
    assert issubclass(without(WebLockLease, lacks), web_lock.UsesStolenLockAtOnce)


def test_a_name_that_is_no_safeguard_is_an_error() -> None:
    with pytest.raises(KeyError):
        without(Coordinator, ("fence",))
