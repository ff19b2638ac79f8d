"""`mute_is_sticky`: who muted is not heard; what was on its way is excused."""

from __future__ import annotations

import pytest

from oneroom.checks.mute_is_sticky import MuteIsSticky
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import CommandVerb, Life, Presence, Source, TrackState
from tests.checks.judged import judged, text
from tests.histories import History


def mute(history: History, window: str = "main", value: bool = True) -> History:
    return history.applies(window, CommandVerb.TOGGLE_MUTE, value)


def test_holds_through_mute_failover_and_unmute() -> None:
    history = (
        mute(History().call("main"))
        .at(20)
        .microphone("main", TrackState.MUTED)
        .at(3_000)
        .leaves("main")
    )
    history.call("overlay", muted=True)
    mute(history.at(5_000), "overlay", value=False).microphone("overlay", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD


def test_is_vacuous_without_a_mute() -> None:
    assert (
        judged(MuteIsSticky, mute(History().call("main"), value=False)).verdict() is Verdict.VACUOUS
    )


def test_the_successor_publishes_an_open_microphone() -> None:
    history = (
        mute(History().call("main"))
        .microphone("main", TrackState.MUTED)
        .at(3_000)
        .leaves("main")
        .call("overlay")
    )
    check = judged(MuteIsSticky, history)
    assert text(check, history) == "overlay published an open microphone although the user is muted"


def test_a_full_reconnect_publishes_an_open_microphone() -> None:
    history = mute(History().call("main")).microphone("main", TrackState.MUTED).leaves("main")
    history.at(900).joins("main", sid="PA_2").microphone("main", TrackState.PUBLISHED, sid="PA_2")
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_the_microphone_is_unmuted_by_itself() -> None:
    history = (
        mute(History().call("main"))
        .microphone("main", TrackState.MUTED)
        .microphone("main", TrackState.UNMUTED)
    )
    check = judged(MuteIsSticky, history)
    assert text(check, history) == "the microphone of main was unmuted although the user is muted"


def test_an_opening_that_was_on_its_way_is_excused_once() -> None:
    history = (
        History().joins("main").captures("main").microphone("main", TrackState.PUBLISHED_MUTED)
    )
    mute(history.at(5)).at(20).microphone("main", TrackState.UNMUTED).microphone(
        "main", TrackState.MUTED
    )
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD
    history.at(40).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_a_publication_that_began_after_the_mute_is_not_excused() -> None:
    history = (
        mute(History().joins("main"))
        .at(5)
        .captures("main")
        .microphone("main", TrackState.PUBLISHED)
    )
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
    mute(history.at(200)).microphone("main", TrackState.MUTED).microphone(
        "main", TrackState.UNMUTED
    )
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_unmuting_who_was_not_muted_excuses_nothing_later() -> None:
    history = mute(mute(History().call("main"), value=False).at(100))
    history.microphone("main", TrackState.MUTED).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_an_unmuting_that_arrives_after_the_capture_has_ended_lets_nobody_hear_anything() -> None:
    """Found by fuzz: unmuted, left and muted within the way to the SFU, or a crash before a server
    that stands.
    """
    history = (
        History().joins("main").captures("main").microphone("main", TrackState.PUBLISHED_MUTED)
    )
    mute(history.captures("main", on=False).at(5)).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD
    mute(mute(history.at(9), value=False).at(20)).captures("main").microphone(
        "main", TrackState.UNMUTED
    )
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_who_does_not_capture_has_nothing_on_its_way() -> None:
    history = (
        History()
        .joins("main")
        .captures("main")
        .life("main", Life.CRASHED)
        .life("main", Life.OPENED)
    )
    assert (
        judged(MuteIsSticky, mute(history).microphone("main", TrackState.PUBLISHED)).verdict()
        is Verdict.VIOLATED
    )


def test_hiding_the_window_changes_nothing_about_what_is_on_its_way() -> None:
    history = History().joins("main").captures("main").life("main", Life.HIDDEN)
    assert (
        judged(MuteIsSticky, mute(history).microphone("main", TrackState.PUBLISHED)).verdict()
        is Verdict.HELD
    )


def _heard() -> History:
    """A call that the witness hears, muted at 1 s."""
    return mute(History().call("main").at(100).sensed("PA_main", alive=True).at(1_000))


def test_sound_that_was_on_its_way_is_no_matter() -> None:
    history = _heard().microphone("main", TrackState.MUTED).at(3_900).sensed("PA_main", alive=False)
    assert judged(MuteIsSticky, history.settles()).verdict() is Verdict.HELD


def test_sound_that_goes_on_is_heard_whatever_the_track_says() -> None:
    history = _heard().microphone("main", TrackState.MUTED).at(4_100).sensed("PA_main", alive=False)
    check = judged(MuteIsSticky, history)
    assert text(check, history) == "others heard main for more than 3 s although the user is muted"


def test_sound_that_never_ends_is_judged_at_the_end() -> None:
    assert judged(MuteIsSticky, _heard().settles()).verdict() is Verdict.VIOLATED


def test_sound_after_an_unmute_and_pictures_are_no_matter() -> None:
    history = mute(_heard().at(2_000).sensed("PA_main", alive=False).at(9_000), value=False)
    history.sensed("PA_main", alive=True).sensed("PA_main", alive=True, source=Source.CAMERA)
    assert judged(MuteIsSticky, history.settles()).verdict() is Verdict.HELD
    history = mute(History().call("main").sensed("PA_main", alive=True, source=Source.SCREEN_SHARE))
    assert judged(MuteIsSticky, history.settles()).verdict() is Verdict.HELD


def test_a_window_that_stands_still_cannot_be_silenced() -> None:
    history = _heard().life("main", Life.STALLED).at(9_000).sensed("PA_main", alive=False)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD


@pytest.mark.parametrize("revoked", [True, False])
def test_what_others_have_muted_stays_muted_until_the_user_unmutes(revoked: bool) -> None:
    def silenced() -> History:
        history = History().call("main").at(100).microphone("main", TrackState.MUTED)
        if revoked:
            return history.permitted("main", Source.CAMERA)
        return history.muted_by_others("main")

    assert judged(MuteIsSticky, silenced()).verdict() is Verdict.HELD
    history = silenced().at(3_000).leaves("main").call("overlay")
    check = judged(MuteIsSticky, history)
    assert text(check, history) == "overlay published an open microphone although the user is muted"
    unmuted = mute(silenced(), value=False).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, unmuted).verdict() is Verdict.HELD


@pytest.mark.parametrize("succeeded", [True, False])
def test_without_roles_old_news_is_what_a_window_hears_after_another_one_has_opened_a_room(
    succeeded: bool,
) -> None:
    history = History().call("main").at(100).microphone("main", TrackState.MUTED)
    if succeeded:
        history.opens("overlay").permitted("main", Source.CAMERA).leaves("main").joins("overlay")
    else:
        history.permitted("main", Source.CAMERA).opens("overlay").leaves("main").joins("overlay")
    history.at(900).microphone("overlay", TrackState.PUBLISHED)
    verdict = Verdict.VACUOUS if succeeded else Verdict.VIOLATED
    assert judged(MuteIsSticky, history).verdict() is verdict


def test_an_unmute_on_its_way_as_others_mute_is_excused_and_no_other() -> None:
    history = mute(mute(History().call("main")).microphone("main", TrackState.MUTED), value=False)
    history.muted_by_others("main").microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.HELD
    history.microphone("main", TrackState.MUTED).microphone("main", TrackState.UNMUTED)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED


def test_others_may_not_unmute() -> None:
    history = mute(History().call("main")).microphone("main", TrackState.MUTED)
    history.at(500).microphone("main", TrackState.UNMUTED)
    history.muted_by_others("main", muted=False)
    assert judged(MuteIsSticky, history).verdict() is Verdict.VIOLATED
