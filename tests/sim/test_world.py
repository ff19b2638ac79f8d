"""The world: what the user does and the lives of windows do what the stage says of them, as the
records show.
"""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.core.actions import Action
from oneroom.core.events import Event
from oneroom.core.reasons import Reason
from oneroom.ports.observer import LockChange, Presence
from oneroom.scenario import VERBS
from oneroom.trace import records as r
from oneroom.trace.records import Life, RoomState
from tests.sim import (
    test_app_windows,
    test_devices,
    test_hidden_windows,
    test_moderators,
    test_network_faults,
    test_remote_participants,
    test_tabs,
    test_world_chat,
    test_world_faults,
    test_world_servers,
)
from tests.sim.played import JOIN, Played, driven, play, scenario, steps
from tests.units import MILLISECOND, SECOND

HIDDEN_MAIN = "at: 5s, hide: {window: main}"

# Which test below plays which verb: a new verb belongs here.
PLAYED = {
    "refuse_prompt": "test_a_refused_microphone_is_remembered",
    "stop_sharing": "test_the_browsers_own_bar_stops_a_share_and_everybody_sees_it",
    "unplug": "test_an_unplugged_microphone_is_muted_for_the_others_and_comes_back",
    "plug_in": "test_an_unplugged_microphone_is_muted_for_the_others_and_comes_back",
    "plug_in_headset": "test_the_owner_speaks_into_the_headset_that_is_plugged_in",
    "unplug_headset": "test_the_other_microphone_takes_over_when_the_headset_is_gone",
    "change_default_microphone": (
        "test_the_default_microphone_can_be_changed_in_the_systems_settings"
    ),
    "connect": "test_a_click_is_a_command",
    "disconnect": "test_a_click_is_a_command",
    "toggle_mute": "test_a_click_is_a_command",
    "toggle_camera": "test_a_click_is_a_command",
    "share_screen": "test_a_click_is_a_command",
    "gesture": "test_a_gesture_is_no_command",
    "do": "test_a_step_calls_an_action_that_the_app_has_registered",
    "navigate": "test_a_route_change_keeps_page_and_room",
    "open": "test_a_window_that_opens_again_is_a_new_instance",
    "focus": "test_a_life_is_told",
    "hide": "test_a_hidden_window_beats_on_the_grid",
    "hide_to_tray": "test_a_window_that_is_closed_to_the_tray_lives_on_hidden",
    "show": "test_a_life_is_told",
    "close": "test_closing_runs_pagehide",
    "crash": "test_a_crash_says_no_goodbye",
    "freeze": "test_a_frozen_window_answers_and_beats_no_more",
    "resume": "test_a_resumed_window_beats_again",
    "reload": "test_a_reload_runs_pagehide_and_begins_a_new_runtime_of_the_same_session",
    "crash_reload": "test_a_content_process_that_dies_is_reloaded_without_pagehide",
    "leave_page": "test_a_page_that_is_left_is_cached_and_comes_back_as_it_was",
    "come_back": "test_a_page_that_is_left_is_cached_and_comes_back_as_it_was",
    "discard": "test_a_discarded_tab_says_nothing_and_keeps_its_session",
    "duplicate": "test_a_duplicate_has_a_copy_of_the_session",
    "sleep": "test_a_sleeping_machine_does_nothing",
    "step_clock": "test_a_step_of_the_wall_clock_is_seen_by_who_reads_it_alone",
    "stall": "test_a_stalled_window_does_nothing_and_keeps_its_media",
    "stop": "test_a_stopped_window_has_no_media",
    "delay_bus": "test_a_delayed_bus_is_slow_both_ways",
    "lose_bus": "test_a_lossy_bus_loses_both_ways",
    "partition": "test_a_partitioned_window_is_cut_off_both_ways",
    "deafen": "test_a_deaf_window_is_heard",
    "drop_network": "test_a_dropped_network_is_noticed",
    "heal_network": "test_a_healed_network_gives_the_room_back",
    "heal": "test_heal_heals_everything",
    "kick": "test_a_kick_sends_one_window_out",
    "moderator_mutes": "test_one_click_unmutes_what_a_moderator_muted",
    "moderator_unmutes": "test_a_microphone_that_a_moderator_opens_is_muted_again",
    "moderator_revokes": "test_what_may_not_be_published_stays_off_until_it_may",
    "moderator_permits": "test_what_may_not_be_published_stays_off_until_it_may",
    "app_kicks": "test_a_kick_by_the_app_is_told_apart_by_its_record_alone",
    "delete_room": "test_deleting_the_room_sends_everybody_out",
    "restart_server": "test_a_restarted_server_has_forgotten_everybody",
    "break_signal": "test_a_reset_signal_is_resumed",
    "pause_server": "test_a_paused_server_answers_late",
    "stop_server": "test_a_server_that_is_stopped_is_given_up_and_joined_when_it_is_started",
    "start_server": "test_a_server_that_is_stopped_is_given_up_and_joined_when_it_is_started",
    "unplug_server": "test_a_server_off_its_network_is_lost_by_the_first_try_and_resumed",
    "offline": "test_every_page_is_told_of_the_machines_network",
    "online": "test_every_page_is_told_of_the_machines_network",
    "change_network": "test_a_call_goes_on_on_another_network",
    "refuse_signal": "test_an_online_machine_still_has_its_other_faults",
    "lose_signal": "test_a_websocket_without_its_server_is_resumed",
    "stop_forwarding": "test_stuck_subscriptions_end_with_the_session",
    "replace_server": "test_a_server_that_is_replaced_tells_nobody_and_comes_back",
    "drain": "test_a_draining_server_accepts_who_comes",
    "shut_down_server": "test_a_server_that_shuts_down_says_so",
    "signal_reconnect": "test_a_simulated_fault",
    "full_reconnect": "test_a_simulated_fault",
    "resume_reconnect": "test_a_simulated_fault",
    "disconnect_signal_on_resume": "test_a_simulated_fault",
    "disconnect_signal_on_resume_no_messages": "test_a_simulated_fault",
    "node_failure": "test_a_simulated_fault",
    "migration": "test_a_simulated_fault",
    "server_leave": "test_a_simulated_fault",
    "fail_tokens": "test_no_token_no_room_until_heal",
    "slow_tokens": "test_a_slow_token_makes_a_late_room",
    "send_chat": "test_what_the_user_writes_is_stored_and_shown_as_sent",
    "chat_arrives": "test_what_others_write_is_shown_in_every_window",
    "lose_chat": "test_pushes_are_lost_until_heal",
    "slow_chat": "test_a_slow_server_stores_late_until_heal",
    "remote_joins": "test_every_window_draws_what_the_owner_hears",
    "remote_leaves": "test_every_window_draws_what_the_owner_hears",
    "remote_mutes": "test_every_window_draws_what_the_owner_hears",
    "remote_unmutes": "test_what_begins_ends",
    "remote_stops_camera": "test_what_begins_ends",
    "remote_starts_camera": "test_every_window_draws_what_the_owner_hears",
    "remote_speaks": "test_who_speaks_reaches_the_overlay_the_user_included",
    "speaker": "test_who_speaks_reaches_the_overlay_the_user_included",
    "remote_starts_sharing": "test_only_an_overlay_says_who_shares_for_it_has_no_picture_of_it",
    "remote_stops_sharing": "test_only_an_overlay_says_who_shares_for_it_has_no_picture_of_it",
    "restart_chat": "test_a_restarted_chat_server_breaks_every_socket",
}


def test_every_verb_is_played() -> None:
    assert set(PLAYED) == set(VERBS)
    tests = {
        **globals(),
        **vars(test_world_faults),
        **vars(test_world_chat),
        **vars(test_moderators),
        **vars(test_remote_participants),
        **vars(test_world_servers),
        **vars(test_network_faults),
        **vars(test_hidden_windows),
        **vars(test_tabs),
        **vars(test_app_windows),
        **vars(test_devices),
    }
    assert [test for test in PLAYED.values() if test not in tests] == []


# -- what the user does --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "action", "verb"),
    [
        ("connect: {window: overlay, channel: lobby}", "connect", r.CommandVerb.CONNECT),
        ("disconnect: {window: overlay}", "disconnect", r.CommandVerb.DISCONNECT),
        ("toggle_mute: {window: overlay}", "toggleMute", r.CommandVerb.TOGGLE_MUTE),
        ("toggle_camera: {window: overlay}", "toggleCamera", r.CommandVerb.TOGGLE_CAMERA),
        ("share_screen: {window: overlay}", "toggleScreenShare", r.CommandVerb.TOGGLE_SCREEN_SHARE),
    ],
)
def test_a_click_is_a_command(step: str, action: str, verb: r.CommandVerb) -> None:
    played = play(f"at: 2s, {step}", until_us=4 * SECOND)
    (acted,) = played.all(r.UserActed)
    (issued,) = played.all(r.CommandIssued)
    (applied,) = played.all(r.CommandApplied)
    assert (played.name(acted.where), played.name(acted.action), acted.at_us) == (
        "overlay",
        action,
        2 * SECOND,
    )
    assert (issued.verb, issued.cause, issued.at_us) == (verb, acted.n, 2 * SECOND)
    assert (applied.verb, played.name(applied.where), played.name(applied.issuer)) == (
        verb,
        "main",
        "overlay",
    )


def test_a_gesture_is_no_command() -> None:
    played = play("at: 2s, gesture: {window: main}")
    assert [played.name(one.action) for one in played.all(r.UserActed)] == ["gesture"]
    assert played.all(r.CommandIssued) == []


def test_a_route_change_keeps_page_and_room() -> None:
    played = play(JOIN, "at: 5s, navigate: {window: main}")
    assert played.lives("main") == [Life.OPENED, Life.NAVIGATED]
    assert played.rooms("main") == [RoomState.OPENING, RoomState.CONNECTED]


def test_a_click_in_a_window_that_is_not_open_is_nothing() -> None:
    played = Played(steps("at: 2s, crash: {window: overlay}")).until(3 * SECOND)
    before = played.trace.n
    played.world.user.act("overlay", "disconnect")
    played.world.windows.hide("overlay")
    played.world.buses.partition("overlay")
    assert played.trace.n == before


# -- the lives of windows ------------------------------------------------------------------------


def test_steps_and_windows_come_at_their_times() -> None:
    played = play(
        "at: 2s, gesture: {window: main}",
        "at: 2s, gesture: {window: overlay}",
        "at: 4s, gesture: {window: main}",
    )
    taken = [(played.name(one.verb), one.line, one.at_us) for one in played.all(r.StepTaken)]
    assert taken == [
        ("gesture", 7, 2 * SECOND),
        ("gesture", 8, 2 * SECOND),
        ("gesture", 9, 4 * SECOND),
    ]
    opened = {played.name(one.where): one.at_us for one in played.all(r.LifeChanged)}
    assert opened == {"main": 0, "overlay": 100 * MILLISECOND}


@pytest.mark.parametrize("seed", range(1, 9))
def test_windows_open_before_the_steps_of_the_same_instant(seed: int) -> None:
    both = steps("at: 0s, freeze: {window: main}", "at: 100ms, freeze: {window: overlay}")
    played = Played(both, Seeded(seed)).until(SECOND)
    assert (
        played.lives("main")
        == played.lives("overlay")
        == [
            Life.OPENED,
            Life.HIDDEN,
            Life.FROZEN,
        ]
    )


def test_a_life_is_told() -> None:
    played = play(
        "at: 2s, focus: {window: overlay}",
        "at: 3s, hide: {window: overlay}",
        "at: 4s, show: {window: overlay}",
    )
    assert played.lives("overlay") == [Life.OPENED, Life.FOCUSED, Life.HIDDEN, Life.SHOWN]
    assert [one.main for one in played.all(r.LifeChanged)] == [True, False, False, False, False]


def beats_us(played: Played, since_us: int) -> list[int]:
    timers = played.all(r.TimerRan, "main", since_us)
    return [one.at_us for one in timers if one.timer == 0]


def test_a_hidden_window_beats_on_the_grid() -> None:
    played = play(HIDDEN_MAIN, "at: 15s, show: {window: main}")
    hidden = beats_us(Played(steps(HIDDEN_MAIN)).until(14 * SECOND), 6 * SECOND)
    assert len({at_us % SECOND for at_us in hidden}) == 1
    assert len(beats_us(played, 16 * SECOND)) >= 13


def test_closing_runs_pagehide() -> None:
    played = play(JOIN, "at: 5s, close: {window: main}", until_us=6 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CLOSED]
    assert played.rooms("main")[-1] in (RoomState.CLOSING, RoomState.ENDED)
    (left,) = [one for one in played.all(r.PresenceChanged) if one.presence == Presence.LEFT]
    assert left.reason == Reason.CLIENT_INITIATED
    assert r.MessageKind.RESIGN in [
        one.kind for one in played.all(r.MessagePosted, "main", 5 * SECOND)
    ]
    assert played.owner() == "overlay"


def test_a_frozen_window_that_is_closed_runs_pagehide() -> None:
    played = play(
        JOIN, "at: 5s, freeze: {window: main}", "at: 6s, close: {window: main}", until_us=7 * SECOND
    )
    assert r.MessageKind.RESIGN in [
        one.kind for one in played.all(r.MessagePosted, "main", 6 * SECOND)
    ]
    assert played.faults() == [("main", "freeze", True), ("main", "freeze", False)]


@pytest.mark.parametrize("fault", ["stall", "stop"])
def test_a_stalled_window_is_closed_without_pagehide(fault: str) -> None:
    played = play(
        JOIN,
        f"at: 5s, {fault}: {{window: main, lasts: 3s}}",
        "at: 6s, close: {window: main}",
        until_us=20 * SECOND,
    )
    assert played.all(r.MessagePosted, "main", 5 * SECOND + 1) == []
    assert played.lives("main")[-1] is Life.CLOSED
    assert played.faults()[-1] == ("main", fault, False)


def test_a_crash_says_no_goodbye() -> None:
    played = play(JOIN, "at: 5s, crash: {window: main}", until_us=60 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.CRASHED]
    crashed_us = 5 * SECOND
    assert played.all(r.MessagePosted, "main", crashed_us) == []
    assert played.all(r.RoomChanged, "main", crashed_us) == []
    assert Presence.GHOST in [one.presence for one in played.all(r.PresenceChanged, "", crashed_us)]
    assert [one.on for one in played.all(r.CaptureChanged, "main")] == [True, False]
    freed = [one for one in played.all(r.LockChanged, "main") if one.change == LockChange.RELEASED]
    assert 9 * MILLISECOND <= freed[-1].at_us - crashed_us <= 27 * MILLISECOND
    assert played.owner() == "overlay"


def test_a_window_that_opens_again_is_a_new_instance() -> None:
    played = play(
        "at: 2s, crash: {window: overlay}",
        "at: 4s, open: {window: overlay}",
        "at: 5s, connect: {window: overlay, channel: lobby}",
    )
    assert played.lives("overlay") == [Life.OPENED, Life.CRASHED, Life.OPENED]
    assert [played.name(one.issuer) for one in played.all(r.CommandApplied)] == ["overlay~2"]


def test_opening_an_open_window_changes_nothing() -> None:
    played = Played(scenario("")).until(SECOND)
    before = played.trace.n
    played.world.windows.open("main")
    assert played.trace.n == before


def frozen(*more: str, until_us: int = 20 * SECOND) -> Played:
    return play(JOIN, "at: 5s, freeze: {window: main}", *more, until_us=until_us)


def test_a_frozen_window_answers_and_beats_no_more() -> None:
    played = frozen()
    assert played.faults() == [("main", "freeze", True)]
    assert beats_us(played, 5 * SECOND + 1) == []
    assert played.heard("main", 6 * SECOND) > 0
    assert len(played.all(r.MessagePosted, "main", 6 * SECOND)) > 0
    assert played.owner() == "main"


def test_a_resumed_window_beats_again() -> None:
    played = frozen("at: 15s, resume: {window: main}", until_us=30 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.HIDDEN, Life.FROZEN, Life.RESUMED]
    assert played.faults() == [("main", "freeze", True), ("main", "freeze", False)]
    assert len(beats_us(played, 15 * SECOND)) >= 14


def test_freezing_twice_is_freezing_once() -> None:
    played = frozen("at: 6s, resume: {window: main}", until_us=5 * SECOND)
    played.world.windows.freeze("main")
    played.until(10 * SECOND)
    assert played.faults() == [("main", "freeze", True), ("main", "freeze", False)]


@pytest.mark.parametrize(
    ("engine", "heard"), [("chromium", True), ("webkit", False), ("firefox", False)]
)
def test_only_chromium_tells_the_page_that_it_is_frozen(engine: str, heard: bool) -> None:
    played = Played(
        scenario(f"engine: {engine}\nsteps:\n  - {{at: 5s, freeze: {{window: overlay}}}}\n")
    )
    overlay = driven(played.until(4 * SECOND).world, "overlay")
    turns: list[str] = []
    handle = overlay.coordinator.handle

    def listen(event: Event, now_us: int) -> list[Action]:
        turns.append(type(event).__name__)
        return handle(event, now_us)

    overlay._machine = listen
    played.until(10 * SECOND)
    assert ("Froze" in turns) is heard
    assert (played.heard("overlay", 6 * SECOND) > 0) is heard


def still(fault: str, lasts: str, until_us: int) -> Played:
    """`main` stands still from 5 s on, in a call, with its microphone open."""
    return play(JOIN, f"at: 5s, {fault}: {{window: main, lasts: {lasts}}}", until_us=until_us)


def test_a_stalled_window_does_nothing_and_keeps_its_media() -> None:
    played = still("stall", "2s", 10 * SECOND)
    assert played.lives("main") == [Life.OPENED, Life.STALLED, Life.UNSTALLED]
    assert played.faults() == [("main", "stall", True), ("main", "stall", False)]
    during = [
        one.at_us
        for one in played.all(r.MessagePosted, "main")
        if 5 * SECOND < one.at_us < 7 * SECOND
    ]
    assert during == []
    assert len(beats_us(played, 7 * SECOND)) >= 3


def test_a_stopped_window_has_no_media() -> None:
    alone = ("at: 2s, connect: {window: main, channel: lobby}", "at: 3s, crash: {window: overlay}")
    stalled = play(*alone, "at: 5s, stall: {window: main, lasts: 50s}", until_us=40 * SECOND)
    stopped = play(*alone, "at: 5s, stop: {window: main, lasts: 50s}", until_us=40 * SECOND)
    assert [one for one in stalled.all(r.PresenceChanged) if one.presence == Presence.LEFT] == []
    (left,) = [one for one in stopped.all(r.PresenceChanged) if one.presence == Presence.LEFT]
    assert left.reason == Reason.CONNECTION_TIMEOUT
    # 16 s of silence and 5 s as a ghost
    assert left.at_us == pytest.approx(26 * SECOND, abs=SECOND)


def test_faults_are_counted_and_overlap() -> None:
    played = play(
        "at: 2s, stall: {window: main, lasts: 4s}",
        "at: 3s, stall: {window: main, lasts: 1s}",
        until_us=5 * SECOND,
    )
    assert played.world.faults.counts() == {("main", "stall"): 1}
    assert played.until(7 * SECOND).world.faults.counts() == {}
