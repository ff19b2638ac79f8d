"""Rules of the path between a window and the server: order, cuts, and what a closed connection
takes along.
"""

from __future__ import annotations

from typing import Any

import pytest

from oneroom.choices.seeded import Seeded
from oneroom_fakes.network import (
    CLOSED_ABNORMALLY,
    CLOSED_NORMALLY,
    Closed,
    NetworkPath,
    TcpConnection,
)
from tests.virtual_time import VirtualTime

LOW_US, HIGH_US = 5_000, 40_000


class Ends:
    """One connection with an inbox at each end."""

    def __init__(self, seed: int = 1) -> None:
        self.scheduler = VirtualTime()
        self.path = NetworkPath(self.scheduler, Seeded(seed), LOW_US, HIGH_US)
        self.at_client: list[Any] = []
        self.at_server: list[Any] = []
        self.connection = TcpConnection(self.path, self.at_client.append)
        self.connection.accept(self.at_server.append)

    def run_for(self, duration_us: int) -> None:
        self.scheduler.run_for(duration_us)


@pytest.mark.parametrize("seed", range(20))
def test_messages_of_one_direction_keep_their_order_whatever_delays_are_drawn(seed: int) -> None:
    ends = Ends(seed)
    for number in range(20):
        ends.connection.send_up(number)
        ends.run_for(1_000)
    ends.run_for(HIGH_US + 20)
    assert ends.at_server == list(range(20))


def test_a_message_takes_between_the_low_and_the_high_delay() -> None:
    ends = Ends()
    ends.connection.send_up("early")
    ends.run_for(LOW_US - 1)
    assert ends.at_server == []
    ends.run_for(HIGH_US - LOW_US + 1)
    assert ends.at_server == ["early"]


def test_a_cut_holds_messages_back_and_delivers_them_in_order_after_the_heal() -> None:
    ends = Ends()
    ends.connection.send_down("on its way")
    ends.path.drop("signal")
    ends.connection.send_down("written during the cut")
    ends.run_for(60_000_000)
    assert ends.at_client == []
    ends.path.heal()
    ends.run_for(HIGH_US + 2)
    assert ends.at_client == ["on its way", "written during the cut"]


def test_a_second_cut_before_the_arrival_holds_a_message_again() -> None:
    ends = Ends()
    ends.path.drop("both")
    ends.connection.send_up("patient")
    ends.path.heal()
    ends.path.drop("signal")
    ends.run_for(1_000_000)
    assert ends.at_server == []
    ends.path.heal()
    ends.run_for(HIGH_US)
    assert ends.at_server == ["patient"]


def test_what_a_closing_client_wrote_while_the_network_was_up_arrives_before_its_close() -> None:
    ends = Ends()
    ends.connection.send_up("goodbye")
    ends.connection.close_client()
    ends.run_for(HIGH_US + 2)
    assert ends.at_server == ["goodbye", Closed(CLOSED_NORMALLY)]


def test_a_client_that_closes_during_a_cut_takes_its_buffers_along() -> None:
    ends = Ends()
    ends.path.drop("signal")
    ends.connection.send_up("never")
    ends.connection.close_client()
    ends.path.heal()
    ends.run_for(HIGH_US + 2)
    assert ends.at_server == [Closed(CLOSED_NORMALLY)]


def test_an_aborted_connection_delivers_nothing_that_was_on_its_way() -> None:
    ends = Ends()
    ends.connection.send_up("request")
    ends.connection.abort_client()
    ends.run_for(HIGH_US + 2)
    assert ends.at_server == [Closed(CLOSED_NORMALLY)]


def test_a_closed_end_hears_nothing_more() -> None:
    ends = Ends()
    ends.connection.send_down("late")
    ends.connection.close_client()
    ends.connection.send_up("unsaid")
    ends.run_for(HIGH_US + 2)
    assert ends.at_client == []
    assert ends.at_server == [Closed(CLOSED_NORMALLY)]


def test_a_server_that_breaks_off_is_heard_of_with_its_close_code() -> None:
    ends = Ends()
    ends.connection.close_server(CLOSED_ABNORMALLY)
    ends.connection.send_up("to nobody")
    ends.run_for(HIGH_US + 2)
    assert ends.at_client == [Closed(CLOSED_ABNORMALLY)]
    assert ends.at_server == []


def test_a_server_that_dies_during_a_cut_takes_its_buffers_along() -> None:
    ends = Ends()
    ends.path.drop("signal")
    ends.connection.send_down("never")
    ends.connection.close_server(CLOSED_ABNORMALLY)
    ends.path.heal()
    ends.run_for(HIGH_US + 2)
    assert ends.at_client == [Closed(CLOSED_ABNORMALLY)]


def test_no_two_messages_of_one_direction_arrive_in_the_same_instant() -> None:
    """What is due in one instant comes in any order, and a message's cause must be its own."""
    scheduler = VirtualTime()
    path = NetworkPath(scheduler, Seeded(1), LOW_US, LOW_US)
    arrived_us: list[int] = []
    connection = TcpConnection(path, lambda _: None)
    connection.accept(lambda _: arrived_us.append(scheduler.now_us))
    for _ in range(3):
        connection.send_up("at once")
    scheduler.run_until(HIGH_US)
    assert arrived_us == [LOW_US, LOW_US + 1, LOW_US + 2]


def test_signal_and_media_are_cut_apart_and_healed_together() -> None:
    path = Ends().path
    path.drop("media")
    assert (path.signal_up, path.media_up) == (True, False)
    path.drop("signal")
    assert (path.signal_up, path.media_up) == (False, False)
    path.heal()
    assert (path.signal_up, path.media_up) == (True, True)


def test_a_path_that_does_not_exist_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no such path: 'video'"):
        Ends().path.drop("video")
