"""The fake as the arm of the kit: virtual time, one seed."""

from __future__ import annotations

from oneroom.core.reasons import Reason
from oneroom.core.state import Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.sdk import SDKS
from oneroom_fakes.sfu.webhooks import WebhookEvent
from tests.conformance.sfu.fake_wire import FakeWire
from tests.conformance.sfu.server_rig import Fact, Hook, SdkName, Told, numbering
from tests.conformance.sfu.server_rig import Window as AnyWindow
from tests.conformance.sfu.server_rig import Wire as AnyWire
from tests.fakes.sfu.sfu_rig import Rig, Window
from tests.units import HOUR, MILLISECOND

_POLL_US = 50 * MILLISECOND


class FakeRig:
    """`tests.conformance.sfu.server_rig.Rig`."""

    # A handful of network delays of at most 40 ms, and ICE.
    slack_us = patience_us = 500 * MILLISECOND

    def __init__(self, sdk: SdkName, seed: int) -> None:
        self.sdk: SdkName = sdk
        self._rig = Rig(seed, sdk=SDKS[sdk])
        self._polled: list[tuple[tuple[str, str], ...]] = []
        self._hooks: list[tuple[int, WebhookEvent]] = []
        self._rig.sfu.webhooks.on_event = lambda event: self._hooks.append((self.now_us, event))

    @property
    def now_us(self) -> int:
        return self._rig.now_us

    def window(
        self, name: str, identity: str = "u1", process: bool = False, path: bool = False
    ) -> AnyWindow:
        window: Window = self._rig.window(name, identity)
        return window

    def dial(self, identity: str = "u1", resume: str = "", ttl_us: int = HOUR) -> AnyWire:
        return FakeWire(self._rig, identity, resume, ttl_us)

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
        number = numbering()
        facts = []
        for report in self._rig.observer.reports:
            # That a client is gone is known to the simulator alone, not to the server.
            if report[1] != "presence" or report[3] != identity or report[5] is Presence.GHOST:
                continue
            at_us, _, _, _, sid, presence, reason = report
            facts.append(Fact(at_us, number(sid), Presence(presence), Reason(reason)))
        return facts

    def told(self, identity: str = "u1") -> list[Told]:
        number = numbering()
        told = []
        for at_us, kind, *rest in self._rig.observer.reports:
            if kind not in ("witness_saw", "witness_saw_track") or rest[0] != identity:
                continue
            session = number(rest[1])
            if kind == "witness_saw":
                told.append(Told(at_us, session, None, Presence(rest[2])))
            else:
                told.append(Told(at_us, session, Source(rest[2]), TrackState(rest[3])))
        return told

    def remove_participant(self, identity: str) -> None:
        self._rig.sfu.remove_participant(identity)

    def delete_room(self) -> None:
        self._rig.sfu.delete_room()

    def hooks(self, identity: str = "") -> list[Hook]:
        number = numbering()
        return [
            Hook(at_us, event.name, number(event.sid), event.reason)
            for at_us, event in self._hooks
            if event.identity == identity
        ]

    def mute(self, identity: str, source: Source, muted: bool) -> bool:
        return self._rig.sfu.mute(identity, source, muted)

    def permit(self, identity: str, sources: tuple[Source, ...]) -> None:
        self._rig.sfu.permit(identity, sources)

    def terminate_server(self) -> None:
        self._rig.sfu.terminate()

    def pause_server(self) -> None:
        self._rig.sfu.pause()

    def unpause_server(self) -> None:
        self._rig.sfu.unpause()

    def server_runs(self) -> bool:
        return self._rig.sfu.is_up()

    def stop_server(self) -> None:
        self._rig.sfu.stop()

    def start_server(self) -> None:
        self._rig.sfu.start()

    def unplug_server(self) -> None:
        self._rig.sfu.unplug()

    def plug_in_server(self) -> None:
        self._rig.sfu.plug_in()

    def kill_server(self) -> None:
        # A container is back within a second.
        self._rig.sfu.restart(down_us=500 * MILLISECOND)

    def end(self) -> None:
        """Nothing to take down."""
