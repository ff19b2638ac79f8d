"""The fake as the arm of the kit: virtual time, one seed."""

from __future__ import annotations

from harness.core.reasons import Reason
from harness.core.state import Source
from harness.ports.observer import Presence, TrackState
from tests.conformance.sfu.rig import Fact, Told
from tests.conformance.sfu.rig import Window as AnyWindow
from tests.fakes.sfu.rig import MILLISECOND, Rig, Window

_POLL_US = 50 * MILLISECOND


class FakeRig:
    """`tests.conformance.sfu.rig.Rig`."""

    # A handful of network delays of at most 40 ms, and ICE.
    slack_us = 500 * MILLISECOND

    def __init__(self, seed: int) -> None:
        self._rig = Rig(seed)
        self._polled: list[tuple[tuple[str, str], ...]] = []

    @property
    def now_us(self) -> int:
        return self._rig.now_us

    def window(self, name: str, identity: str = "u1", process: bool = False) -> AnyWindow:
        window: Window = self._rig.window(name, identity)
        return window

    def run_for(self, duration_us: int) -> None:
        end_us = self.now_us + duration_us
        while self.now_us < end_us:
            self._rig.run_for(min(_POLL_US, end_us - self.now_us))
            self._polled.append(self._rig.listed())

    def listed(self) -> tuple[tuple[str, str], ...]:
        return self._rig.listed()

    def polled(self) -> list[tuple[tuple[str, str], ...]]:
        return self._polled

    def facts(self, identity: str = "u1") -> list[Fact]:
        numbers: dict[str, int] = {}
        facts = []
        for report in self._rig.observer.reports:
            # That a client is gone is known to the simulator alone, not to the server.
            if report[1] != "presence" or report[3] != identity or report[5] is Presence.GHOST:
                continue
            at_us, _, _, _, sid, presence, reason = report
            facts.append(Fact(at_us, numbers.setdefault(sid, len(numbers) + 1), Presence(presence), Reason(reason)))
        return facts

    def told(self, identity: str = "u1") -> list[Told]:
        numbers: dict[str, int] = {}
        told = []
        for at_us, kind, *rest in self._rig.observer.reports:
            if kind not in ("witness_saw", "witness_saw_track") or rest[0] != identity:
                continue
            session = numbers.setdefault(rest[1], len(numbers) + 1)
            if kind == "witness_saw":
                told.append(Told(at_us, session, None, Presence(rest[2])))
            else:
                told.append(Told(at_us, session, Source(rest[2]), TrackState(rest[3])))
        return told

    def remove_participant(self, identity: str) -> None:
        self._rig.sfu.remove_participant(identity)

    def delete_room(self) -> None:
        self._rig.sfu.delete_room()

    def kill_server(self) -> None:
        # A container is back within a second.
        self._rig.sfu.restart(down_us=500 * MILLISECOND)

    def end(self) -> None:
        """Nothing to take down."""
