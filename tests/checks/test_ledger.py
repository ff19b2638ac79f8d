"""The ledger: what the user felt, in whole milliseconds and in events."""

from __future__ import annotations

import pytest

from oneroom.checks.ledger import KEYS, Ledger
from oneroom.trace.records import (
    CommandOutcome,
    CommandVerb,
    Life,
    Presence,
    Reason,
    Role,
    RoomState,
    TrackState,
)
from oneroom.trace.trace import Trace
from tests.histories import History


def totals(history: History) -> dict[str, int]:
    """The entries that are not 0."""
    ledger = Ledger()
    trace = Trace([ledger])
    for record in history.trace.records:
        trace.append(record)
    whole = ledger.totals()
    assert tuple(whole) == KEYS
    return {key: value for key, value in whole.items() if value}


def in_call() -> History:
    """A call that is perfect from its first instant, at 0 ms."""
    return History().owner("main").applies("main", CommandVerb.CONNECT).call("main")


def test_a_perfect_call_costs_one_election() -> None:
    assert totals(in_call().at(5_000).settles()) == {"elections": 1}


def test_without_a_call_nothing_is_missed() -> None:
    assert totals(History().at(9_000).settles()) == {}


def test_joining_takes_its_time() -> None:
    history = (
        History()
        .owner("main")
        .applies("main", CommandVerb.CONNECT)
        .at(80)
        .opens("main")
        .joins("main")
    )
    history.at(200).session("main", Presence.ACTIVE).room("main", RoomState.CONNECTED)
    history.at(230).microphone("main", TrackState.PUBLISHED).settles()
    assert totals(history) == {
        "no_room_ms": 200,
        "silent_ms": 230,
        "unheard_ms": 30,
        "elections": 1,
    }


def test_a_crash_and_its_failover() -> None:
    history = in_call().at(1_000).life("main", Life.CRASHED).session("main", Presence.GHOST)
    history.at(2_500).owner("overlay", term=2)
    history.at(2_700).leaves("main", reason=Reason.DUPLICATE_IDENTITY).call(
        "overlay", term=2
    ).settles()
    expected = {"no_owner_ms": 1_500, "no_room_ms": 1_700, "silent_ms": 1_700, "ghost_ms": 1_700}
    expected |= {"calls_torn_down": 1, "torn_down_ms": 1_700}
    assert totals(history) == expected | {"ghosts": 1, "elections": 2}


def test_who_moves_away_from_a_ghost_is_seen_in_two_rooms() -> None:
    history = in_call().at(1_000).session("main", Presence.GHOST).closes("main")
    history.at(4_000).call("main", epoch=2, sid="PA_2").at(21_000).leaves("main").settles()
    assert totals(history)["listed_twice_ms"] == 17_000


def test_leaving_stops_the_clocks() -> None:
    history = in_call().at(1_000).closes("main").leaves("main").role("main", Role.FOLLOWER)
    history.at(1_300).applies("main", CommandVerb.DISCONNECT, number=2).at(9_000).settles()
    assert totals(history) == {
        "no_owner_ms": 300,
        "no_room_ms": 300,
        "silent_ms": 300,
        "torn_down_ms": 300,
        "elections": 1,
    }


def test_who_was_removed_by_somebody_misses_nothing() -> None:
    history = (
        in_call()
        .at(1_000)
        .leaves("main", reason=Reason.PARTICIPANT_REMOVED)
        .room("main", RoomState.ENDED)
    )
    assert totals(history.settles()) == {"elections": 1}


def test_who_was_removed_by_the_app_misses_the_call() -> None:
    history = in_call().at(1_000).asks_removal("main", by_app=True)
    history.leaves("main", reason=Reason.PARTICIPANT_REMOVED).room("main", RoomState.ENDED)
    missed = totals(history.at(3_000).settles())
    assert (missed["no_room_ms"], missed["silent_ms"]) == (12_000, 12_000)  # 10 s of it settles


@pytest.mark.parametrize(
    ("pause", "back", "missed"),
    [
        (Life.FROZEN, Life.RESUMED, set()),
        (Life.STALLED, Life.UNSTALLED, {"no_owner_ms"}),
        (Life.STOPPED, Life.CONTINUED, {"no_owner_ms", "no_room_ms", "silent_ms"}),
    ],
)
def test_what_a_window_that_stands_still_takes_away(
    pause: Life, back: Life, missed: set[str]
) -> None:
    history = in_call().at(1_000).life("main", pause).at(1_400).life("main", back).settles()
    assert totals(history) == dict.fromkeys(missed, 400) | {"elections": 1}


def test_a_sleep_of_the_machine_is_nobodys_time() -> None:
    """But the SFU's clocks go on: a ghost is listed while its machine sleeps."""
    history = in_call().at(1_000).life("main", Life.SLEPT).life("overlay", Life.SLEPT)
    history.at(9_000).session("main", Presence.GHOST).at(60_000)
    history.life("main", Life.WOKE).life("overlay", Life.WOKE).at(60_300)
    history.leaves("main").call("main", epoch=2, sid="PA_2").settles()
    assert totals(history) == {
        "silent_ms": 300,
        "unheard_ms": 300,
        "ghosts": 1,
        "ghost_ms": 51_300,
        "elections": 1,
    }


def test_others_do_not_hear_a_user_whose_packets_do_not_arrive() -> None:
    history = in_call().at(1_000).media("main", uplink=False).at(1_700).media("main").settles()
    assert totals(history) == {"unheard_ms": 700, "elections": 1}
    muted = in_call().applies("main", CommandVerb.TOGGLE_MUTE, True)
    assert totals(muted.media("main", uplink=False).settles()) == {"elections": 1}


def test_the_user_hears_nobody_while_no_packets_come() -> None:
    history = in_call().renders("main", 1, 1).remote("grace").at(1_000)
    history.media("main", downlink=False).at(1_400).media("main").settles()
    assert totals(history) == {"deaf_ms": 400, "elections": 1}


@pytest.mark.parametrize("channel", ["", "kitchen"])
def test_who_is_alone_in_a_call_misses_nobody(channel: str) -> None:
    history = in_call().renders("main", 1, 1)
    if channel:
        history.remote("grace", channel)
    assert totals(history.media("main", downlink=False).settles()) == {"elections": 1}


def test_who_does_not_hear_because_there_is_no_room_has_no_room() -> None:
    history = in_call().renders("main", 1, 1).remote("grace").at(1_000)
    history.room("main", RoomState.RECONNECTING).media("main", uplink=False, downlink=False)
    found = totals(history.at(1_500).media("main").room("main", RoomState.HEALED).settles())
    assert found == {"no_room_ms": 500, "elections": 1}


def test_a_call_that_is_torn_down_and_comes_back() -> None:
    history = in_call().at(1_000).closes("main").leaves("main")
    history.at(1_600).call("main", epoch=2, sid="PA_2").settles()
    found = totals(history)
    assert (found["calls_torn_down"], found["torn_down_ms"]) == (1, 600)


def test_a_call_that_the_sdk_heals_is_not_torn_down() -> None:
    history = in_call().at(1_000).room("main", RoomState.RECONNECTING).at(9_000)
    found = totals(history.room("main", RoomState.HEALED).settles())
    assert "calls_torn_down" not in found
    assert "torn_down_ms" not in found


def test_a_call_that_the_user_moves_is_not_torn_down() -> None:
    history = in_call().at(1_000).applies("main", CommandVerb.CONNECT, number=2).closes("main")
    found = totals(history.at(1_600).call("main", epoch=2, sid="PA_2").settles())
    assert "calls_torn_down" not in found
    assert "torn_down_ms" not in found


def test_a_call_whose_last_window_is_gone_does_not_come_back() -> None:
    history = in_call().at(1_000).life("overlay", Life.CLOSED).life("main", Life.CLOSED)
    found = totals(history.at(1_600).settles())
    assert "calls_torn_down" not in found
    assert "torn_down_ms" not in found


def test_chat_is_as_late_as_the_latest_message_in_any_window() -> None:
    history = History().chats("main", "overlay").at(100).stores(1).at(130).shows("main", 1)
    history.at(250).shows("overlay", 1).at(300).stores(2).shows("main", 2).shows("overlay", 2)
    assert totals(history.settles()) == {"chat_late_ms": 150}


def test_chat_that_never_comes_is_late_until_the_end() -> None:
    history = History("main").chats("main").at(100).stores(1).settles()
    assert totals(history) == {"chat_late_ms": 10_000}


@pytest.mark.parametrize(("unseen", "seen"), [(Life.FROZEN, Life.RESUMED), (Life.SLEPT, Life.WOKE)])
def test_nobody_waits_for_chat_in_a_window_that_nobody_sees(unseen: Life, seen: Life) -> None:
    history = History("main").chats("main").at(100).stores(1).at(150).life("main", unseen)
    history.at(5_000).stores(2).at(9_000).life("main", seen).at(9_020).shows("main", 1, 2)
    assert totals(history.settles()) == {"chat_late_ms": 70}


def test_history_and_closed_windows_are_not_late() -> None:
    history = History().stores(1).at(5_000).chats("main", "overlay").shows("main", 1)
    history.stores(2).at(6_000).life("overlay", Life.CLOSED).shows("main", 2).settles()
    assert totals(history) == {"chat_late_ms": 1_000}


def test_a_muted_user_is_not_silenced() -> None:
    history = (
        in_call()
        .at(1_000)
        .applies("main", CommandVerb.TOGGLE_MUTE, True)
        .microphone("main", TrackState.MUTED)
    )
    assert totals(history.at(2_000).settles()) == {"elections": 1}
    history = in_call().at(1_000).microphone("main", TrackState.MUTED).at(1_250)
    assert totals(history.microphone("main", TrackState.UNMUTED).settles()) == {
        "silent_ms": 250,
        "unheard_ms": 250,
        "elections": 1,
    }


def test_two_rooms_are_counted_even_for_a_fraction_of_a_millisecond() -> None:
    history = in_call().at(1_000).opens("overlay").at(1_000.4).closes("overlay").settles()
    assert totals(history)["two_rooms_ms"] == 1


def test_two_rooms_count_the_excused_too() -> None:
    history = (
        in_call().at(10).life("main", Life.FROZEN).owner("overlay", term=2).at(100).opens("overlay")
    )
    assert totals(history.at(350).closes("overlay").settles())["two_rooms_ms"] == 250


def test_evictions_of_running_windows_by_others() -> None:
    history = (
        in_call()
        .at(1_000)
        .leaves("main", reason=Reason.DUPLICATE_IDENTITY)
        .joins("overlay")
        .settles()
    )
    assert totals(history)["evictions"] == 1


def witnessed(history: History) -> History:
    return history.witness(Presence.JOINED, "PA_main").witness(Presence.ACTIVE, "PA_main")


def test_the_witness_saw_the_user_go_and_come_back() -> None:
    history = witnessed(in_call()).at(1_000).witness(Presence.LEFT, "PA_main")
    history.at(1_200).witness(Presence.JOINED, "PA_overlay").witness(
        Presence.ACTIVE, "PA_overlay"
    ).settles()
    assert totals(history)["flaps"] == 1


def test_no_flap_if_the_successor_was_seen_first_or_the_user_left() -> None:
    seamless = (
        witnessed(in_call())
        .witness(Presence.JOINED, "PA_overlay")
        .witness(Presence.LEFT, "PA_main")
    )
    assert "flaps" not in totals(seamless.witness(Presence.ACTIVE, "PA_overlay").settles())
    on_purpose = (
        witnessed(in_call())
        .applies("main", CommandVerb.DISCONNECT, number=2)
        .witness(Presence.LEFT, "PA_main")
    )
    on_purpose.applies("main", CommandVerb.CONNECT, number=3).witness(Presence.JOINED, "PA_2")
    assert "flaps" not in totals(on_purpose.settles())


def test_others_come_and_go_as_they_like() -> None:
    history = (
        in_call().witness(Presence.JOINED, "PA_bob", "bob").witness(Presence.LEFT, "PA_bob", "bob")
    )
    assert "flaps" not in totals(history.witness(Presence.JOINED, "PA_bob", "bob").settles())


def test_prompts() -> None:
    history = History().prompts("main").at(1).prompts("main", up=False).prompts("overlay").settles()
    assert totals(history) == {"prompts": 2}


def test_lost_commands() -> None:
    history = History("main", "overlay", "tab")
    for number, outcome in enumerate(
        (CommandOutcome.APPLIED, CommandOutcome.EXPIRED, CommandOutcome.REFUSED), start=1
    ):
        history.issues("overlay", number, CommandVerb.CONNECT).resolves("overlay", number, outcome)
    history.issues("main", 1, CommandVerb.CONNECT).issues("tab", 1, CommandVerb.CONNECT).life(
        "tab", Life.CLOSED
    ).settles()
    assert totals(history) == {"commands_lost": 3}


def test_handoffs_and_elections() -> None:
    history = (
        History().owner("overlay").role("overlay", Role.HANDING_OVER).role("overlay", Role.FOLLOWER)
    )
    assert totals(history.owner("main", term=2).settles()) == {"handoffs": 1, "elections": 2}


def test_a_handoff_is_counted_once_however_often_it_is_told() -> None:
    history = (
        History().owner("main").role("main", Role.HANDING_OVER).role("main", Role.HANDING_OVER)
    )
    history.life("main", Life.CRASHED).life("main", Life.OPENED).owner("main", term=2)
    assert totals(history.role("main", Role.HANDING_OVER).settles()) == {
        "handoffs": 2,
        "elections": 2,
    }


def test_an_owner_that_crashed_owns_nothing_when_it_is_opened_again() -> None:
    history = (
        in_call().at(1_000).life("main", Life.CRASHED).life("main", Life.OPENED).at(1_500).settles()
    )
    assert totals(history)["no_owner_ms"] == 10_500


def test_other_switches_are_no_mute() -> None:
    history = (
        History()
        .owner("main")
        .applies("main", CommandVerb.CONNECT)
        .applies("main", CommandVerb.TOGGLE_CAMERA, True)
        .at(50)
    )
    history.call("main")
    assert totals(history.settles())["silent_ms"] == 50


def test_the_witness_sees_several_absences() -> None:
    history = witnessed(in_call())
    for number in range(2):
        history.witness(Presence.LEFT, "PA_main" if number == 0 else f"PA_{number}")
        history.witness(Presence.JOINED, f"PA_{number + 1}")
    assert totals(history.settles())["flaps"] == 2


def test_a_resumed_ghost_can_be_evicted_again() -> None:
    history = in_call().session("main", Presence.GHOST).session("main", Presence.RESUMED)
    history.leaves("main", reason=Reason.DUPLICATE_IDENTITY).joins("overlay")
    assert totals(history.settles())["evictions"] == 1


def test_a_microphone_that_was_unpublished_is_not_heard() -> None:
    history = in_call().at(1_000).microphone("main", TrackState.UNPUBLISHED).at(1_100)
    assert totals(history.settles())["silent_ms"] == 10_100
