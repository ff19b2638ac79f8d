"""The world: what its verbs do to the bus, the network and the SFU, and how all of it is healed."""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Loss, Presence
from oneroom.sim.run import simulate
from oneroom.sim.world import World
from oneroom.trace import records as r
from oneroom.trace.people_records import RemovalRequested
from oneroom.trace.records import Life, RoomState
from tests.sim.played import JOIN, Played, play, steps
from tests.units import MILLISECOND, SECOND


def test_a_delayed_bus_is_slow_both_ways() -> None:
    played = play(
        "at: 5s, delay_bus: {window: main, delay: 300ms..400ms}",
        "at: 6s, gesture: {window: overlay}",
        "at: 8s, toggle_mute: {window: overlay}",
        until_us=20 * SECOND,
    )
    for where in ("main", "overlay"):
        slow = played.all(r.MessageDelivered, where, 6 * SECOND)
        sent = [played.trace.records[one.cause].at_us for one in slow]
        lags_us = [
            one.at_us - sent_us
            for one, sent_us in zip(slow, sent, strict=True)
            if sent_us >= 5 * SECOND
        ]
        assert lags_us
        assert 300 * MILLISECOND <= min(lags_us) <= max(lags_us) <= 401 * MILLISECOND


def test_a_lossy_bus_loses_both_ways() -> None:
    played = play(
        "at: 5s, lose_bus: {window: main, loss: 1}", "at: 6s, toggle_mute: {window: overlay}"
    )
    for where in ("main", "overlay"):
        assert set(played.lost(where)) == {Loss.LOST}
        assert played.heard(where, 5 * SECOND + 100 * MILLISECOND) == 0


def test_loss_and_delay_of_one_window_add_up() -> None:
    slow = "at: 5s, delay_bus: {window: main, delay: 300ms..400ms}"
    played = play(slow, "at: 6s, lose_bus: {window: main, loss: 0.5}", until_us=60 * SECOND)
    late = played.all(r.MessageDelivered, "overlay", 7 * SECOND)
    lags_us = [one.at_us - played.trace.records[one.cause].at_us for one in late]
    assert min(lags_us) >= 300 * MILLISECOND
    assert len(played.lost("overlay", 7 * SECOND)) > 5


def test_a_partitioned_window_is_cut_off_both_ways() -> None:
    played = play("at: 5s, partition: {window: main}", "at: 6s, toggle_mute: {window: overlay}")
    assert set(played.lost("main")) == set(played.lost("overlay")) == {Loss.PARTITIONED}


def test_a_deaf_window_is_heard() -> None:
    played = play("at: 5s, deafen: {window: main}", "at: 6s, toggle_mute: {window: overlay}")
    assert set(played.lost("main")) == {Loss.DEAF}
    assert played.lost("overlay") == []
    assert played.heard("overlay", 6 * SECOND) > 10


def test_a_dropped_network_is_noticed() -> None:
    played = play(JOIN, "at: 5s, drop_network: {window: main, path: both}")
    assert RoomState.RECONNECTING in played.rooms("main")
    assert played.faults() == [("main", "drop_network", True)]


def test_a_healed_network_gives_the_room_back() -> None:
    played = play(
        JOIN,
        "at: 5s, drop_network: {window: main, path: both}",
        "at: 25s, heal_network: {window: main}",
        until_us=60 * SECOND,
    )
    assert played.rooms("main")[-1] in (RoomState.HEALED, RoomState.CONNECTED)
    assert played.world.faults.counts() == {}


ALL_FAULTS = (
    "at: 5s, delay_bus: {window: main, delay: 1s}",
    "at: 5s, delay_bus: {window: main, delay: 2s}",
    "at: 5s, lose_bus: {window: main, loss: 1}",
    "at: 5s, partition: {window: main}",
    "at: 5s, deafen: {window: overlay}",
    "at: 5s, partition: {window: overlay}",
    "at: 5s, drop_network: {window: main, path: signal}",
    "at: 6s, drop_network: {window: main, path: media}",
    "at: 7s, freeze: {window: main}",
)


def test_heal_heals_everything() -> None:
    played = play(JOIN, *ALL_FAULTS, "at: 10s, heal: {}", until_us=9 * SECOND)
    assert len(played.world.faults) == 7
    played.until(60 * SECOND)
    assert played.world.faults.counts() == {}
    since_us = 13 * SECOND  # what was delayed by 2 s has come
    assert played.lost("main", since_us) == played.lost("overlay", since_us) == []
    late = played.all(r.MessageDelivered, "main", since_us)  # it is hidden, and follows
    assert (
        max(one.at_us - played.trace.records[one.cause].at_us for one in late) <= 30 * MILLISECOND
    )
    path = played.world.sfu_network.path("main")
    assert (path.signal_up, path.media_up) == (True, True)
    assert played.lives("main")[-1] is Life.RESUMED


def test_a_fault_that_ends_is_told_as_often_as_it_began() -> None:
    played = play(JOIN, *ALL_FAULTS, "at: 10s, heal: {}")
    faults = [(window, fault) for window, fault, on in played.faults() if on]
    ended = [(window, fault) for window, fault, on in played.faults() if not on]
    assert sorted(faults) == sorted(ended)


@pytest.mark.parametrize("end", ["close", "crash"])
def test_what_was_wrong_with_a_window_ends_with_it(end: str) -> None:
    bus = [line for line in ALL_FAULTS if "overlay" in line]
    played = play(
        *bus,
        "at: 5s, stall: {window: overlay, lasts: 9s}",
        "at: 6s, stall: {window: overlay, lasts: 9s}",
        f"at: 7s, {end}: {{window: overlay}}",
        "at: 9s, open: {window: overlay}",
        until_us=20 * SECOND,
    )
    assert played.world.faults.counts() == {}
    assert played.lost("overlay", 9 * SECOND) == []  # the new runtime has a bus of its own


@pytest.mark.parametrize(("more", "faults"), [((), 7), (("at: 10s, heal: {}",), 0)])
def test_the_run_knows_how_many_faults_are_still_on(more: tuple[str, ...], faults: int) -> None:
    what = steps(JOIN, *ALL_FAULTS, *more)
    (healed,) = [
        one
        for one in simulate(what, "heartbeat", Seeded(1)).trace.records
        if isinstance(one, r.Healed)
    ]
    assert healed.faults == faults


def test_a_fault_that_ends_by_itself_is_waited_for() -> None:
    run = simulate(steps("at: 2s, stall: {window: main, lasts: 30s}"), "heartbeat", Seeded(1))
    (healed,) = [one for one in run.trace.records if isinstance(one, r.Healed)]
    assert (healed.faults, healed.at_us) == (0, 32 * SECOND + 1)


# -- the SFU -------------------------------------------------------------------------------------


def ended(played: Played) -> list[tuple[str, int]]:
    ends = [one for one in played.all(r.RoomChanged) if one.state == RoomState.ENDED]
    return [(played.name(one.where), one.reason) for one in ends]


def test_a_kick_sends_one_window_out() -> None:
    played = play(JOIN, "at: 5s, kick: {window: main}", until_us=8 * SECOND)
    assert ended(played)[0] == ("main", Reason.PARTICIPANT_REMOVED)


def test_a_kick_by_the_app_is_told_apart_by_its_record_alone() -> None:
    played = play(JOIN, "at: 5s, app_kicks: {window: main}", until_us=8 * SECOND)
    assert ended(played)[0] == ("main", Reason.PARTICIPANT_REMOVED)
    [asked] = played.all(RemovalRequested)
    assert (played.name(asked.window), asked.by_app) == ("main", True)


NAIVE = """\
scenario: a test
why: a test
policy: naive
identity: window
windows:
  main:    {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
"""


def test_deleting_the_room_sends_everybody_out() -> None:
    joins = (JOIN, "at: 3s, connect: {window: overlay, channel: lobby}")
    played = Played(steps(*joins, "at: 6s, delete_room: {}", head=NAIVE)).until(8 * SECOND)
    assert sorted(ended(played)) == [
        ("main", Reason.ROOM_DELETED),
        ("overlay", Reason.ROOM_DELETED),
    ]


def test_a_kick_is_meant_for_the_identity_of_its_window() -> None:
    joins = (JOIN, "at: 3s, connect: {window: overlay, channel: lobby}")
    played = Played(steps(*joins, "at: 6s, kick: {window: overlay}", head=NAIVE)).until(8 * SECOND)
    assert ended(played) == [("overlay", Reason.PARTICIPANT_REMOVED)]


def test_a_restarted_server_has_forgotten_everybody() -> None:
    played = play(JOIN, "at: 5s, restart_server: {}", until_us=30 * SECOND)
    gone = [
        one
        for one in played.all(r.PresenceChanged, "", 5 * SECOND)
        if one.presence == Presence.LEFT
    ]
    assert gone[0].at_us == 5 * SECOND
    joined = [
        one
        for one in played.all(r.PresenceChanged, "", 5 * SECOND)
        if one.presence == Presence.JOINED
    ]
    assert len(joined) == 1
    assert played.name(joined[0].sid) != played.name(gone[0].sid)


def test_the_world_can_be_taken_apart_in_any_state() -> None:
    for until_us in range(0, 12 * SECOND, 700 * MILLISECOND):
        world: World = play(
            JOIN, *ALL_FAULTS, "at: 8s, crash: {window: main}", until_us=until_us
        ).world
        world.end()
        assert world.windows.handles == {}
