"""`no_eviction_loop`: windows do not throw each other out again and again."""

from __future__ import annotations

from oneroom.checks.no_eviction_loop import NoEvictionLoop
from oneroom.checks.verdict import Verdict
from oneroom.trace.records import Life, Presence, Reason
from tests.checks.judged import judged, text
from tests.histories import History


def fight(history: History, start_ms: float, every_ms: float, rounds: int) -> History:
    """`main` is in the call; the windows evict each other, `overlay` first."""
    windows = ("main", "overlay")
    for number in range(rounds):
        loser, winner = windows[number % 2], windows[(number + 1) % 2]
        history.at(start_ms + number * every_ms)
        history.leaves(loser, sid=f"PA_{number}", reason=Reason.DUPLICATE_IDENTITY)
        history.joins(winner, sid=f"PA_{number + 1}")
    return history


def test_two_evictions_are_a_zombie_and_its_end() -> None:
    history = fight(History().joins("main", sid="PA_0"), 100, 1_000, 2)
    assert judged(NoEvictionLoop, history).verdict() is Verdict.HELD


def test_is_vacuous_without_an_eviction() -> None:
    history = History().joins("main").leaves("main").joins("overlay")
    assert judged(NoEvictionLoop, history).verdict() is Verdict.VACUOUS


def test_the_third_eviction_within_a_minute_is_a_loop() -> None:
    history = fight(History().joins("main", sid="PA_0"), 100, 2_000, 3)
    check = judged(NoEvictionLoop, history)
    assert text(check, history) == "main and overlay were evicted 3 times within 4.0 s"


def test_evictions_far_apart_are_no_loop() -> None:
    history = fight(History().joins("main", sid="PA_0"), 100, 30_001, 5)
    assert judged(NoEvictionLoop, history).verdict() is Verdict.HELD


def test_a_full_reconnect_replaces_its_own_session() -> None:
    history = History().joins("main", sid="PA_0")
    for number in range(4):
        history.leaves("main", sid=f"PA_{number}", reason=Reason.DUPLICATE_IDENTITY).joins(
            "main", f"PA_{number + 1}"
        )
    assert judged(NoEvictionLoop, history).verdict() is Verdict.VACUOUS


def test_replacing_ghosts_and_windows_that_stand_still_evicts_nobody() -> None:
    history = History().joins("main", sid="PA_0").session("main", Presence.GHOST, sid="PA_0")
    fight(history, 100, 1_000, 1)
    history.at(2_000).life("overlay", Life.FROZEN).leaves(
        "overlay", sid="PA_1", reason=Reason.DUPLICATE_IDENTITY
    )
    history.joins("main", sid="PA_2").life("main", Life.CRASHED)
    history.leaves("main", sid="PA_2", reason=Reason.DUPLICATE_IDENTITY).joins(
        "overlay", sid="PA_3"
    )
    assert judged(NoEvictionLoop, history).verdict() is Verdict.VACUOUS


def test_a_minute_is_a_minute() -> None:
    history = fight(History().joins("main", sid="PA_0"), 100, 30_000, 3)
    assert judged(NoEvictionLoop, history).verdict() is Verdict.VIOLATED


def _told_by_webhooks(known: bool) -> History:
    """Three evictions, of each of which the application's server is told; the SFU's own records
    tell of it, or not.
    """
    windows, history = ("main", "overlay"), History().joins("main", sid="PA_0")
    for number in range(3):
        loser, winner = windows[number % 2], windows[(number + 1) % 2]
        history.at(100 + number * 1_000)
        if known:
            history.leaves(loser, sid=f"PA_{number}", reason=Reason.DUPLICATE_IDENTITY)
        history.joins(winner, sid=f"PA_{number + 1}")
        history.webhook(
            "participant_left", loser, sid=f"PA_{number}", reason=Reason.DUPLICATE_IDENTITY
        )
    return history


def test_an_eviction_that_only_a_webhook_tells_of_counts() -> None:
    check = judged(NoEvictionLoop, _told_by_webhooks(known=False))
    assert check.verdict() is Verdict.VIOLATED
    assert check.violations == 1


def test_a_webhook_about_an_eviction_that_is_known_is_no_second_one() -> None:
    check = judged(NoEvictionLoop, _told_by_webhooks(known=True))
    assert check.violations == 1, "three evictions, not six"


def test_a_webhook_about_who_left_by_itself_or_replaced_itself_is_no_eviction() -> None:
    history = (
        History()
        .joins("main", sid="PA_0")
        .webhook("participant_left", "main", sid="PA_0", reason=Reason.CLIENT_INITIATED)
    )
    history.joins("main", sid="PA_1")
    history.webhook("participant_left", "main", sid="PA_0", reason=Reason.DUPLICATE_IDENTITY)
    assert judged(NoEvictionLoop, history).verdict() is Verdict.VACUOUS
