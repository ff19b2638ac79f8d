"""A policy of the user's own, with web storage, timers, messages and draws of its own."""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.actions import Role
from oneroom.core.election import On
from oneroom.core.events import Timer
from oneroom.core.policy import Policy
from oneroom.sim.run import simulate
from oneroom.trace import records as r
from oneroom.trace.digest import digest
from tests.sim.played import HEAD, Played, driven, scenario, steps
from tests.units import MILLISECOND, SECOND

NAME = "tests.sim.test_own_policy:Bully"
OWN = HEAD + f"policy: {NAME}\n"


class Bully(Policy):
    """The window with the highest number in its sessionStorage owns; all of it is its own."""

    name = "bully"
    hellos: tuple[tuple[str, object, str], ...] = ()

    def started(self, now_us: int) -> None:
        number = self.session_storage.get("number")
        if number is None:
            number = str(self.draw("number", 1_000_000))
            self.session_storage.set("number", number)
        self.number = int(number)
        self.post("hello", {"number": self.number})
        self.arm("decide", now_us + 200 * MILLISECOND)

    def timer(self, timer: Timer | str, now_us: int) -> None:
        if timer == "decide" and self.local_storage.get("best") in (None, str(self.number)):
            self.local_storage.set("best", str(self.number))
            self.election.move(On.STAND)
            self.election.win(now_us)

    def received(self, name: str, payload: object, sender: str, now_us: int) -> None:
        self.hellos = (*self.hellos, (name, payload, sender))
        assert isinstance(payload, dict)
        if payload["number"] > self.number:
            self.disarm("decide")
        else:
            self.arm("decide", now_us + 50 * MILLISECOND)


def bully(played: Played, window: str) -> Bully:
    policy = driven(played.world, window).coordinator.policy
    assert isinstance(policy, Bully)
    return policy


@pytest.fixture
def played() -> Played:
    return Played(scenario("", OWN)).until(2 * SECOND)


def test_its_messages_and_timers_decide_and_are_in_the_trace(played: Played) -> None:
    main, overlay = bully(played, "main"), bully(played, "overlay")
    assert main.hellos == (("hello", {"number": overlay.number}, "overlay"),)
    better = "main" if main.number > overlay.number else "overlay"
    assert played.owner() == better
    (posted,) = played.all(r.PolicyMessagePosted, "overlay")
    assert (played.name(posted.name), posted.seq) == ("hello", 1)
    assert [played.name(one.name) for one in played.all(r.PolicyTimerRan, better)] == ["decide"]


def test_a_message_of_its_own_is_no_object_that_windows_share(played: Played) -> None:
    ((_, payload, _),) = bully(played, "main").hellos
    assert isinstance(payload, dict)
    payload["number"] = -1
    assert bully(played, "overlay").number != -1


def test_its_storage_is_the_browsers(played: Played) -> None:
    best = str(max(bully(played, "main").number, bully(played, "overlay").number))
    assert bully(played, "main").local_storage.get("best") == best
    assert bully(played, "overlay").local_storage.keys() == ("best",)


def test_its_session_storage_outlives_a_reload_and_not_a_close() -> None:
    played = Played(
        steps("at: 2s, reload: {window: main}", "at: 2s, close: {window: overlay}", head=OWN)
    ).until(1 * SECOND)
    number = bully(played, "main").number
    closed = bully(played, "overlay").session_storage.get("number")
    played.until(4 * SECOND)
    assert bully(played, "main").number == number
    assert closed is not None
    assert "overlay" not in played.world.windows.sessions


def test_its_draws_are_recorded_and_fixed_by_the_seed(played: Played) -> None:
    (draw,) = played.all(r.DrawMade, "main")
    assert (played.name(draw.name), draw.bound) == ("number", 1_000_000)
    assert draw.value == bully(played, "main").number
    what = scenario("", OWN)
    digests = [digest(simulate(what, NAME, Seeded(seed)).trace) for seed in (1, 1, 2)]
    assert digests[0] == digests[1] != digests[2]


def test_what_it_does_wrong_is_an_error_at_its_own_line() -> None:
    played = Played(scenario("", OWN)).until(SECOND)
    policy = bully(played, "main")
    with pytest.raises(ValueError, match="not a timer of policies"):
        policy.arm(Timer.HEARTBEAT, 0)
    with pytest.raises(ValueError, match="bound of 0"):
        policy.draw("nothing", 0)
    with pytest.raises(TypeError):
        policy.post("hello", object())
    assert policy.election.role in (Role.OWNER, Role.FOLLOWER)


class TwoLocks(Policy):
    """Owner is the window with the lock `leader`; all of them share the lock `here`."""

    name = "two-locks"
    seen: tuple[str, ...] = ()

    def started(self, now_us: int) -> None:
        self.request_lock("here", shared=True)
        self.request_lock("leader")

    def other_lock_granted(self, name: str, now_us: int) -> None:
        self.seen = (*self.seen, f"granted {name}")
        if name == "leader":
            self.election.move(On.STAND)
            self.election.win(now_us)

    def other_lock_lost(self, name: str, now_us: int) -> None:
        self.seen = (*self.seen, f"lost {name}")

    def timer(self, timer: Timer | str, now_us: int) -> None:
        """Never armed here; the test calls it."""
        self.request_lock("leader", steal=True)


def test_it_may_have_several_locks() -> None:
    head = HEAD + "policy: tests.sim.test_own_policy:TwoLocks\n"
    played = Played(steps("at: 2s, crash: {window: main}", head=head)).until(SECOND)

    def seen(window: str) -> tuple[str, ...]:
        policy = driven(played.world, window).coordinator.policy
        assert isinstance(policy, TwoLocks)
        return policy.seen

    assert seen("main") == ("granted here", "granted leader")
    assert seen("overlay") == ("granted here",)
    played.until(3 * SECOND)
    assert seen("overlay") == ("granted here", "granted leader")
    changes = [(played.name(one.name), one.change) for one in played.all(r.LockChanged, "overlay")]
    assert changes[-1] == ("leader", r.LockChange.GRANTED)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("leader", {"steal": True, "shared": True}),
        ("leader", {"steal": True, "if_available": True}),
        ("-leader", {}),
    ],
)
def test_what_web_locks_refuse_is_refused(name: str, options: dict[str, bool]) -> None:
    policy = bully(Played(scenario("", OWN)).until(SECOND), "main")
    with pytest.raises(ValueError, match="Web Locks refuse"):
        policy.request_lock(name, **options)
