"""A kernel with pages on it, and scenarios that are played to the end: what the tests of the
simulator share.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.driver.page import EventLoop, TimerGrid
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import load
from oneroom.ports.page import TaskSource
from oneroom.scenario import Scenario, parse
from oneroom.sim.kernel import Kernel
from oneroom.sim.world import World
from oneroom.trace import records as r
from oneroom.trace.trace import Trace

SECOND = 1_000_000
MILLISECOND = 1_000

Kind = TypeVar("Kind", bound=r.Record)


class Ordinary(Choices):
    """Every draw is 0: the shortest delay, the scheduled order; `PHASE` is 0.25 s, to tell grids
    from clocks.
    """

    def _pick(self, label: Label, bound: int) -> int:
        return 250 * MILLISECOND if label is Label.PHASE and bound > 250 * MILLISECOND else 0


class Rig:
    """Pages of one browser; `ran` is what they ran, and when."""

    def __init__(self, choices: Choices | None = None) -> None:
        self.trace = Trace()
        self.kernel = Kernel(self.trace, choices or Ordinary())
        self.grid = TimerGrid(self.kernel.choices)
        self.ran: list[tuple[str, int]] = []

    def page(self, name: str = "main", *, chromium: bool = True) -> EventLoop:
        return EventLoop(self.kernel, self.trace, self.grid, name, bus_runs_frozen=chromium)

    def note(self, what: str) -> None:
        """A task that leaves a mark."""
        self.ran.append((what, self.kernel.now_us))

    def task(self, page: EventLoop, source: TaskSource, what: str = "") -> None:
        """A task arrives at the page now."""
        page.run(source, self.note, what or source.name)

    def run_for(self, duration_us: int) -> None:
        """To the end of that time, what is due at its last instant included."""
        self.kernel.run(self.kernel.now_us + duration_us + 1)
        self.kernel.now_us -= 1
        self.trace.now_us -= 1

    def names(self) -> list[str]:
        return [what for what, _ in self.ran]

    def times_us(self) -> list[int]:
        return [at_us for _, at_us in self.ran]


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
