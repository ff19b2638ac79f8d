"""Requests of a case to a page with a Room, whose events it tells, and to who else is in the room.

Rules: a case is one body for two arms; the page's script is the same (`room_events.js`). On the one
it is an app in a window of the simulator, in virtual time; on the other a page in Chromium with
livekit-client, on a real server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from oneroom.choices.seeded import Seeded
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import parse
from oneroom.scenario.bundle import Bundle
from oneroom.scenario.duration import Range
from oneroom.scenario.fields import USER
from oneroom.sim.app_windows import app_world
from oneroom.trace.app_records import AppFailed, ConsoleWritten
from oneroom.trace.records import Record
from oneroom.trace.trace import Trace
from tests.conformance.waiting import wait
from tests.units import MILLISECOND, SECOND

ME = USER
OTHER = "u2"
SCRIPT = (Path(__file__).parent / "room_events.js").read_text(encoding="utf-8")
_LOOK_US = 50 * MILLISECOND


class Stage(Protocol):
    """The page of a case, and a second participant `u2`."""

    # What waiting may take longer than a case says.
    patience_us: int

    @property
    def now_us(self) -> int: ...

    def run_for(self, duration_us: int) -> None: ...

    def heard(self) -> list[str]:
        """What the page has told since it was opened."""

    def join(self) -> None:
        """The page connects its Room."""

    def act(self, what: str, *arguments: bool) -> None:
        """The page does something (`acts` in its script)."""

    def other_joins(self, microphone: bool = True) -> None:
        """Returns when it is done, with the microphone published."""

    def other_publishes(self, source: str, muted: bool = False) -> None: ...
    def other_unpublishes(self, source: str) -> None: ...
    def other_leaves(self) -> None: ...

    def twin_joins(self) -> None:
        """Another window joins under the page's identity."""

    def remove(self) -> None:
        """A moderator removes the page's participant."""

    def cut(self) -> None:
        """The page's network carries nothing, and nobody is told."""

    def heal(self) -> None: ...

    def break_signal(self) -> None:
        """Its signalling connection is reset, once."""

    def restart_server(self) -> None: ...


def until(stage: Stage, *lines: str, since: int = 0, within_us: int = 30 * SECOND) -> list[str]:
    """Run until the page has told these lines, and whatever comes right after; all since then."""

    def is_told() -> bool:
        heard = stage.heard()[since:]
        return all(line in heard for line in lines)

    try:
        wait(stage, is_told, within_us + stage.patience_us, _LOOK_US)
    except AssertionError:
        raise AssertionError(f"not told: {lines}; but {stage.heard()[since:]}") from None
    stage.run_for(SECOND)
    return stage.heard()[since:]


_SCENARIO = """\
scenario: a page that tells what its Room tells
why: a case does by itself what happens
windows:
  page: {kind: main, opens: later}
  twin: {kind: overlay, opens: later}
"""
# What the script has on this arm: a token as an app asks for one.
_APP = """
const hear = (line) => console.log(line);
%s
oneroom.user({
    async connect(channel) {
        const {url, token} = await (await fetch(`/api/token?room=${channel}`)).json();
        if (oneroom.windowName === 'twin') await new Room().connect(url, token);
        else await acts.join(url, token);
    },
    act: ([what, ...rest]) => { acts[what](...rest); },
});
"""
_ROOM = "lobby"


class _Console:
    """A reader of what the page writes."""

    reads: tuple[type[Record], ...] = (ConsoleWritten, AppFailed)

    def __init__(self) -> None:
        self.lines: list[int] = []

    def on(self, record: Record) -> None:
        assert isinstance(record, ConsoleWritten), record
        self.lines.append(record.text)


class FakeStage:
    """The arm in virtual time."""

    patience_us = 5 * SECOND

    def __init__(self, seed: int) -> None:
        scenario = parse(_SCENARIO, vocabulary(), "case.yaml")
        bundle = Bundle("room_events.js", _APP % SCRIPT)
        scenario = scenario.with_bundle(bundle)
        self._console = _Console()
        self._trace = Trace([self._console])
        self._world = app_world(scenario, bundle, "own", Seeded(seed), self._trace)
        self._world.windows.open("page")

    @property
    def now_us(self) -> int:
        return self._world.kernel.now_us

    def run_for(self, duration_us: int) -> None:
        self._world.kernel.run(self.now_us + duration_us)

    def heard(self) -> list[str]:
        return [self._trace.names[line] for line in self._console.lines]

    def join(self) -> None:
        self._world.user.act("page", "connect", _ROOM)

    def act(self, what: str, *arguments: bool) -> None:
        self._world.user.do("page", "act", [what, *arguments])

    def other_joins(self, microphone: bool = True) -> None:
        self._world.remote_participants.join(OTHER, _ROOM, "open" if microphone else "none")
        self.run_for(SECOND)

    def other_publishes(self, source: str, muted: bool = False) -> None:
        self._world.remote_participants.publish(OTHER, source, muted)

    def other_unpublishes(self, source: str) -> None:
        self._world.remote_participants.unpublish(OTHER, source)

    def other_leaves(self) -> None:
        self._world.remote_participants.leave(OTHER)

    def twin_joins(self) -> None:
        self._world.windows.open("twin")
        self._world.user.act("twin", "connect", _ROOM)

    def remove(self) -> None:
        self._world.server.kick("page")

    def cut(self) -> None:
        self._world.network.drop("page", "both")

    def heal(self) -> None:
        self._world.network.heal("page")

    def break_signal(self) -> None:
        self._world.network.break_signal("page")

    def restart_server(self) -> None:
        self._world.server.restart(Range(500 * MILLISECOND, 500 * MILLISECOND))

    def end(self) -> None:
        self._world.end()
