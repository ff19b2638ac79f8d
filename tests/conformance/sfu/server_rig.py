"""Requests that a case of the conformance kit may make of an SFU, whichever it is.

Rules: a case is one body that states what everybody sees; it knows no arm. Times are integer
microseconds on the rig's own clock, which starts near 0. Sessions are numbered in the order in
which the server or the witness first saw them, because real sids are random. `slack_us` is what an
arm may be late where LiveKit promises no time: some network delays on the fake, a busy machine on
the real one. `patience_us` is what waiting for something may take longer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol, TypeAlias

from oneroom.core.events import Event
from oneroom.core.reasons import Reason
from oneroom.core.state import Participant, Source
from oneroom.ports.observer import Presence, TrackState
from tests.conformance.waiting import wait
from tests.units import HOUR, MILLISECOND, SECOND

# livekit-client, or livekit for Python.
SdkName: TypeAlias = Literal["js", "python"]


class Fact(NamedTuple):
    """One session changed at the server. `session` counts from 1; `reason` is UNKNOWN except for
    LEFT.
    """

    at_us: int
    session: int
    presence: Presence
    reason: Reason


class Told(NamedTuple):
    """The witness was told. `session` counts from 1; `source` is None for news of the participant
    itself.
    """

    at_us: int
    session: int
    source: Source | None
    what: Presence | TrackState


class Hook(NamedTuple):
    """The server told the application. `session` counts from 1, and is 0 for what is told of the
    room; `reason` is UNKNOWN except for who has left.
    """

    at_us: int
    name: str
    session: int
    reason: Reason


class Wire(Protocol):
    """A connection that speaks the protocol and nothing more: it never has media, and obeys
    nobody.
    """

    def heard(self) -> list[str]:
        """`join`, `reconnect`, and `leave REASON ACTION`, in order; nothing else of what was
        said.
        """

    def closed(self) -> int:
        """The code with which the server has closed it; 0 if it has not."""

    def refused(self) -> int:
        """The HTTP status in the place of a connection; 0 if there is none."""

    def claim(self, track_sid: str) -> None:
        """SyncState: say that this track is published, and no other."""

    def hang_up(self) -> None: ...


class Window(Protocol):
    """One window and its Rooms, told apart by epoch."""

    name: str
    identity: str

    def join(self, epoch: int = 1, ttl_us: int = HOUR) -> None: ...
    def close(self, epoch: int = 1) -> None: ...
    def publish(
        self, source: Source = Source.MICROPHONE, muted: bool = False, epoch: int = 1
    ) -> None: ...
    def unpublish(self, source: Source, epoch: int = 1) -> None: ...
    def set_muted(self, muted: bool, epoch: int = 1) -> None: ...

    def simulate(self, scenario: str, epoch: int = 1) -> None:
        """One of LiveKit's own faults, by the name of its `SimulateScenarioKind`."""

    def cut(self, signal: bool = True, media: bool = True) -> None:
        """Packets vanish. Windows that were made with `path=True` alone, as for the next two."""

    def heal(self) -> None: ...

    def cut_media(self, uplink: bool = True, downlink: bool = True) -> None:
        """Packets vanish in a direction. Windows that were made with `path=True` alone, as for the
        next six.
        """

    def refuse_signal(self) -> None:
        """Its signalling is reset, and refused until the heal; media is as it was."""

    def lose_signal(self) -> None:
        """The server's end of its signalling is lost; it is not told."""

    def change_network(self) -> None:
        """Its connections are lost, and neither end is told; new ones work."""

    def go_offline(self) -> None:
        """Its machine has no network: what stands carries nothing, what is new is refused at once,
        and a browser tells its pages so.
        """

    def go_online(self) -> None:
        """It has one again, the same."""

    def break_signal(self) -> None:
        """Its signalling connection is reset at both ends; what was held by a cut is lost."""

    def stop(self) -> None:
        """Its process stands still. Windows that were made with `process=True` alone."""

    def go_on(self) -> None: ...

    def crash(self) -> None:
        """Its process is gone without a goodbye. Windows that were made with `process=True`
        alone.
        """

    def kinds(self) -> list[str]:
        """The names of the events it was told, in order, without rosters."""

    def at(self, kind: type[Event]) -> list[int]: ...
    def ended(self) -> Reason | None: ...
    def roster(self) -> tuple[Participant, ...]: ...


class Rig(Protocol):
    """One room of one server, with a witness in it who was there first. Every window has `sdk`: a
    case reads it by a row of `sdk_differences` alone.
    """

    sdk: SdkName
    slack_us: int
    patience_us: int

    @property
    def now_us(self) -> int: ...

    def window(
        self, name: str, identity: str = "u1", process: bool = False, path: bool = False
    ) -> Window: ...

    def dial(self, identity: str = "u1", resume: str = "", ttl_us: int = HOUR) -> Wire:
        """Connect as `identity`: to join, or to resume the session with the sid `resume`."""

    def run_for(self, duration_us: int) -> None: ...

    def listed(self) -> tuple[tuple[str, str], ...]:
        """(identity, sid) as RoomService lists them, without the witness."""

    def polled(self) -> list[tuple[tuple[str, str], ...]]:
        """What RoomService listed at every look so far, several times a second."""

    def facts(self, identity: str = "u1") -> list[Fact]:
        """What happened to the sessions of `identity` at the server."""

    def told(self, identity: str = "u1") -> list[Told]:
        """What the witness was told of `identity`."""

    def hooks(self, identity: str = "") -> list[Hook]:
        """What the application's server was told of `identity`, or of the room. Not of a server of
        its own.
        """

    def remove_participant(self, identity: str) -> None: ...
    def delete_room(self) -> None: ...

    def mute(self, identity: str, source: Source, muted: bool) -> bool:
        """MutePublishedTrack. False if the server refuses."""

    def permit(self, identity: str, sources: tuple[Source, ...]) -> None:
        """UpdateParticipant: what `identity` may publish."""

    # Rigs whose server is their own alone.

    def kill_server(self) -> None:
        """SIGKILL and start again at once."""

    def stop_server(self) -> None:
        """SIGKILL, and it stays away until it is started."""

    def start_server(self) -> None:
        """After `stop_server`; returns when it answers."""

    def terminate_server(self) -> None:
        """SIGTERM."""

    def pause_server(self) -> None: ...
    def unpause_server(self) -> None: ...

    def unplug_server(self) -> None:
        """`docker network disconnect`. Rigs whose server has a network of its own alone."""

    def plug_in_server(self) -> None:
        """`docker network connect`, under the old address."""

    def server_runs(self) -> bool:
        """Its process is there."""


def numbering() -> Callable[[str], int]:
    """A numbering of sids from 1, in the order in which it is asked for them; "" is 0."""
    numbers = {"": 0}
    return lambda sid: numbers.setdefault(sid, len(numbers))


def until(rig: Rig, condition: Callable[[], bool], within_us: int) -> int:
    """Run until `condition`; returns how long that took. `within_us` 0 is "at once": it fails after
    the slack alone. Else it fails after `within_us` and the patience: how long things take is what
    a case says with `times` and `at`.
    """
    limit_us = within_us + rig.patience_us if within_us else rig.slack_us
    return wait(rig, condition, limit_us, 20 * MILLISECOND)


def joined(
    rig: Rig,
    name: str,
    identity: str = "u1",
    publish: bool = False,
    process: bool = False,
    path: bool = False,
) -> Window:
    """A window that is in the call, and if it is to `publish`, one whose microphone the witness
    knows of.
    """
    window = rig.window(name, identity, process, path)
    window.join()
    until(rig, lambda: "RoomConnected" in window.kinds(), 10 * SECOND)
    if publish:
        before = published(rig, identity)
        window.publish()
        until(rig, lambda: published(rig, identity) > before, 10 * SECOND)
    return window


def published(rig: Rig, identity: str) -> int:
    """How often the witness was told that `identity` has published something."""
    return sum(
        one.what in (TrackState.PUBLISHED, TrackState.PUBLISHED_MUTED)
        for one in rig.told(identity)
        if one.source
    )


def left(rig: Rig, identity: str = "u1") -> list[tuple[int, Reason]]:
    """(session, reason) of the sessions that ended at the server, in order."""
    return [
        (one.session, one.reason) for one in rig.facts(identity) if one.presence is Presence.LEFT
    ]


def times(rig: Rig, presence: Presence, identity: str = "u1") -> list[int]:
    """When `presence` happened to sessions of `identity` at the server."""
    return [one.at_us for one in rig.facts(identity) if one.presence is presence]


def news(told: list[Told]) -> list[tuple[int, Source | None, Presence | TrackState]]:
    """What was told, without the times."""
    return [(one.session, one.source, one.what) for one in told]


def sids(rig: Rig, identity: str = "u1") -> list[str]:
    """The sids under which `identity` is listed."""
    return [sid for who, sid in rig.listed() if who == identity]


def told_since(
    rig: Rig, seen: int, identity: str = "u1"
) -> list[tuple[int, Source | None, Presence | TrackState]]:
    """What the witness was told of `identity` after the first `seen` news."""
    return news(rig.told(identity)[seen:])
