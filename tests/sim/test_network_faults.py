"""Faults of a window's network and of the machine's, as steps, and what ends them."""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom.ports.page_event import PageEvent
from oneroom.trace import records as r
from oneroom.trace.records import RoomState
from tests.sim.played import JOIN, Played, play, steps
from tests.units import SECOND

RESUMED = [RoomState.OPENING, RoomState.CONNECTED, RoomState.RECONNECTING, RoomState.HEALED]


def left(played: Played) -> list[Reason]:
    """Why sessions left the SFU."""
    return [
        Reason(one.reason) for one in played.all(r.PresenceChanged) if one.presence is Presence.LEFT
    ]


def test_every_page_is_told_of_the_machines_network(monkeypatch: pytest.MonkeyPatch) -> None:
    played = play("at: 5s, offline: {}", "at: 9s, online: {}", until_us=4 * SECOND)
    told: list[tuple[str, PageEvent]] = []
    for name, handle in played.world.windows.handles.items():

        def fire(event: PageEvent, name: str = name) -> None:
            told.append((name, event))

        monkeypatch.setattr(handle.window, "fire", fire)
    played.until(10 * SECOND)
    assert told == [
        ("main", PageEvent.OFFLINE),
        ("overlay", PageEvent.OFFLINE),
        ("main", PageEvent.ONLINE),
        ("overlay", PageEvent.ONLINE),
    ]
    assert played.faults() == [("world", "offline", True), ("world", "offline", False)]


def test_a_machine_that_is_offline_gets_no_token_until_it_is_online() -> None:
    played = play(
        "at: 2s, offline: {}",
        "at: 3s, connect: {window: main, channel: lobby}",
        "at: 20s, online: {}",
        until_us=60 * SECOND,
    )
    (minted,) = played.all(r.TokenMinted)
    assert minted.at_us > 20 * SECOND
    assert played.rooms("main")[-1] is RoomState.CONNECTED


@pytest.mark.parametrize("seed", range(5))
def test_an_owner_whose_sdk_has_given_up_opens_its_room_as_soon_as_there_is_a_network(
    seed: int,
) -> None:
    story = steps(JOIN, "at: 5s, offline: {}", "at: 97s, online: {}")
    played = Played(story, Seeded(seed)).until(99 * SECOND)
    rooms = played.rooms("main")
    assert RoomState.ENDED in rooms
    assert rooms[-1] is RoomState.CONNECTED, "not at the next retry, up to 10 s later"


@pytest.mark.parametrize("seed", range(5))
def test_a_token_that_could_not_be_had_is_asked_for_as_soon_as_there_is_a_network(
    seed: int,
) -> None:
    asked = "at: 3s, connect: {window: main, channel: lobby}"
    story = steps("at: 2s, offline: {}", asked, "at: 31s, online: {}")
    played = Played(story, Seeded(seed)).until(33 * SECOND)
    assert played.rooms("main")[-1] is RoomState.CONNECTED


def test_heal_ends_what_a_network_may_have() -> None:
    played = play(
        JOIN,
        "at: 5s, refuse_signal: {window: main}",
        "at: 5s, drop_network: {window: overlay, path: uplink}",
        "at: 6s, offline: {}",
        "at: 9s, heal: {}",
        until_us=10 * SECOND,
    )
    assert played.world.faults.counts() == {}
    for name in ("main", "overlay"):
        for network in (played.world.sfu_network, played.world.app_network):
            path = network.path(name)
            assert (path.signal_up, path.media_up, path.refuses) == (True, True, False)


def test_an_online_machine_still_has_its_other_faults() -> None:
    played = play(
        JOIN,
        "at: 5s, refuse_signal: {window: main}",
        "at: 6s, offline: {}",
        "at: 9s, online: {}",
        "at: 12s, heal_network: {window: main}",
        until_us=10 * SECOND,
    )
    network = played.world.sfu_network
    assert network.path("main").refuses
    played.until(13 * SECOND)
    assert not network.path("main").refuses
    assert played.world.faults.counts() == {}


def test_a_call_goes_on_on_another_network() -> None:
    played = play(JOIN, "at: 5s, change_network: {}", until_us=40 * SECOND)
    assert played.rooms("main") == RESUMED
    assert left(played) == []
    assert played.faults() == [], "it is over as soon as it has happened"


def test_a_websocket_without_its_server_is_resumed() -> None:
    played = play(JOIN, "at: 5s, lose_signal: {window: main}", until_us=40 * SECOND)
    assert played.rooms("main") == RESUMED
    assert left(played) == []


def test_a_token_that_is_on_its_way_is_lost_with_the_network() -> None:
    head = (
        "scenario: a test\nwhy: a test\ntokens: {mint: 2s}\n"
        "windows:\n  main: {kind: main, opens: 0s}\n"
    )
    minted_us = []
    for fault in ((), ("at: 3s, change_network: {}",)):
        played = Played(steps(JOIN, *fault, head=head)).until(40 * SECOND)
        minted_us.append(played.all(r.TokenMinted)[0].at_us)
    assert minted_us[0] == 4 * SECOND
    assert minted_us[1] > 17 * SECOND


def test_stuck_subscriptions_end_with_the_session() -> None:
    played = play(
        JOIN,
        "at: 5s, stop_forwarding: {window: main}",
        "at: 10s, full_reconnect: {window: main}",
        until_us=20 * SECOND,
    )
    (stuck,) = played.all(r.MediaChanged)
    assert (stuck.at_us, stuck.uplink, stuck.downlink) == (5 * SECOND, True, False)
    assert len(left(played)) == 1, "the next one has new subscriptions"


def test_a_server_that_is_replaced_tells_nobody_and_comes_back() -> None:
    played = play(JOIN, "at: 5s, replace_server: {grace: 20s, down: 2s}", until_us=70 * SECOND)
    assert left(played)[0] is Reason.SERVER_SHUTDOWN
    (gone, *_) = [one for one in played.all(r.PresenceChanged) if one.presence is Presence.LEFT]
    assert gone.at_us == 25 * SECOND
    assert played.rooms("main")[-1] in (RoomState.HEALED, RoomState.CONNECTED)
    assert played.faults() == [
        ("world", "replace_server", True),
        ("world", "replace_server", False),
    ]


def test_a_server_that_was_restarted_during_its_drain_is_not_killed_again() -> None:
    played = play(
        JOIN,
        "at: 5s, replace_server: {grace: 20s}",
        "at: 8s, restart_server: {}",
        "at: 12s, drain: {}",
        until_us=70 * SECOND,
    )
    killed_us = [
        one.at_us for one in played.all(r.PresenceChanged) if one.presence is Presence.LEFT
    ]
    assert killed_us == [8 * SECOND]
