"""`single_publication`: others hear and see the user once."""

from __future__ import annotations

import pytest

from oneroom.checks.single_publication import SinglePublication
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Presence, RoomState, Source, TrackState
from tests.checks.judged import judged, text
from tests.histories import History

TWICE = "main publishes its camera twice"


def filmed() -> History:
    return History().call("main").track("main", Source.CAMERA, TrackState.PUBLISHED)


def test_holds_for_each_source_once_and_for_one_after_the_other() -> None:
    history = filmed().track("main", Source.CAMERA, TrackState.UNPUBLISHED).at(100)
    history.track("main", Source.CAMERA, TrackState.PUBLISHED_MUTED)
    history.track("main", Source.CAMERA, TrackState.UNMUTED)
    assert judged(SinglePublication, history).verdict() is Verdict.HELD


@pytest.mark.parametrize("state", [TrackState.PUBLISHED, TrackState.PUBLISHED_MUTED])
def test_two_tracks_of_one_source(state: TrackState) -> None:
    history = filmed().at(100).track("main", Source.CAMERA, state)
    assert text(judged(SinglePublication, history), history) == TWICE
    history.at(140).track("main", Source.CAMERA, TrackState.UNPUBLISHED)
    assert text(judged(SinglePublication, history), history) == f"{TWICE} (40 ms)"


def test_it_ends_with_the_session_and_a_new_session_counts_anew() -> None:
    history = filmed().at(100).track("main", Source.CAMERA, TrackState.PUBLISHED)
    history.at(200).leaves("main")
    assert text(judged(SinglePublication, history), history) == f"{TWICE} (100 ms)"
    fresh = filmed().leaves("main").joins("main", sid="PA_2")
    fresh.track("main", Source.CAMERA, TrackState.PUBLISHED, sid="PA_2")
    assert judged(SinglePublication, fresh).verdict() is Verdict.HELD


def talks_twice() -> History:
    """`main` is in the call with an open microphone, and after 100 ms `overlay` is, too."""
    return History().call("main").at(100).call("overlay")


def test_two_sessions_send_the_microphone() -> None:
    history = talks_twice().at(150).leaves("main")
    check = judged(SinglePublication, history)
    assert text(check, history) == "main and overlay send the user's microphone at once (50 ms)"


@pytest.mark.parametrize("source", [Source.CAMERA, Source.SCREEN_SHARE])
def test_two_sessions_send_a_picture(source: Source) -> None:
    history = History().call("main").at(100).call("overlay", muted=True)
    for window in ("main", "overlay"):
        history.track(window, source, TrackState.PUBLISHED)
    check = judged(SinglePublication, history)
    assert check.violation is not None
    assert check.violation.details == (source,)


def test_who_is_muted_in_one_of_two_sessions_is_heard_once() -> None:
    history = History().call("main").at(100).call("overlay", muted=True)
    assert judged(SinglePublication, history).verdict() is Verdict.HELD
    history.microphone("overlay", TrackState.UNMUTED)
    assert judged(SinglePublication, history).verdict() is Verdict.VIOLATED


def test_a_session_whose_packets_do_not_arrive_is_not_heard() -> None:
    history = History().call("main").media("main", uplink=False).at(100).call("overlay")
    assert judged(SinglePublication, history).verdict() is Verdict.HELD
    history.media("main", uplink=True)
    assert judged(SinglePublication, history).verdict() is Verdict.VIOLATED


def test_a_ghost_is_not_heard() -> None:
    history = History().call("main").session("main", Presence.GHOST).at(100).call("overlay")
    assert judged(SinglePublication, history.settles()).verdict() is Verdict.HELD


def test_a_room_that_ended_for_its_window_and_is_still_listed_is_heard_after_a_second() -> None:
    history = History().call("main").closes("main").room("main", RoomState.ENDED)
    history.at(900).call("main", epoch=2, sid="PA_2")
    assert judged(SinglePublication, history).verdict() is Verdict.HELD
    check = judged(SinglePublication, history.settles())
    assert text(check, history) == "two sessions of main send the user's microphone at once"
