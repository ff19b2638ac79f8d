"""`mute_is_sticky`: who muted is not heard; what was on its way is excused."""

from __future__ import annotations

from harness.checks.mute_is_sticky import MuteIsSticky
from harness.checks.verdict import Verdict
from harness.trace.records import Life, Presence, TrackState, Verb
from tests.checks.histories import History, judged, text


def mute(history: History, window: str = "main", value: bool = True) -> History:
    return history.applies(window, Verb.TOGGLE_MUTE, value)


def test_holds_through_mute_failover_and_unmute() -> None:
    history = mute(History().call("main")).at(20).microphone("main", TrackState.MUTED).at(3_000).leaves("main")
    history.call("overlay", muted=True)
    mute(history.at(5_000), "overlay", value=False).microphone("overlay", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_mute() -> None:
    assert judged(MuteIsSticky, mute(History().call("main"), value=False)).verdict() is Verdict.VACUOUS


def test_the_successor_publishes_an_open_microphone() -> None:
    history = mute(History().call("main")).microphone("main", TrackState.MUTED).at(3_000).leaves("main").call("overlay")
    check = judged(MuteIsSticky, history)
    assert text(check, history) == "overlay published an open microphone although the user is muted"


def test_a_full_reconnect_publishes_an_open_microphone() -> None:
    history = mute(History().call("main")).microphone("main", TrackState.MUTED).leaves("main")
    history.at(900).joins("main", sid="PA_2").microphone("main", TrackState.PUBLISHED, sid="PA_2")
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_the_microphone_is_unmuted_by_itself() -> None:
    history = mute(History().call("main")).microphone("main", TrackState.MUTED).microphone("main", TrackState.UNMUTED)
    check = judged(MuteIsSticky, history)
    assert text(check, history) == "the microphone of main was unmuted although the user is muted"


def test_an_opening_that_was_on_its_way_is_excused_once() -> None:
    history = History().joins("main").captures("main").microphone("main", TrackState.PUBLISHED_MUTED)
    mute(history.at(5)).at(20).microphone("main", TrackState.UNMUTED).microphone("main", TrackState.MUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD
    history.at(40).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_a_publication_that_began_after_the_mute_is_not_excused() -> None:
    history = mute(History().joins("main")).at(5).captures("main").microphone("main", TrackState.PUBLISHED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_a_session_that_was_not_listed_had_nothing_on_its_way() -> None:
    history = History().call("main").leaves("main").at(30_000)
    mute(history).joins("main", sid="PA_2").microphone("main", TrackState.PUBLISHED, sid="PA_2")
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_clicks_faster_than_the_network() -> None:
    history = mute(mute(mute(History().call("main")).at(5), value=False).at(10))
    for state in (TrackState.MUTED, TrackState.UNMUTED, TrackState.MUTED):
        history.at(30).microphone("main", state)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD


def test_others_microphones_are_their_own_business() -> None:
    history = mute(History().call("main")).session("main", Presence.RESUMED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD


def test_an_unmuting_that_has_arrived_excuses_nothing_later() -> None:
    history = mute(History().call("main")).microphone("main", TrackState.MUTED)
    mute(history.at(100), value=False).microphone("main", TrackState.UNMUTED)
    mute(history.at(200)).microphone("main", TrackState.MUTED).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_unmuting_who_was_not_muted_excuses_nothing_later() -> None:
    history = mute(mute(History().call("main"), value=False).at(100))
    history.microphone("main", TrackState.MUTED).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_who_does_not_capture_has_nothing_on_its_way() -> None:
    history = History().joins("main").captures("main").microphone("main", TrackState.PUBLISHED_MUTED)
    mute(history.captures("main", on=False).at(5)).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED
    history = History().joins("main").captures("main").life("main", Life.CRASHED).life("main", Life.OPENED)
    assert judged(MuteIsSticky, mute(history).microphone("main", TrackState.PUBLISHED)).verdict() is Verdict.VIOLATED


def test_hiding_the_window_changes_nothing_about_what_is_on_its_way() -> None:
    history = History().joins("main").captures("main").life("main", Life.HIDDEN)
    assert judged(MuteIsSticky, mute(history).microphone("main", TrackState.PUBLISHED)).verdict() is Verdict.HELD
