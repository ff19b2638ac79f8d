"""`single_publication`: others hear and see the user once."""

from __future__ import annotations

import pytest

from oneroom.checks.single_publication import SinglePublication
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Source, TrackState
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
