"""The world's chat: what its steps do, and that a run without one has nothing of it."""

from __future__ import annotations

from oneroom.trace import chat_records as c
from oneroom.trace import records as r
from oneroom.trace.chat_records import ChatSocketState as Socket
from tests.sim.played import HEAD, JOIN, Played, play, steps
from tests.units import SECOND

TALK = "at: 2s, chat_arrives: {text: one, count: 3}"


def sockets(played: Played, where: str, since_us: int = 0) -> list[Socket]:
    return [one.state for one in played.all(c.ChatSocketChanged, where, since_us)]


def shown(played: Played, where: str, since_us: int = 0) -> list[int]:
    return [one.message for one in played.all(c.ChatShown, where, since_us)]


def test_a_run_without_a_step_of_the_chat_has_none() -> None:
    played = play(JOIN, "at: 5s, drop_network: {window: main, path: app}", "at: 6s, heal: {}")
    assert played.world.chats is None
    assert not any(type(record).__module__ == c.__name__ for record in played.trace.records)


def test_what_others_write_is_shown_in_every_window() -> None:
    played = play(TALK)
    assert [one.at_us for one in played.all(c.ChatStored)] == [2 * SECOND] * 3
    (step,) = played.all(r.StepTaken)
    assert {one.cause for one in played.all(c.ChatStored)} == {step.n}
    assert shown(played, "main") == shown(played, "overlay") == [1, 2, 3]


def test_what_the_user_writes_is_stored_and_shown_as_sent() -> None:
    played = play("at: 2s, send_chat: {window: overlay, text: secret}", until_us=4 * SECOND)
    (written,) = played.all(c.ChatWritten)
    (stored,) = played.all(c.ChatStored)
    (confirmed,) = played.all(c.ChatConfirmed)
    assert (played.name(written.where), played.name(stored.sender), stored.number) == (
        "overlay",
        "overlay",
        1,
    )
    assert stored.cause == written.n
    assert (confirmed.number, confirmed.message) == (1, stored.message)
    assert "secret" not in played.trace.names
    assert shown(played, "main") == [stored.message]


def test_pushes_are_lost_until_heal() -> None:
    played = play("at: 1s, lose_chat: {loss: 1}", TALK, "at: 3s, heal: {}", until_us=4 * SECOND)
    assert shown(played, "main") == []
    assert played.faults() == [("world", "lose_chat", True), ("world", "lose_chat", False)]
    assert shown(play("at: 1s, lose_chat: {loss: 1}", TALK, "at: 3s, heal: {}"), "main") == [
        1,
        2,
        3,
    ]


def test_a_slow_server_stores_late_until_heal() -> None:
    played = play(
        "at: 1s, slow_chat: {takes: 2s..3s}",
        "at: 2s, send_chat: {window: main}",
        "at: 3s, heal: {}",
        "at: 10s, send_chat: {window: main}",
        until_us=12 * SECOND,
    )
    first, second = played.all(c.ChatStored)
    assert 4 * SECOND <= first.at_us <= 5 * SECOND + SECOND // 10
    assert second.at_us <= 10 * SECOND + SECOND // 10
    assert played.faults() == [("world", "slow_chat", True), ("world", "slow_chat", False)]


def test_a_restarted_chat_server_breaks_every_socket() -> None:
    played = play("at: 2s, restart_chat: {down: 4s}", until_us=20 * SECOND)
    for window in ("main", "overlay"):
        states = sockets(played, window, 2 * SECOND)
        assert states[0] is Socket.CLOSED
        assert states.count(Socket.CLOSED) > 1, "refused while it is down"
        assert states[-1] is Socket.OPEN


def test_the_chat_is_cut_with_everything_and_by_itself() -> None:
    for path in ("both", "app"):
        cut = f"at: 5s, drop_network: {{window: main, path: {path}}}"
        played = play(
            JOIN,
            cut,
            "at: 6s, chat_arrives: {}",
            "at: 30s, heal_network: {window: main}",
            until_us=31 * SECOND,
        )
        (late,) = [one.at_us for one in played.all(c.ChatShown, "main")]
        assert late >= 30 * SECOND
        reconnecting = r.RoomState.RECONNECTING in played.rooms("main")
        assert reconnecting is (path == "both")
    for path in ("signal", "media"):
        cut = f"at: 5s, drop_network: {{window: main, path: {path}}}"
        played = play(JOIN, cut, "at: 6s, chat_arrives: {}", until_us=7 * SECOND)
        assert shown(played, "main") == [1]


def test_a_closed_window_closes_its_socket_and_one_that_opens_again_starts_anew() -> None:
    played = play(TALK, "at: 5s, close: {window: overlay}", "at: 6s, open: {window: overlay}")
    assert sockets(played, "overlay") == [
        Socket.OPENING,
        Socket.OPEN,
        Socket.CLOSING,
        Socket.OPENING,
        Socket.OPEN,
    ]
    assert shown(played, "overlay") == [1, 2, 3, 1, 2, 3]


def test_a_hidden_window_reads_on() -> None:
    played = play(
        "at: 1s, hide: {window: main}", "at: 400s, chat_arrives: {}", until_us=401 * SECOND
    )
    assert shown(played, "main") == [1]


def test_a_page_with_a_chat_is_cached_and_comes_back_to_a_socket_of_its_own() -> None:
    head = HEAD + "bus: {kind: storage-event}\n"
    away = ("at: 5s, leave_page: {window: main}", "at: 7s, chat_arrives: {text: four}")
    played = Played(steps(TALK, *away, "at: 9s, come_back: {window: main}", head=head))
    played.until(8 * SECOND)
    assert played.lives("main") == [r.Life.OPENED, r.Life.CACHED]
    assert sockets(played, "main", 5 * SECOND) == [Socket.CLOSING]
    assert shown(played, "main", 5 * SECOND) == []
    played.until(12 * SECOND)
    assert played.lives("main")[-1] is r.Life.RESTORED
    assert sockets(played, "main", 9 * SECOND) == [Socket.OPENING, Socket.CLOSED, Socket.OPEN]
    assert shown(played, "main", 9 * SECOND) == [4], "the rest is what it has shown before"
