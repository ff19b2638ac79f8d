"""Every arrow of the lock election's table moves the role along, and asks what the state asks."""

from __future__ import annotations

import pytest

from oneroom.core.actions import Role
from oneroom.core.election import Election
from oneroom.core.outbox import Outbox
from oneroom.policies.lock_election import REQUESTS, ROLES, TRANSITIONS, LockElection, On, State

ARROWS = [
    pytest.param(state, on, following, id=f"{state.name}-{on.name}")
    for state, ways in TRANSITIONS.items()
    for on, following in ways.items()
]


def lock_in(state: State) -> LockElection:
    """A window in `state`, with the role that belongs to it."""
    lock = LockElection(Election("overlay"), Outbox())
    lock.state, lock.election.role = state, ROLES.get(state, Role.FOLLOWER)
    return lock


@pytest.mark.parametrize(("state", "on", "following"), ARROWS)
def test_an_arrow_moves_the_role_and_asks(state: State, on: On, following: State) -> None:
    lock = lock_in(state)
    assert lock.step(on, 7)
    assert (lock.state, lock.since_us) == (following, 7)
    if ROLES.get(following) in (Role.FOLLOWER, Role.CANDIDATE):
        assert lock.election.role is ROLES[following]
    request = REQUESTS.get(following)
    assert lock.out.actions == ([] if request is None else [request(1)])
    assert lock.awaits(1, following) is (request is not None)


def test_only_the_newest_request_is_awaited() -> None:
    lock = lock_in(State.QUEUED)
    for on in (On.GRANTED, On.LOST, On.GRANTED):
        lock.step(on, 0)
    assert not lock.awaits(1, State.TAKING_TERM)
    assert lock.awaits(2, State.TAKING_TERM)


def test_what_has_no_arrow_changes_nothing() -> None:
    lock = lock_in(State.OWNING)
    assert not lock.step(On.GRANTED, 7)
    assert (lock.state, lock.since_us, lock.out.actions) == (State.OWNING, 0, [])
