"""A real call in a window that is frozen, and in one that is stalled: livekit-client in Chromium,
against LiveKit.

What is stated of the page is stated of the Python live arm too, whose windows are processes with a
model of a page: the same three stories, and the same for the witness to see.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from oneroom.core.state import Source
from oneroom_fakes.sfu.sdk import JS
from tests.conformance.windows.browser_rig import after, log, told, until
from tests.conformance.windows.steps import channel, lock, post, query, react, release
from tests.units import MILLISECOND, SECOND

if TYPE_CHECKING:
    from oneroom.trace.trace import Trace
    from tests.conformance.windows.chromium_rig import ChromiumRig, ChromiumWindow

pytestmark = [pytest.mark.chromium, pytest.mark.live]

STORY = """\
scenario: {what}
why: what the witness sees of it must be what it sees of a real page
windows:
  a: {{kind: main, opens: 0s}}
  b: {{kind: overlay, opens: 500ms}}
steps:
  - {{at: 1s, connect: {{window: a, channel: lobby}}}}
  - {{at: 5s, {begins}}}
  - {{at: 13s, {click}: {{window: b}}}}
  - {{at: 20s, {ends}}}
"""
FREEZE = {"begins": "freeze: {window: a}", "ends": "resume: {window: a}"}
# The long task ends at 17 s by itself.
STALL = {"begins": "stall: {window: a, lasts: 12s}", "ends": "gesture: {window: b}"}
STORIES = {
    "frozen, told to leave": STORY.format(
        what="a frozen owner is told to leave", click="disconnect", **FREEZE
    ),
    "frozen, told to mute": STORY.format(
        what="a frozen owner is told to mute", click="toggle_mute", **FREEZE
    ),
    "stalled, told to leave": STORY.format(
        what="a stalled owner is told to leave", click="disconnect", **STALL
    ),
}
# Without a lease, which a stalled owner would outlast.
POLICY = "web-lock"
HERE = Path(__file__).parent
SDK = HERE / "node_modules" / "livekit-client" / "dist" / "livekit-client.umd.js"
ROOM = "lobby"
# Opus is sent in frames of 20 ms; a page that sends at all sends about 50 packets a second.
PACKETS_PER_S_LEAST = 40
WATCHED_S = 20
# Seen on an idle machine: 0.2 s from the word to the end at the server.
BUSY_US = 6 * SECOND


class Witness:
    """Another participant, who counts what arrives. Its loop runs when the rig's time does."""

    def __init__(self, url: str, credentials: Any) -> None:
        from livekit import rtc

        from oneroom.live.server import tokens
        from oneroom.live.server.room_service import RoomService

        self.loop = asyncio.new_event_loop()
        self.url = url
        self._credentials = credentials
        self._mint = tokens.mint
        self.room = rtc.Room(self.loop)
        self.track: Any = None
        self.left = False
        self.muted = False
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("track_muted", self._muted)
        self.room.on("participant_disconnected", self._disconnected)

        async def service() -> RoomService:
            return RoomService(url, credentials, ROOM)

        self._service = self.loop.run_until_complete(service())
        self.loop.run_until_complete(self.room.connect(url, self.token("witness")))

    def token(self, identity: str) -> str:
        return self._mint(self._credentials, identity, ROOM, 3_600 * SECOND)

    def listed(self) -> list[str]:
        """Who is in the room, without the witness."""
        everybody = self.loop.run_until_complete(self._service.listed())
        return [identity for identity, _ in everybody if identity != "witness"]

    def sids(self) -> list[str]:
        return [
            sid
            for identity, sid in self.loop.run_until_complete(self._service.listed())
            if identity != "witness"
        ]

    def mute(self, identity: str) -> None:
        """Mute the microphone of a participant, as a moderator does."""
        self.loop.run_until_complete(self._service.mute(identity, Source.MICROPHONE, True))

    def remove(self, identity: str) -> None:
        """Remove a participant, as a moderator does."""
        self.loop.run_until_complete(self._service.remove_participant(identity))

    def packets(self) -> int:
        """How many packets of the owner's microphone have arrived."""
        stats = self.loop.run_until_complete(self.track.get_stats())
        return sum(
            one.inbound_rtp.received.packets_received
            for one in stats
            if one.HasField("inbound_rtp")
        )

    def wait(self, duration_s: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(duration_s))

    def end(self) -> None:
        self.loop.run_until_complete(self.room.disconnect())
        self.loop.run_until_complete(self._service.close())
        self.loop.close()

    def _subscribed(self, track: Any, *_: Any) -> None:
        self.track = track

    def _muted(self, *_: Any) -> None:
        self.muted = True

    def _disconnected(self, *_: Any) -> None:
        self.left = True


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    from oneroom.live.server.livekit_server import LiveKit

    with LiveKit(tmp_path) as server:
        watching = Witness(server.record.url, server.record.credentials)
        yield watching
        watching.end()


@pytest.fixture
def rig() -> Iterator[ChromiumRig]:
    from tests.conformance.windows.chromium_rig import Browser, ChromiumRig

    if not SDK.is_file():
        pytest.fail(f"livekit-client is not there: npm ci in {HERE.name}/ (make call)")
    pages = {
        "/livekit-client.js": SDK.read_text(encoding="utf-8"),
        "/call.js": (HERE / "call.js").read_text(),
    }
    with Browser(pages) as browser:
        real = ChromiumRig(browser, "call")
        real.decide("granted")
        yield real
        real.end()


def in_call(rig: ChromiumRig, witness: Witness) -> tuple[ChromiumWindow, ChromiumWindow]:
    """`a` is in the call and owns the lock; `b` waits for it."""
    a, b = rig.window("a"), rig.window("b")
    for script in ("/livekit-client.js", "/call.js"):
        a.tab.evaluate(
            f"new Promise(done => document.head.append(Object.assign("
            f"document.createElement('script'), {{src: '{script}', onload: () => done(0)}})))"
        )
    a.do(lock("a"), channel("a"), ("heartbeat", "a", 500))
    told(rig, a, "a granted")
    b.do(lock("b"), channel("b"))
    a.start(("join", witness.url, witness.token("ada")))
    told(rig, a, "in the call", within_us=30 * SECOND)
    both(rig, witness, lambda: witness.track is not None and witness.packets() > 0)
    return a, b


def both(
    rig: ChromiumRig, witness: Witness, condition: Callable[[], bool], within_us: int = BUSY_US
) -> None:
    """Run browser and witness until it is so."""

    def looked() -> bool:
        witness.wait(0.05)
        return condition()

    until(rig, looked, within_us)


def watched(rig: ChromiumRig, witness: Witness, duration_s: int) -> list[float]:
    """Packets a second at the witness, for each second: by the clock, since those of a busy machine
    are longer.
    """
    rates = []
    ends_us = rig.now_us + duration_s * SECOND
    while rig.now_us < ends_us:
        before, began_us = witness.packets(), rig.now_us
        witness.wait(0.8)
        rig.run_for(200 * MILLISECOND)
        rates.append((witness.packets() - before) * SECOND / (rig.now_us - began_us))
    return rates


def goes_on(rates: list[float]) -> bool:
    """All of it arrives, and in no second nothing."""
    return sum(rates) / len(rates) >= PACKETS_PER_S_LEAST and min(rates) > 0


def test_a_frozen_owner_keeps_its_call_and_answers(rig: ChromiumRig, witness: Witness) -> None:
    a, b = in_call(rig, witness)
    sids = witness.sids()
    a.do(react("a hears ping", post("a", "here")))
    a.freeze()
    rig.run_for(500 * MILLISECOND)
    beats = len(log(b, "b hears beat"))

    rates = watched(rig, witness, WATCHED_S)
    assert goes_on(rates), rates
    assert witness.sids() == sids
    assert len(log(b, "b hears beat")) == beats  # and no heartbeat is heard

    asked_us = rig.now_us
    b.do(post("b", "ping"))
    assert told(rig, b, "b hears here") - asked_us <= 500 * MILLISECOND + rig.slack_us
    assert log(a, "room") == []
    assert witness.sids() == sids


@pytest.mark.parametrize("frozen_s", [1, 20])
def test_a_frozen_owner_that_is_told_leaves_at_once_and_hears_so_after_resume(
    rig: ChromiumRig, witness: Witness, frozen_s: int
) -> None:
    # After 20 s the server has closed the signalling, which the page did not hear either.
    a, b = in_call(rig, witness)
    a.do(react("a hears leave", ("leave",), release("a"), post("a", "going")))
    a.do(
        react("a hears still", ("capture",)),
        react("left the call", ("capture",), post("a", "gone")),
    )
    a.freeze()
    rig.run_for(frozen_s * SECOND)
    assert witness.listed() == ["ada"]

    b.do(post("b", "leave"))
    told(rig, b, "b hears going")
    told(rig, b, "b granted")
    both(rig, witness, lambda: witness.left and witness.listed() == [])
    # The promise of `disconnect()` waits for its WebSocket, and that waits for the end of the
    # freeze. Until then the microphone is captured.
    rig.run_for(3 * SECOND)
    b.do(post("b", "still"))
    told(rig, a, "microphone live")
    assert after(a, "freeze") == ["a hears leave", "a ended", "a hears still", "microphone live"]
    a.resume()
    told(rig, b, "b hears gone")
    assert after(a, "microphone live") == [
        "resume",
        "room Disconnected",
        "left the call",
        "microphone ended",
    ]


def test_an_owner_that_leaves_captures_until_its_room_is_closed(
    rig: ChromiumRig, witness: Witness
) -> None:
    a, _ = in_call(rig, witness)
    a.do(react("left the call", ("capture",)))
    left_us = rig.now_us
    a.start(("leave",))
    a.do(("capture",))
    assert told(rig, a, "left the call") - left_us <= JS.close_us + BUSY_US
    assert after(a, "in the call") == [
        "microphone live",
        "room Disconnected",
        "left the call",
        "microphone ended",
    ]


def test_a_frozen_owner_mutes_when_it_is_told(rig: ChromiumRig, witness: Witness) -> None:
    a, b = in_call(rig, witness)
    a.do(react("a hears mute", ("mute", True)), react("muted", post("a", "done")))
    a.freeze()
    rig.run_for(SECOND)
    b.do(post("b", "mute"))
    told(rig, b, "b hears done")
    both(rig, witness, lambda: witness.muted)
    # What was on its way still comes; then there is not one packet.
    both(rig, witness, lambda: set(watched(rig, witness, 1)) == {0.0})
    assert set(watched(rig, witness, 3)) == {0.0}
    assert after(a, "freeze") == ["a hears mute", "muted"]


def test_a_stalled_owner_keeps_its_call_and_answers_nobody_until_its_task_ends(
    rig: ChromiumRig, witness: Witness
) -> None:
    a, b = in_call(rig, witness)
    sids = witness.sids()
    a.do(react("a hears leave", ("leave",), post("a", "going")))
    a.stall(14 * SECOND)
    b.do(post("b", "leave"), query())
    rates = watched(rig, witness, 8)
    assert goes_on(rates), rates
    assert witness.sids() == sids
    assert log(b, "b hears going") == []
    assert log(b, "lock has") == ["lock has 1 held, 1 pending"]
    told(rig, b, "b hears going", within_us=7 * SECOND)
    both(rig, witness, lambda: witness.left and witness.listed() == [])
    told(rig, a, "left the call")
    assert log(a, "room") == ["room Disconnected"]


@pytest.fixture(scope="module")
def python_arm() -> dict[str, Trace]:
    """What came of the stories on the live arm, all three side by side."""
    from oneroom.choices.seeded import Seeded
    from oneroom.explore.vocabulary import vocabulary
    from oneroom.live.runner import LiveJob, LiveResult, LiveRunner
    from oneroom.scenario import parse

    wanted = [
        LiveJob(parse(text, vocabulary(), f"{name}.yaml"), POLICY, Seeded(1))
        for name, text in STORIES.items()
    ]
    with LiveRunner(wanted, "livekit", len(wanted)) as live:
        results = list(live.results())
    traces = {}
    for name, made in zip(STORIES, results, strict=True):
        assert isinstance(made, LiveResult), made
        traces[name] = made.run.trace
    return traces


class Seen:
    """What one story of the live arm has come to."""

    def __init__(self, trace: Trace) -> None:
        from oneroom.trace.records import (
            Presence,
            RoomChanged,
            RoomState,
            StepTaken,
            WitnessSaw,
            WitnessSensed,
        )

        steps = [one.at_us for one in trace.records if isinstance(one, StepTaken)]
        _, self.begins_us, self.told_us, self.ends_us = steps
        self.presences = [
            (one.at_us, Presence(one.presence).name)
            for one in trace.records
            if isinstance(one, WitnessSaw) and Presence(one.presence) is not Presence.ACTIVE
        ]
        self.heard = [
            (one.at_us, one.alive) for one in trace.records if isinstance(one, WitnessSensed)
        ]
        self.ended_us = [
            one.at_us
            for one in trace.records
            if isinstance(one, RoomChanged) and one.state == RoomState.ENDED
        ]


def test_the_witness_sees_the_same_of_the_python_arms_frozen_owner_that_is_told_to_leave(
    python_arm: dict[str, Trace],
) -> None:
    # One session, heard without a gap until it is told to leave, gone soon after that, while it is
    # frozen.
    seen = Seen(python_arm["frozen, told to leave"])
    assert [presence for _, presence in seen.presences] == ["JOINED", "LEFT"]
    left_us = seen.presences[-1][0]
    assert seen.told_us < left_us < min(seen.told_us + BUSY_US, seen.ends_us)
    assert [alive for _, alive in seen.heard] == [True, False]
    assert seen.heard[0][0] < seen.begins_us
    assert seen.heard[1][0] > seen.told_us
    # And the page itself hears of it after the freeze.
    assert len(seen.ended_us) == 1
    assert seen.ended_us[0] >= seen.ends_us


def test_the_witness_sees_the_same_of_the_python_arms_frozen_owner_that_is_told_to_mute(
    python_arm: dict[str, Trace],
) -> None:
    seen = Seen(python_arm["frozen, told to mute"])
    assert [presence for at_us, presence in seen.presences if at_us < seen.ends_us] == ["JOINED"]
    assert [alive for at_us, alive in seen.heard if at_us < seen.ends_us] == [True, False]
    assert seen.told_us < seen.heard[1][0] < min(seen.told_us + BUSY_US, seen.ends_us)


def test_the_witness_sees_the_same_of_the_python_arms_stalled_owner(
    python_arm: dict[str, Trace],
) -> None:
    # Heard through all of its long task, deaf to what it is told; it leaves when that is over.
    stall_ends_us = 17 * SECOND
    seen = Seen(python_arm["stalled, told to leave"])
    assert [presence for _, presence in seen.presences][:1] == ["JOINED"]
    assert min(at_us for at_us, presence in seen.presences if presence == "LEFT") >= stall_ends_us
    assert seen.heard[0][1]
    assert seen.heard[1][0] >= stall_ends_us
