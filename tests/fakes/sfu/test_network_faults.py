"""A network that is gone, another one, a server that refuses, and connections that only one end
still has.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from oneroom.core.events import RoomEnded, RoomHealed, RoomLost
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom_fakes.network import CLOSED_ABNORMALLY, Closed, Network, NetworkPath, TcpConnection
from oneroom_fakes.sfu.sdk import JS, PYTHON
from tests.fakes.sfu.sfu_rig import Rig, Window
from tests.fakes.sfu.test_network import HIGH_US, LOW_US, Ends
from tests.units import SECOND

# The delays between ten tries: half of each, and half as much again.
TRIES_US = (sum(low for low, _ in JS.retry_delays_us), sum(high for _, high in JS.retry_delays_us))


def refused(ends: Ends) -> list[Any]:
    """What a client that connects now is told within a millisecond."""
    told: list[Any] = []
    connection = TcpConnection(ends.path, told.append)
    connection.accept(lambda _: pytest.fail("a packet got to the server"))
    connection.send_up("SYN")
    ends.run_for(1_000)
    return told


def test_without_a_network_what_is_opened_is_refused_at_once() -> None:
    ends = Ends()
    ends.path.set_online(False)
    assert refused(ends) == [Closed(CLOSED_ABNORMALLY)]


def test_without_a_network_what_stands_is_silent_and_goes_on_when_it_is_back() -> None:
    ends = Ends()
    ends.path.set_online(False)
    ends.connection.send_up("waits")
    ends.run_for(SECOND)
    assert (ends.at_server, ends.at_client) == ([], [])
    assert not ends.path.media_up
    ends.path.set_online(True)
    ends.run_for(HIGH_US)
    assert ends.at_server == ["waits"]
    assert ends.path.media_up


def test_a_cut_outlives_a_machine_that_was_offline() -> None:
    ends = Ends()
    ends.path.drop("signal")
    ends.path.set_online(False)
    ends.connection.send_up("waits")
    ends.path.set_online(True)
    ends.run_for(SECOND)
    assert ends.at_server == []
    ends.path.heal()
    ends.run_for(HIGH_US)
    assert ends.at_server == ["waits"]


def test_the_way_of_a_window_that_opens_while_the_machine_is_offline_is_refused_too() -> None:
    ends = Ends()
    network = Network(ends.scheduler, ends.path._choices, LOW_US, HIGH_US)
    network.set_online(False)
    assert network.path("later").refuses
    network.set_online(True)
    assert not network.path("later").refuses


def test_on_another_network_old_connections_swallow_for_ever_and_new_ones_work() -> None:
    ends = Ends()
    ends.connection.send_up("on its way")
    ends.path.change_network()
    ends.connection.send_up("lost")
    ends.connection.send_down("lost")
    ends.connection.close_client()
    ends.connection.close_server(CLOSED_ABNORMALLY)
    ends.path.heal()
    ends.run_for(SECOND)
    assert (ends.at_server, ends.at_client) == ([], []), "no close arrives either"
    arrived: list[Any] = []
    other = TcpConnection(ends.path, lambda _: None)
    other.accept(arrived.append)
    other.send_up("arrives")
    ends.run_for(HIGH_US)
    assert arrived == ["arrives"]


def test_a_connection_whose_server_end_is_lost_alone_is_open_to_its_client() -> None:
    ends = Ends()
    ends.path.lose_signal()
    ends.connection.send_up("lost")
    ends.run_for(SECOND)
    assert len(ends.at_server) == 1, "closed"
    assert ends.at_client == []


def test_who_is_refused_is_told_at_once_until_the_heal() -> None:
    ends = Ends()
    ends.path.refuse()
    ends.run_for(SECOND)
    assert ends.at_client == [Closed(CLOSED_ABNORMALLY)]
    assert refused(ends) == [Closed(CLOSED_ABNORMALLY)]
    assert ends.path.media_up
    ends.path.heal()
    assert not ends.path.refuses


@pytest.mark.parametrize(("path", "ways"), [("uplink", (False, True)), ("downlink", (True, False))])
def test_the_directions_of_media_are_cut_apart(path: str, ways: tuple[bool, bool]) -> None:
    way: NetworkPath = Ends().path
    way.drop(path)
    assert (way.uplink, way.downlink) == ways
    assert way.signal_up
    way.heal()
    assert way.media_up


# What the SDK makes of it.


def talking(rig: Rig) -> Window:
    window = rig.window("main")
    window.join()
    window.publish()
    rig.run_for(5 * SECOND)
    return window


@pytest.mark.parametrize("seed", range(10))
def test_an_sdk_that_is_offline_has_used_up_its_tries_after_some_three_quarters_of_a_minute(
    seed: int,
) -> None:
    rig = Rig(seed)
    window = talking(rig)
    window.path.set_online(False)
    rig.run_for(70 * SECOND)
    (lost_us, *_), (ended_us,) = window.at(RoomLost), window.at(RoomEnded)
    assert TRIES_US[0] <= ended_us - lost_us <= TRIES_US[1]
    assert window.ended() is Reason.UNKNOWN


def test_an_sdk_that_has_not_noticed_resumes_when_it_is_online_again() -> None:
    rig = Rig()
    window = talking(rig)
    for online in (False, True):
        window.path.set_online(online)
        window.page.call(partial(window.rooms.set_online, online))
        rig.run_for(5 * SECOND)
    (lost_us,), (healed_us,) = window.at(RoomLost), window.at(RoomHealed)
    assert lost_us == 10 * SECOND, "in the moment of the event"
    assert healed_us - lost_us < 3 * SECOND


def test_the_python_sdk_does_not_listen_for_the_network() -> None:
    rig = Rig(sdk=PYTHON)
    window = talking(rig)
    for online in (False, True):
        window.path.set_online(online)
        window.page.call(partial(window.rooms.set_online, online))
        rig.run_for(5 * SECOND)
    assert window.at(RoomLost) == []


def test_signalling_that_is_refused_ends_a_call_whose_media_lives() -> None:
    rig = Rig()
    window = talking(rig)
    window.path.refuse()
    rig.run_for(20 * SECOND)
    assert window.ended() is None
    assert rig.listed(), "media lives"
    rig.run_for(TRIES_US[1] - 20 * SECOND + SECOND)
    assert window.ended() is Reason.UNKNOWN


def test_on_another_network_signalling_and_media_come_back_by_a_resume() -> None:
    rig = Rig()
    window = talking(rig)
    window.path.change_network()
    rig.run_for(30 * SECOND)
    assert window.kinds()[-2:] == ["RoomLost", "RoomHealed"]
    assert rig.times("main", Presence.RESUMED)
    assert rig.left("main") == []


@pytest.mark.parametrize("path", ["uplink", "downlink"])
def test_a_client_notices_that_one_direction_is_cut_and_gets_back_after_the_heal(
    path: str,
) -> None:
    rig = Rig(sdk=PYTHON)
    window = talking(rig)
    window.path.drop(path)
    rig.run_for(40 * SECOND)
    assert "RoomLost" in window.kinds()
    assert "RoomHealed" not in window.kinds()
    window.path.heal()
    rig.run_for(30 * SECOND)
    assert window.kinds()[-1] == "RoomHealed"


def test_a_client_whose_server_end_is_gone_notices_it_by_its_pings() -> None:
    rig = Rig()
    window = talking(rig)
    window.path.lose_signal()
    rig.run_for(9 * SECOND)
    assert window.at(RoomLost) == []
    rig.run_for(11 * SECOND)
    assert window.kinds()[-2:] == ["RoomLost", "RoomHealed"]
