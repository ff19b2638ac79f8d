"""Checks of what the user wants, on apps that tell nothing: a click is a command, and what an SDK
is told is its effect.

Rules: every inference is seen in both directions, red on an app that has the bug and held on one
that has not. `one_room.js` gives the Room to the window that has the lock, and keeps what the user
wants in localStorage.
"""

from __future__ import annotations

import pytest

from oneroom.driver.run import Run
from oneroom.trace import records as r
from tests.project import ROOT
from tests.sim.test_app_windows import ALONE, VOICE, played, violated

ONE_ROOM = (ROOT / "tests" / "sim" / "apps" / "one_room.js").read_text(encoding="utf-8")
CONNECT = "at: 2s, connect: {window: main, channel: lobby}"
LEAVE = "at: 6s, disconnect: {window: main}"
MUTE = "at: 6s, toggle_mute: {window: overlay}"
CRASH = "at: 10s, crash: {window: main}"
REMOVE = "at: 6s, kick: {window: main}"


def planted(right: str, wrong: str) -> str:
    """The app with a bug in that place."""
    assert right in ONE_ROOM
    return ONE_ROOM.replace(right, wrong)


# Goes on with a join that the user has cancelled.
JOINS_ANYWAY = planted("if (wanted().channel !== channel) return;", "")
# A successor forgets that the user is muted.
UNMUTES = planted("(!muted)", "(!muted || oneroom.windowName === 'overlay')")
# Comes back whoever has ended the call.
COMES_BACK = planted("if (reason === 4 || reason === 5) leave(); else", "")
# Obeys the clicks of the window that owns alone.
DEAF = planted("toggleMute: () => write", "toggleMute: () => owns && write")
# Takes the lock, and not the call that belongs to it.
FORGETS = planted("owns = true; obey();", "owns = true;")
# Never leaves.
STAYS = planted("disconnect: () => leave()", "disconnect: () => {}")


@pytest.mark.parametrize(
    ("check", "wrong", "lines"),
    [
        ("user_leave_wins", JOINS_ANYWAY, (CONNECT, "at: 2005ms, disconnect: {window: main}")),
        ("mute_is_sticky", UNMUTES, (CONNECT, MUTE, CRASH)),
        ("removal_is_final", COMES_BACK, (CONNECT, REMOVE)),
        ("commands_resolve", DEAF, (CONNECT, MUTE)),
        ("commands_resolve", STAYS, (CONNECT, LEAVE)),
        ("intent_restored", FORGETS, (CONNECT, CRASH)),
    ],
)
def test_a_bug_is_red_and_an_app_without_it_is_not(
    check: str, wrong: str, lines: tuple[str, ...]
) -> None:
    assert check in violated(played(wrong, *lines))
    right = played(ONE_ROOM, *lines)
    assert violated(right) == []
    assert check not in right.judgement.vacuous


@pytest.mark.parametrize(
    "lines",
    [
        ("at: 2s, disconnect: {window: main}",),
        (CONNECT, "at: 4s, connect: {window: overlay, channel: lobby}"),
        (CONNECT, LEAVE, "at: 8s, connect: {window: overlay, channel: lobby}"),
        (CONNECT, REMOVE, "at: 8s, connect: {window: overlay, channel: lobby}"),
        (CONNECT, "at: 4s, connect: {window: overlay, channel: stage}"),
        (CONNECT, MUTE, "at: 8s, toggle_mute: {window: main}", CRASH),
        (CONNECT, MUTE, "at: 6001ms, toggle_mute: {window: main}"),
        ("at: 1s, toggle_mute: {window: main}", CONNECT, CRASH),
        (
            CONNECT,
            MUTE,
            "at: 7s, disconnect: {window: main}",
            "at: 8s, connect: {window: overlay, channel: lobby}",
        ),
    ],
    ids=[
        "a leave with nothing to leave",
        "a join that is so already",
        "a join after a leave",
        "a join after a removal",
        "a change of the channel",
        "a mute and an unmute",
        "two clicks in one instant",
        "a mute before the call",
        "a mute over a leave",
    ],
)
def test_an_app_that_does_what_is_clicked_is_not_red(lines: tuple[str, ...]) -> None:
    assert violated(played(ONE_ROOM, *lines)) == []


def test_rooms_may_be_named_otherwise_than_channels() -> None:
    renamed = planted("token?room=${channel}", "token?room=voice-${channel}")
    lines = (CONNECT, "at: 4s, connect: {window: overlay, channel: lobby}", LEAVE)
    assert violated(played(renamed, *lines)) == []


def test_a_click_that_the_app_does_not_know_is_no_command() -> None:
    run = played(planted("toggleMute: () =>", "other: () =>"), CONNECT, MUTE)
    assert violated(run) == []
    assert verbs(run) == [r.CommandVerb.CONNECT]


def test_nothing_is_inferred_beside_actions_of_the_apps_own() -> None:
    do = "at: 8s, do: {window: main, action: connect, arg: lobby}"
    run = played(ONE_ROOM, CONNECT, LEAVE, do)
    assert verbs(run) == []
    assert violated(run) == []


def test_a_click_while_something_is_down_may_come_to_nothing() -> None:
    down = ("at: 1s, fail_tokens: {}", CONNECT, "at: 8s, heal: {}")
    assert violated(played(VOICE, *down, head=ALONE)) == []
    without = VOICE.replace("await room.connect(url, token);", "")
    assert violated(played(without, CONNECT, head=ALONE)) == ["commands_resolve"]


def test_an_app_that_tells_of_its_commands_is_judged_by_that_alone() -> None:
    telling = VOICE.replace("bus.postMessage(", "oneroom.issued(1, 'connect'); bus.postMessage(")
    run = played(telling, CONNECT, head=ALONE)
    assert [one.number for one in issued(run)] == [1]
    assert violated(run) == ["commands_resolve"]
    text = telling.replace("await connect(channel)", "oneroom.resolved(1, 'refused')")
    assert violated(played(text, CONNECT, head=ALONE)) == []


def issued(run: Run) -> list[r.CommandIssued]:
    """The commands of the run."""
    return [one for one in run.trace.records if isinstance(one, r.CommandIssued)]


def verbs(run: Run) -> list[r.CommandVerb]:
    """What the clicks of the run mean."""
    return [one.verb for one in issued(run)]
