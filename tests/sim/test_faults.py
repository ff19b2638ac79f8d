"""The registry of faults, which both arms share: what is on, how often, and what undoes it."""

from __future__ import annotations

from functools import partial

from oneroom.driver.faults import Fault, Faults
from oneroom.trace.records import FaultChanged
from oneroom.trace.trace import Trace


class Broken:
    """A world in which faults write down that they were undone."""

    def __init__(self) -> None:
        self.trace = Trace()
        self.faults = Faults(self.trace)
        self.undone: list[str] = []

    def begin(self, name: str, about: str = "main", *, survives: bool = False) -> None:
        undo = partial(self._undo, name, about)
        self.faults.begin(Fault(name, about, undo, survives=survives))

    def _undo(self, name: str, about: str) -> None:
        self.undone.append(name)
        self.faults.clear(name, about)

    def told(self) -> list[tuple[str, str, bool]]:
        """(about, name, on) of every record."""
        names = self.trace.names
        return [
            (names[one.where], names[one.fault], one.on)
            for one in self.trace.records
            if isinstance(one, FaultChanged)
        ]


def test_a_fault_is_on_until_it_has_ended_as_often_as_it_began() -> None:
    world = Broken()
    world.begin("stall")
    world.begin("stall")
    world.faults.end("stall", "main")
    assert (world.faults.count("stall", "main"), len(world.faults)) == (1, 1)
    world.faults.end("stall", "main")
    assert (world.faults.count("stall", "main"), len(world.faults)) == (0, 0)
    assert world.told() == [("main", "stall", on) for on in (True, True, False, False)]


def test_a_fault_is_on_for_what_it_is_about_alone() -> None:
    world = Broken()
    world.begin("partition", "overlay")
    assert world.faults.count("partition", "main") == 0
    assert world.faults.counts() == {("overlay", "partition"): 1}


def test_what_is_cleared_is_told_as_often_as_it_began() -> None:
    world = Broken()
    world.begin("deafen")
    world.begin("deafen")
    world.faults.clear("deafen", "main")
    world.faults.clear("deafen", "main")
    assert [on for _, _, on in world.told()] == [True, True, False, False]


def test_heal_undoes_in_the_order_of_beginning_what_does_not_end_by_itself() -> None:
    world = Broken()
    world.begin("partition")
    world.begin("freeze")
    world.faults.begin(Fault("stall", "main"))
    world.begin("fail_tokens", "world")
    world.begin("partition")  # the later beginning counts
    world.faults.heal()
    assert world.undone == ["freeze", "fail_tokens", "partition"]
    assert world.faults.counts() == {("main", "stall"): 1}


def test_what_an_undo_has_cleared_as_well_is_not_undone_again() -> None:
    world = Broken()
    world.faults.begin(Fault("fail_tokens", undo=partial(world.faults.clear, "slow_tokens")))
    world.begin("slow_tokens", "world")
    world.faults.heal()
    assert world.undone == []


def test_only_what_ends_by_itself_is_passing() -> None:
    world = Broken()
    world.begin("freeze")
    assert not world.faults.any_passing()
    world.faults.begin(Fault("stop", "main"))
    assert world.faults.any_passing()


def test_the_faults_of_a_runtime_end_with_it_but_for_those_that_survive() -> None:
    world = Broken()
    world.begin("freeze")
    world.begin("drop_network", survives=True)
    world.begin("freeze", "overlay")
    world.faults.clear_runtime("main")
    assert world.faults.counts() == {("main", "drop_network"): 1, ("overlay", "freeze"): 1}
    assert world.undone == []
