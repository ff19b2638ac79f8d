"""A real call in a window that is frozen, and in one that is stalled: livekit-client in Chromium, against LiveKit.

What is stated of the frozen page is stated of the Python arm's page freeze too: the same question, two owners.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.conformance.windows.rig import MILLISECOND, SECOND, log, told
from tests.conformance.windows.steps import channel, lock, post, query, react, release, spin

if TYPE_CHECKING:
    from tests.conformance.windows.chromium_rig import Browser, ChromiumRig

pytestmark = [pytest.mark.chromium, pytest.mark.live]

# The same story for the Python arm, whose page freeze holds timers back while the bus and media run on.
FROZEN = """\
scenario: a frozen owner is told to leave
why: what the witness sees of it must be what it sees of a frozen page
windows:
  a: {kind: main, opens: 0s}
  b: {kind: overlay, opens: 500ms}
steps:
  - {at: 1s, connect: {window: a, channel: lobby}}
  - {at: 3s, toggle_mute: {window: a}}
  - {at: 5s, freeze: {window: a}}
  - {at: 15s, disconnect: {window: b}}
  - {at: 22s, resume: {window: a}}
"""
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

        from harness.live import tokens
        from harness.live.service import Service

        self.loop = asyncio.new_event_loop()
        self.url = url
        self._credentials = credentials
        self._mint = tokens.mint
        self.room = rtc.Room(self.loop)
        self.track: Any = None
        self.left = False
        self.room.on("track_subscribed", self._subscribed)
        self.room.on("participant_disconnected", self._disconnected)

        async def service() -> Service:
            return Service(url, credentials, ROOM)

        self._service = self.loop.run_until_complete(service())
        self.loop.run_until_complete(self.room.connect(url, self.token("witness")))

    def token(self, identity: str) -> str:
        return self._mint(self._credentials, identity, ROOM, 3_600 * SECOND)

    def listed(self) -> list[str]:
        """Who is in the room, without the witness."""
        everybody = self.loop.run_until_complete(self._service.listed())
        return [identity for identity, _ in everybody if identity != "witness"]

    def sids(self) -> list[str]:
        return [sid for identity, sid in self.loop.run_until_complete(self._service.listed()) if identity != "witness"]

    def packets(self) -> int:
        """How many packets of the owner's microphone have arrived."""
        stats = self.loop.run_until_complete(self.track.get_stats())
        return sum(one.inbound_rtp.received.packets_received for one in stats if one.HasField("inbound_rtp"))

    def wait(self, duration_s: float) -> None:
        self.loop.run_until_complete(asyncio.sleep(duration_s))

    def end(self) -> None:
        self.loop.run_until_complete(self.room.disconnect())
        self.loop.run_until_complete(self._service.close())
        self.loop.close()

    def _subscribed(self, track: Any, *_: Any) -> None:
        self.track = track

    def _disconnected(self, *_: Any) -> None:
        self.left = True


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    from harness.live.server import LiveKit

    with LiveKit(tmp_path) as server:
        watching = Witness(server.record.url, server.record.credentials)
        yield watching
        watching.end()


@pytest.fixture
def rig(browsers: list[Browser]) -> Iterator[ChromiumRig]:
    from tests.conformance.windows.chromium_rig import Browser, ChromiumRig

    if not SDK.is_file():
        pytest.fail(f"livekit-client is not there: npm ci in {HERE.name}/ (make call)")
    pages = {"/livekit-client.js": SDK.read_text(encoding="utf-8"), "/call.js": (HERE / "call.js").read_text()}
    with Browser(pages) as browser:
        real = ChromiumRig(browser, "call")
        real.decide("granted")
        yield real
        real.end()


def in_call(rig: ChromiumRig, witness: Witness) -> tuple[Any, Any]:
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
    for _ in range(100):
        witness.wait(0.1)
        if witness.track is not None:
            break
    return a, b


def watched(rig: ChromiumRig, witness: Witness, duration_s: int) -> list[float]:
    """Packets a second at the witness, for each second."""
    rates = []
    for _ in range(duration_s):
        before, began_us = witness.packets(), rig.now_us
        witness.wait(0.8)
        rig.run_for(200 * MILLISECOND)
        rates.append((witness.packets() - before) * SECOND / (rig.now_us - began_us))
    return rates


def goes_on(rates: list[float]) -> bool:
    """All of it arrives, and in no second nothing; the seconds of a busy machine are not equally long."""
    return sum(rates) / len(rates) >= PACKETS_PER_S_LEAST and min(rates) > 0


def test_a_frozen_owner_keeps_its_call_answers_and_can_leave(rig: ChromiumRig, witness: Witness) -> None:
    a, b = in_call(rig, witness)
    sids = witness.sids()
    a.do(react("a hears ping", post("a", "here")))
    a.do(react("a hears leave", ("leave",)), react("left the call", release("a"), post("a", "gone")))
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

    b.do(post("b", "leave"))
    told(rig, b, "b hears gone", within_us=BUSY_US)
    told(rig, b, "b granted")
    witness.wait(1)
    assert witness.listed() == []
    assert witness.left
    assert "resume" not in log(a)


def test_a_frozen_owner_mutes_when_it_is_told(rig: ChromiumRig, witness: Witness) -> None:
    a, b = in_call(rig, witness)
    a.do(react("a hears mute", ("mute", True)), react("muted", post("a", "done")))
    a.freeze()
    rig.run_for(SECOND)
    b.do(post("b", "mute"))
    told(rig, b, "b hears done", within_us=BUSY_US)
    witness.wait(1)
    assert max(watched(rig, witness, 3)) < PACKETS_PER_S_LEAST / 2


def test_a_stalled_owner_keeps_its_call_and_answers_nobody_until_its_task_ends(
    rig: ChromiumRig, witness: Witness
) -> None:
    a, b = in_call(rig, witness)
    sids = witness.sids()
    a.do(react("a hears ping", post("a", "here")))
    a.start(spin(12_000))
    rig.run_for(500 * MILLISECOND)
    b.do(post("b", "ping"), query())
    rates = watched(rig, witness, 8)
    assert goes_on(rates), rates
    assert witness.sids() == sids
    assert log(b, "b hears here") == []
    assert log(b, "lock has") == ["lock has 1 held, 1 pending"]
    told(rig, b, "b hears here", within_us=6 * SECOND)
    assert log(a, "room") == []


def test_the_witness_sees_the_same_of_the_python_arms_frozen_page() -> None:
    """One session, heard without a gap until it is told to leave, gone soon after that, while it is frozen."""
    from harness.choices.seeded import Seeded
    from harness.explore.vocabulary import vocabulary
    from harness.live.side_by_side import Made, SideBySide, Wanted
    from harness.scenario import parse
    from harness.trace.records import Presence, StepTaken, WitnessSaw, WitnessSensed

    wanted = Wanted(parse(FROZEN, vocabulary(), "frozen.yaml"), "web-lock-lease", Seeded(1))
    with SideBySide([wanted], "livekit", 1) as live:
        [made] = live.results()
    assert isinstance(made, Made), made
    records = made.run.trace.records
    steps = [one.at_us for one in records if isinstance(one, StepTaken)]
    frozen_us, told_us, resumed_us = steps[2:]
    presences = [(one.at_us, Presence(one.presence)) for one in records if isinstance(one, WitnessSaw)]
    assert [presence for _, presence in presences if presence is not Presence.ACTIVE] == [
        Presence.JOINED,
        Presence.LEFT,
    ]
    left_us = presences[-1][0]
    assert told_us < left_us < min(told_us + BUSY_US, resumed_us)
    heard = [(one.at_us, one.alive) for one in records if isinstance(one, WitnessSensed)]
    assert [alive for _, alive in heard] == [True, False]
    assert heard[0][0] < frozen_us
    assert heard[1][0] > told_us
