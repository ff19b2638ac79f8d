"""The windows of one fake server, and what the server, the windows and the witness saw."""

from __future__ import annotations

from typing import Any

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.core.events import Event, RoomEnded, RosterChanged
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.network import NetworkPath
from oneroom_fakes.sfu.client import Rooms
from oneroom_fakes.sfu.sdk import JS, Sdk
from oneroom_fakes.sfu.server import Sfu
from oneroom_fakes.sfu.timers import SfuTimers
from oneroom_fakes.tokens import Claims, mint
from tests.fakes.doubles import DevicesDouble, ObserverDouble
from tests.units import HOUR, MILLISECOND
from tests.virtual_time import ListeningPage, VirtualTime

# One way, window to server.
DELAY_LOW_US = 5 * MILLISECOND
DELAY_HIGH_US = 40 * MILLISECOND

# A handshake is five messages one after the other (SYN, its answer, request, response, SDP answer),
# then ICE.
JOIN_US = 5 * DELAY_HIGH_US + SfuTimers().media_connect_high_us

TTL_US = 6 * HOUR
ROOM = "lobby"


class Window:
    """One window: its page, its way to the server, its Rooms. It mints its own tokens."""

    def __init__(self, rig: Rig, name: str, identity: str, delays_us: tuple[int, int]) -> None:
        self.name = name
        self.identity = identity
        self.page = ListeningPage(name, rig.scheduler)
        self.path = NetworkPath(rig.scheduler, rig.choices, *delays_us)
        self.rooms = Rooms(
            self.page,
            self.path,
            rig.sfu,
            rig.scheduler,
            rig.choices,
            rig.observer,
            rig.devices,
            rig.sdk,
        )
        self._rig = rig

    def join(self, epoch: int = 1, ttl_us: int = TTL_US) -> None:
        token = mint(Claims(self.identity, ROOM, self._rig.scheduler.now_us + ttl_us))
        self.page.call(lambda: self.rooms.open(epoch, ROOM, token))

    def close(self, epoch: int = 1) -> None:
        self.page.call(lambda: self.rooms.close(epoch))

    def publish(
        self, source: Source = Source.MICROPHONE, muted: bool = False, epoch: int = 1
    ) -> None:
        self.page.call(lambda: self.rooms.publish(epoch, source, muted))

    def unpublish(self, source: Source, epoch: int = 1) -> None:
        self.page.call(lambda: self.rooms.unpublish(epoch, source))

    def set_muted(self, muted: bool, epoch: int = 1) -> None:
        self.page.call(lambda: self.rooms.set_muted(epoch, muted))

    def simulate(self, scenario: str, epoch: int = 1) -> None:
        self.page.call(lambda: self.rooms.simulate(epoch, scenario))

    def cut(self, signal: bool = True, media: bool = True) -> None:
        self.path.drop("both" if signal and media else "signal" if signal else "media")

    def heal(self) -> None:
        self.path.heal()

    def cut_media(self, uplink: bool = True, downlink: bool = True) -> None:
        for path in ("uplink",) * uplink + ("downlink",) * downlink:
            self.path.drop(path)

    def refuse_signal(self) -> None:
        self.path.refuse()

    def lose_signal(self) -> None:
        self.path.lose_signal()

    def change_network(self) -> None:
        self.path.change_network()

    def go_offline(self) -> None:
        self._set_online(False)

    def go_online(self) -> None:
        self._set_online(True)

    def _set_online(self, online: bool) -> None:
        self.path.set_online(online)
        self.page.call(lambda: self.rooms.set_online(online))

    def break_signal(self) -> None:
        self.path.break_signal()

    def stop(self) -> None:
        self.page.stop()
        self.rooms.stopped()

    def go_on(self) -> None:
        self.rooms.continued()
        self.page.unstop()

    def crash(self) -> None:
        self.page.die()
        self.rooms.died()

    # What it was told.

    @property
    def events(self) -> list[Event]:
        """The events it was told, without rosters."""
        return [event for event in self.page.events if not isinstance(event, RosterChanged)]

    def kinds(self) -> list[str]:
        """The names of `events`, in order."""
        return [type(event).__name__ for event in self.events]

    def at(self, kind: type[Event]) -> list[int]:
        """The times at which events of `kind` came."""
        pairs = zip(self.page.events, self.page.times_us, strict=True)
        return [time_us for event, time_us in pairs if isinstance(event, kind)]

    def ended(self) -> Reason | None:
        """The reason for which the last Room ended, if one did."""
        reasons = [event.reason for event in self.page.events if isinstance(event, RoomEnded)]
        return reasons[-1] if reasons else None

    def roster(self) -> tuple[Participant, ...]:
        """The last roster."""
        return next(
            event for event in reversed(self.page.events) if isinstance(event, RosterChanged)
        ).participants


class OneWay(Seeded):
    """Draws from a seed, except for how a race of two joins ends (`race`, if given)."""

    def __init__(self, seed: int, race: int | None) -> None:
        super().__init__(seed)
        self.race = race

    def draw(self, label: Label, bound: int) -> int:
        if label is Label.JOIN_RACE and self.race is not None:
            return self.race
        return super().draw(label, bound)


class Rig:
    """One server, its windows, one seed."""

    def __init__(
        self,
        seed: int = 1,
        timers: SfuTimers | None = None,
        sdk: Sdk = JS,
        race: int | None = None,
    ) -> None:
        self.choices = OneWay(seed, race)
        self.scheduler = VirtualTime(self.choices)
        self.observer = ObserverDouble(self.scheduler)
        self.devices = DevicesDouble(self.observer)
        self.timers = timers or SfuTimers()
        self.sdk = sdk
        self.sfu = Sfu(self.scheduler, self.choices, self.observer, self.timers)

    def window(
        self,
        name: str,
        identity: str = "u1",
        delays_us: tuple[int, int] = (DELAY_LOW_US, DELAY_HIGH_US),
    ) -> Window:
        return Window(self, name, identity, delays_us)

    def joined(self, name: str, identity: str = "u1", publish: bool = False) -> Window:
        """A window that is in the call."""
        window = self.window(name, identity)
        window.join()
        self.run_for(JOIN_US)
        if publish:
            window.publish()
            self.run_for(2 * DELAY_HIGH_US)
        return window

    def settling(self, name: str) -> Window:
        """A window that has resumed after a cut of its signalling, and does not call the reconnect
        done yet.
        """
        window = self.joined(name)
        window.path.drop("signal")
        self.run_for(self.sdk.ping_timeout_us)
        window.path.heal()
        while not self.times(name, Presence.RESUMED):
            self.run_for(MILLISECOND)
        self.run_for(DELAY_HIGH_US)
        return window

    def run_for(self, duration_us: int) -> None:
        self.scheduler.run_for(duration_us)

    @property
    def now_us(self) -> int:
        return self.scheduler.now_us

    def listed(self) -> tuple[tuple[str, str], ...]:
        return self.sfu.listed(ROOM)

    def presence(
        self, window: str = "", sid: str = ""
    ) -> list[tuple[int, str, str, Presence, Reason]]:
        """(time, window, sid, presence, reason) of what happened at the server."""
        reports = [
            (r[0], r[2], r[4], r[5], r[6]) for r in self.observer.reports if r[1] == "presence"
        ]
        return [r for r in reports if window in ("", r[1]) and sid in ("", r[2])]

    def left(self, window: str) -> list[tuple[int, Reason]]:
        """(time, reason) of the sessions of `window` that ended at the server."""
        return [(r[0], r[4]) for r in self.presence(window) if r[3] is Presence.LEFT]

    def times(self, window: str, presence: Presence) -> list[int]:
        """The times at which `presence` was reported for sessions of `window`."""
        return [r[0] for r in self.presence(window) if r[3] is presence]

    def tracks(self, window: str = "") -> list[tuple[str, Source, TrackState]]:
        """(window, source, state) of what happened to tracks at the server."""
        reports = [(r[2], r[5], r[6]) for r in self.observer.reports if r[1] == "track"]
        return [r for r in reports if window in ("", r[0])]

    def witnessed(self) -> list[tuple[Any, ...]]:
        """(time, sid, presence) and (time, sid, source, state), as the witness was told."""
        kept = []
        for report in self.observer.reports:
            if report[1] in ("witness_saw", "witness_saw_track"):
                kept.append((report[0], *report[3:]))
        return kept
