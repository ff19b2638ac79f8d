"""Scenarios that are played step by step in the simulator, and the records of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from oneroom.choices.choices import Choices
from oneroom.choices.seeded import Seeded
from oneroom.driver.coordinator_window import CoordinatorWindow
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import load
from oneroom.scenario import Scenario, parse
from oneroom.sim.world import World
from oneroom.trace import records as r
from oneroom.trace.trace import Trace
from tests.units import SECOND

Kind = TypeVar("Kind", bound=r.Record)


HEAD = """\
scenario: a test
why: a test
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
"""


def scenario(text: str, head: str = HEAD) -> Scenario:
    """The scenario with these lines after `head`."""
    return parse(head + text, vocabulary(), "test.yaml")


def steps(*lines: str, head: str = HEAD) -> Scenario:
    """The scenario of these steps."""
    return scenario("steps:\n" + "".join(f"  - {{{line}}}\n" for line in lines), head)


def driven(world: World, window: str) -> CoordinatorWindow:
    """An open window in which the owner machine runs."""
    page = world.windows.handles[window].window
    assert isinstance(page, CoordinatorWindow)
    return page


class Played:
    """A scenario that is played step by step on a world of its own, and the records of it."""

    def __init__(self, what: Scenario, choices: Choices | None = None) -> None:
        self.trace = Trace()
        self.world = World(what, load(what.policies[0]), choices or Seeded(1), self.trace)
        self.world.begin()

    def until(self, at_us: int) -> Played:
        """Go on to the end of that instant."""
        self.world.kernel.run(at_us + 1)
        return self

    def all(self, kind: type[Kind], where: str = "", since_us: int = 0) -> list[Kind]:
        """The records of one kind."""
        return [
            one
            for one in self._of(kind)
            if where in ("", self.name(one.where)) and one.at_us >= since_us
        ]

    def name(self, interned: int) -> str:
        return self.trace.names[interned]

    def lives(self, where: str) -> list[r.Life]:
        return [one.life for one in self.all(r.LifeChanged, where)]

    def rooms(self, where: str) -> list[r.RoomState]:
        return [one.state for one in self.all(r.RoomChanged, where)]

    def faults(self) -> list[tuple[str, str, bool]]:
        """(window, fault, on), in order."""
        return [
            (self.name(one.where), self.name(one.fault), one.on) for one in self.all(r.FaultChanged)
        ]

    def heard(self, where: str, since_us: int) -> int:
        """How many messages the window handled since then."""
        return len(self.all(r.MessageDelivered, where, since_us))

    def lost(self, where: str, since_us: int = 0) -> list[int]:
        """Why messages to the window were lost."""
        return [one.why for one in self.all(r.MessageLost, where, since_us)]

    def owner(self) -> str:
        """Who became owner last."""
        return [
            self.name(one.where) for one in self.all(r.RoleChanged) if one.role == r.Role.OWNER
        ][-1]

    def _of(self, kind: type[Kind]) -> Iterator[Kind]:
        for one in self.trace.records:
            if isinstance(one, kind):
                yield one


JOIN = "at: 2s, connect: {window: main, channel: lobby}"


def play(*lines: str, until_us: int = 30 * SECOND) -> Played:
    """These steps, played to the end of that instant."""
    return Played(steps(*lines)).until(until_us)
