"""`roster_converges`: in the end every window in a call shows the people who are in it, as they
are.
"""

from __future__ import annotations

import pytest

from oneroom.checks.roster_converges import RosterConverges
from oneroom.checks.verdict import Verdict
from oneroom.trace.people_records import Looks
from oneroom.trace.records import ConnectionState, Life, RoomState
from tests.checks.judged import judged, text
from tests.histories import History


def in_company() -> History:
    """main is connected, and grace is in the call, with a camera."""
    return History("main").renders("main", 1, 1).remote("grace", looks=Looks.CAMERA)


def test_holds_when_everybody_is_drawn_as_is() -> None:
    history = (
        in_company().draws("main", "ada", "witness").draws("main", "grace", looks=Looks.CAMERA)
    )
    assert judged(RosterConverges, history.settles()).verdict() is Verdict.HELD


def test_somebody_is_missing() -> None:
    history = in_company().draws("main", "ada").settles()
    check = judged(RosterConverges, history)
    assert text(check, history) == "after healing main does not show grace, who is in the call"


@pytest.mark.parametrize("channel", ["lobby", "stage"])
def test_somebody_is_drawn_who_left_or_is_elsewhere(channel: str) -> None:
    history = in_company().draws("main", "grace", looks=Looks.CAMERA).remote("grace", there=False)
    history.remote("linus").draws("main", "linus").remote(
        "grace", "stage", there=channel == "stage"
    ).settles()
    check = judged(RosterConverges, history)
    assert text(check, history) == "after healing main shows grace, who is not in the call"


@pytest.mark.parametrize(
    "look", [0, Looks.CAMERA | Looks.MUTED, Looks.CAMERA | Looks.SCREEN_SHARE, Looks.SPEAKING]
)
def test_somebody_is_drawn_otherwise(look: int) -> None:
    history = in_company().draws("main", "grace", looks=look).settles()
    check = judged(RosterConverges, history)
    assert text(check, history) == "after healing main does not show grace as grace is"


def test_who_speaks_may_be_wrong_in_a_room_that_has_healed_and_nothing_else() -> None:
    for look, verdict in (
        (Looks.CAMERA | Looks.SPEAKING, Verdict.HELD),
        (Looks.SPEAKING, Verdict.VIOLATED),
    ):
        history = (
            in_company()
            .opens("main")
            .room("main", RoomState.HEALED)
            .draws("main", "grace", looks=look)
        )
        assert judged(RosterConverges, history.settles()).verdict() is verdict
    anew = in_company().opens("main").room("main", RoomState.HEALED).opens("main", 2)
    anew.draws("main", "grace", looks=Looks.CAMERA | Looks.SPEAKING)
    assert judged(RosterConverges, anew.settles()).verdict() is Verdict.VIOLATED


@pytest.mark.parametrize("life", [Life.FROZEN, Life.CLOSED])
def test_windows_that_do_not_run_or_are_in_no_call_are_not_asked(life: Life) -> None:
    gone = in_company().life("main", life).settles()
    assert judged(RosterConverges, gone).verdict() is Verdict.VACUOUS
    idle = in_company().renders("main", 1, 2, connection=ConnectionState.RECONNECTING).settles()
    assert judged(RosterConverges, idle).verdict() is Verdict.VACUOUS


def test_is_vacuous_where_nobody_else_ever_was() -> None:
    assert (
        judged(RosterConverges, History("main").renders("main", 1, 1).settles()).verdict()
        is Verdict.VACUOUS
    )
