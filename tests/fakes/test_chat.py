"""The app's chat: what the server stores and pushes, when a socket dies, and what a page hears of
it.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.core.chat_events import (
    HistoryFailed,
    HistoryLoaded,
    Latest,
    SocketBeat,
    SocketClosed,
    SocketOpened,
    SocketReceived,
)
from oneroom.core.events import Event
from oneroom_fakes.chat import (
    ABORT_US,
    CLOSING_HANDSHAKE_US,
    FETCH_US,
    PING_INTERVAL_US,
    PING_TIMEOUT_US,
    REMEMBERED_US,
    ChatClient,
    ChatServer,
)
from oneroom_fakes.network import NetworkPath
from tests.units import MILLISECOND, SECOND
from tests.virtual_time import PAUSES, Drawn, ListeningPage, VirtualTime

LOW_US, HIGH_US = 5 * MILLISECOND, 40 * MILLISECOND


class Window:
    """A page, its path and its client; it answers beats while `answers`."""

    def __init__(self, rig: Rig, name: str) -> None:
        self.page = ListeningPage(name, rig.scheduler)
        self.path = NetworkPath(rig.scheduler, rig.choices, LOW_US, HIGH_US)
        self.heard: list[tuple[int, Event]] = []
        self.answers = True
        self.client = ChatClient(self.page, self.path, rig.server, name, self._hear)
        self._scheduler = rig.scheduler

    def _hear(self, event: Event) -> None:
        self.heard.append((self._scheduler.now_us, event))
        if isinstance(event, SocketBeat) and self.answers:
            self.client.answer_beat(event.epoch)

    def kinds(self) -> list[str]:
        return [type(event).__name__ for _, event in self.heard]

    def received(self, epoch: int = 1) -> list[int]:
        """The `seq` of every message that was pushed over that socket."""
        told = [event for _, event in self.heard if isinstance(event, SocketReceived)]
        return [event.message.seq for event in told if event.epoch == epoch]

    def closed_us(self, epoch: int = 1) -> int:
        """When the page was told that the socket is closed."""
        (at_us,) = [at_us for at_us, event in self.heard if event == SocketClosed(epoch)]
        return at_us


class Rig:
    """A chat server and windows; `stored` is what the world was told of it."""

    def __init__(self, *names: str, choices: Choices | None = None) -> None:
        self.choices = choices or Seeded(1)
        self.scheduler = VirtualTime(self.choices)
        self.stored: list[tuple[str, int, int, str, int]] = []
        self.server = ChatServer(self.scheduler, self.choices, self, "ada")
        self.windows = [Window(self, name) for name in names]

    def chat_stored(self, channel: str, message: int, seq: int, sender: str, number: int) -> None:
        self.stored.append((channel, message, seq, sender, number))

    def run_for(self, duration_us: int) -> None:
        self.scheduler.run_for(duration_us)


def opened(*names: str, choices: Choices | None = None) -> Rig:
    """Windows with one open socket each."""
    rig = Rig(*names, choices=choices)
    for window in rig.windows:
        window.client.open(1)
    rig.run_for(SECOND)
    assert all(window.kinds() == ["SocketOpened"] for window in rig.windows)
    return rig


def test_a_channel_is_numbered_without_a_gap_and_pushed_to_every_open_socket() -> None:
    rig = opened("a", "b")
    a, b = rig.windows
    rig.server.post("general", "bob", "one")
    a.client.send(1, "general", 1, "two")
    rig.run_for(SECOND)
    rig.server.post("dm", "bob", "three")
    rig.run_for(SECOND)
    assert rig.stored == [("general", 1, 1, "", 0), ("general", 2, 2, "a", 1), ("dm", 3, 1, "", 0)]
    assert a.received() == b.received() == [1, 2, 1]


@pytest.mark.parametrize("seed", range(20))
def test_what_is_stored_after_the_welcome_is_pushed_and_what_before_is_named_in_it(
    seed: int,
) -> None:
    rig = Rig("a", choices=Seeded(seed))
    (a,) = rig.windows
    a.client.open(1)
    for _ in range(100):
        rig.server.post("general", "bob", "again")
        rig.run_for(MILLISECOND)
    rig.run_for(SECOND)
    (welcome,) = [event for _, event in a.heard if isinstance(event, SocketOpened)]
    first = welcome.latest[0].seq + 1
    assert 1 < first < 100
    assert a.received() == list(range(first, 101))


def test_nothing_is_kept_for_a_client_that_is_away() -> None:
    rig = opened("a")
    (a,) = rig.windows
    a.client.close(1)
    rig.run_for(SECOND)
    rig.server.post("general", "bob", "missed")
    a.client.open(2)
    rig.run_for(SECOND)
    assert a.received(2) == []
    assert a.heard[-1][1] == SocketOpened(2, (Latest("general", 1),))


def test_history_comes_in_pages_after_the_cursor() -> None:
    rig = opened("a")
    (a,) = rig.windows
    for _ in range(7):
        rig.server.post("general", "bob", "again")
    rig.run_for(SECOND)
    a.client.fetch(1, "general", 2, 3)
    a.client.fetch(2, "general", 5, 3)
    a.client.fetch(3, "unknown", 0, 3)
    rig.run_for(SECOND)
    answers = {event.request: event for _, event in a.heard if isinstance(event, HistoryLoaded)}
    pages = {
        number: [message.seq for message in answer.messages] for number, answer in answers.items()
    }
    assert pages == {1: [3, 4, 5], 2: [6, 7], 3: []}


def test_history_that_is_not_answered_fails() -> None:
    rig = opened("a")
    (a,) = rig.windows
    a.path.drop("both")
    a.client.fetch(1, "general", 0, 50)
    rig.run_for(FETCH_US - 1)
    assert a.kinds() == ["SocketOpened"]
    rig.run_for(1)
    assert a.heard[-1][1] == HistoryFailed(1, "general")
    a.path.heal()
    rig.run_for(5 * SECOND)
    assert a.kinds() == ["SocketOpened", "HistoryFailed"]


def test_what_is_sent_twice_is_stored_once_for_some_minutes() -> None:
    rig = opened("a", "b")
    a, b = rig.windows
    for wait_us in (SECOND, REMEMBERED_US - 2 * SECOND):
        a.client.send(1, "general", 1, "one")
        rig.run_for(wait_us)
    a.client.send(1, "general", 1, "one")
    b.client.send(1, "general", 1, "another one")
    rig.run_for(SECOND)
    assert [stored[3:] for stored in rig.stored] == [("a", 1), ("b", 1)]
    assert sorted(a.received()) == [1, 1, 1, 2], (
        "the sender is answered with what is stored, nobody else is"
    )
    assert b.received() == [1, 2]
    rig.run_for(SECOND)
    a.client.send(1, "general", 1, "one")
    rig.run_for(SECOND)
    assert len(rig.stored) == 3, "the id is forgotten"


def test_a_message_under_way_to_the_database_is_stored_although_its_socket_broke() -> None:
    rig = opened("a")
    (a,) = rig.windows
    rig.server.takes_us = (2 * SECOND, 4 * SECOND)
    a.client.send(1, "general", 1, "one")
    a.client.send(1, "general", 2, "two")
    rig.run_for(SECOND)
    rig.server.restart()
    rig.run_for(500 * MILLISECOND)
    assert rig.stored == []
    rig.run_for(10 * SECOND)
    assert [stored[2:] for stored in rig.stored] == [(1, "a", 1), (2, "a", 2)], (
        "one after the other"
    )
    assert a.kinds() == ["SocketOpened", "SocketClosed"]


def test_a_server_that_is_down_refuses_and_comes_back_with_its_messages() -> None:
    rig = opened("a")
    (a,) = rig.windows
    rig.server.post("general", "bob", "one")
    rig.server.restart(down_us=10 * SECOND)
    rig.run_for(SECOND)
    a.client.open(2)
    a.client.fetch(1, "general", 0, 50)
    rig.run_for(SECOND)
    assert set(a.kinds()[-2:]) == {"SocketClosed", "HistoryFailed"}
    rig.run_for(10 * SECOND)
    a.client.open(3)
    rig.run_for(SECOND)
    assert a.heard[-1][1] == SocketOpened(3, (Latest("general", 1),))


def test_a_page_that_answers_beats_keeps_its_socket() -> None:
    rig = opened("a")
    (a,) = rig.windows
    rig.run_for(10 * PING_INTERVAL_US)
    beats = [at_us for at_us, event in a.heard if isinstance(event, SocketBeat)]
    assert len(beats) == 10
    assert all(
        PING_INTERVAL_US <= later - earlier <= PING_INTERVAL_US + 2 * HIGH_US
        for earlier, later in pairwise(beats)
    )
    assert "SocketClosed" not in a.kinds()


def test_a_page_that_answers_no_beat_loses_its_socket() -> None:
    rig = opened("a")
    (a,) = rig.windows
    a.answers = False
    rig.run_for(PING_INTERVAL_US + PING_TIMEOUT_US + SECOND)
    assert a.kinds() == ["SocketOpened", "SocketBeat", "SocketClosed"]
    assert (
        PING_INTERVAL_US + PING_TIMEOUT_US
        <= a.closed_us()
        <= PING_INTERVAL_US + PING_TIMEOUT_US + 3 * HIGH_US
    )


@pytest.mark.parametrize("life", ["stall", "stop"])
def test_a_page_that_does_not_run_hears_later_and_in_order(life: str) -> None:
    rig = opened("a")
    (a,) = rig.windows
    pause, go_on = PAUSES[life]
    pause(a.page)
    for _ in range(5):
        rig.server.post("general", "bob", "again")
    rig.run_for(10 * SECOND)
    assert a.received() == []
    go_on(a.page)
    assert a.received() == [1, 2, 3, 4, 5]
    rig.run_for(SECOND)
    assert "SocketClosed" not in a.kinds()


def test_the_end_of_a_freeze_closes_the_socket_and_what_came_meanwhile_is_lost() -> None:
    rig = opened("a")
    (a,) = rig.windows
    a.page.freeze()
    rig.server.post("general", "bob", "lost")
    rig.run_for(10 * SECOND)
    assert a.kinds() == ["SocketOpened"]
    a.page.resume()
    assert a.kinds() == ["SocketOpened", "SocketClosed"]
    rig.server.post("general", "bob", "too late")
    rig.run_for(SECOND)
    assert a.received() == []


def test_a_frozen_page_asks_for_history_when_it_resumes() -> None:
    rig = opened("a")
    (a,) = rig.windows
    rig.server.post("general", "bob", "one")
    rig.run_for(SECOND)
    a.page.freeze()
    a.page.call(lambda: a.client.fetch(1, "general", 0, 10))
    rig.server.post("general", "bob", "two")
    rig.run_for(SECOND)
    a.page.resume()
    assert "HistoryLoaded" not in a.kinds()
    rig.run_for(SECOND)
    (loaded,) = [event for _, event in a.heard if isinstance(event, HistoryLoaded)]
    assert [message.text for message in loaded.messages] == ["one", "two"]


@pytest.mark.parametrize("life", ["stall", "stop"])
def test_a_page_that_does_not_run_for_long_finds_its_socket_closed(life: str) -> None:
    rig = opened("a")
    (a,) = rig.windows
    pause, go_on = PAUSES[life]
    pause(a.page)
    rig.run_for(PING_INTERVAL_US + PING_TIMEOUT_US + SECOND)
    rig.server.post("general", "bob", "too late")
    rig.run_for(SECOND)
    go_on(a.page)
    assert a.kinds() == ["SocketOpened", "SocketBeat", "SocketClosed"]


def test_a_page_hears_nothing_on_a_socket_that_it_closed() -> None:
    rig = opened("a")
    (a,) = rig.windows
    rig.server.post("general", "bob", "one")
    a.client.close(1)
    rig.run_for(SECOND)
    assert a.kinds() == ["SocketOpened", "SocketClosed"]
    assert a.closed_us() - SECOND <= 2 * HIGH_US


def test_the_close_event_of_a_dead_network_comes_a_minute_late() -> None:
    rig = opened("a")
    (a,) = rig.windows
    a.path.drop("both")
    a.client.close(1)
    rig.run_for(2 * CLOSING_HANDSHAKE_US)
    assert a.closed_us() == SECOND + CLOSING_HANDSHAKE_US


def test_a_socket_that_was_never_open_is_closed_at_once() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    a.path.drop("both")
    a.client.open(1)
    rig.run_for(SECOND)
    a.client.close(1)
    rig.run_for(SECOND)
    assert a.closed_us() == SECOND + ABORT_US
    a.path.heal()
    rig.run_for(SECOND)
    assert a.kinds() == ["SocketClosed"], "the request never arrives"


def test_a_cut_holds_messages_back_both_ways() -> None:
    rig = opened("a")
    (a,) = rig.windows
    a.path.drop("both")
    a.client.send(1, "general", 1, "one")
    rig.server.post("general", "bob", "two")
    rig.run_for(10 * SECOND)
    assert (len(rig.stored), a.received()) == (1, [])
    a.path.heal()
    rig.run_for(SECOND)
    assert (len(rig.stored), a.received()) == (2, [1, 2])


def test_what_a_page_wrote_before_it_died_is_stored() -> None:
    rig = opened("a", "b")
    a, b = rig.windows
    a.client.send(1, "general", 1, "one")
    a.page.die()
    a.client.died()
    rig.run_for(SECOND)
    assert [stored[3:] for stored in rig.stored] == [("a", 1)]
    assert b.received() == [1]


def test_pushes_are_lost_as_often_as_the_scenario_says_and_history_has_them() -> None:
    rig = opened("a", choices=Drawn({Label.CHAT_PUSH: [0, 999_999, 0, 500_000, 499_999]}))
    (a,) = rig.windows
    rig.server.loss_ratio = 0.5
    for _ in range(5):
        rig.server.post("general", "bob", "again")
    a.client.fetch(1, "general", 0, 50)
    rig.run_for(SECOND)
    assert a.received() == [1, 3, 5]
    (loaded,) = [event for _, event in a.heard if isinstance(event, HistoryLoaded)]
    assert [message.seq for message in loaded.messages] == [1, 2, 3, 4, 5]
