"""Other people in a whole run: what every window draws and says of them."""

from __future__ import annotations

from oneroom.trace import people_records as p
from oneroom.trace import records as r
from tests.sim.played import JOIN, Played, play
from tests.units import SECOND

COMES = "at: 3s, remote_joins: {identity: grace, channel: lobby}"


def drawn(played: Played, window: str, who: str = "grace") -> list[int]:
    """How the window drew somebody; -1 is no more."""
    return [
        one.looks if one.there else -1
        for one in played.all(p.ParticipantDrawn, window)
        if played.name(one.identity) == who
    ]


def told(played: Played, window: str) -> list[str]:
    return [played.name(one.text) for one in played.all(r.UserNotified, window)]


def test_every_window_draws_what_the_owner_hears() -> None:
    mutes, camera = (
        "at: 5s, remote_mutes: {identity: grace}",
        "at: 6s, remote_starts_camera: {identity: grace}",
    )
    played = play(
        JOIN, COMES, mutes, camera, "at: 8s, remote_leaves: {identity: grace}", until_us=12 * SECOND
    )
    seen = [0, p.Looks.MUTED, p.Looks.MUTED | p.Looks.CAMERA, -1]
    assert drawn(played, "main") == seen
    assert drawn(played, "overlay") == seen


def test_what_begins_ends() -> None:
    mutes = ("at: 5s, remote_mutes: {identity: grace}", "at: 6s, remote_unmutes: {identity: grace}")
    films = (
        "at: 7s, remote_starts_camera: {identity: grace}",
        "at: 8s, remote_stops_camera: {identity: grace}",
    )
    played = play(JOIN, COMES, *mutes, *films, until_us=12 * SECOND)
    assert drawn(played, "overlay") == [0, p.Looks.MUTED, 0, p.Looks.CAMERA, 0]


def test_who_speaks_reaches_the_overlay_the_user_included() -> None:
    speaks = (
        "at: 5s, remote_speaks: {identity: grace, lasts: 2s}",
        "at: 9s, speaker: {window: main}",
    )
    played = play(JOIN, COMES, *speaks, until_us=15 * SECOND)
    assert drawn(played, "overlay") == [0, p.Looks.SPEAKING, 0]
    assert p.Looks.SPEAKING in [
        looks & p.Looks.SPEAKING for looks in drawn(played, "overlay", "ada")
    ]
    assert drawn(played, "overlay", "ada")[-1] & p.Looks.SPEAKING == 0


def test_only_an_overlay_says_who_shares_for_it_has_no_picture_of_it() -> None:
    shares = (
        "at: 5s, remote_starts_sharing: {identity: grace}",
        "at: 9s, remote_stops_sharing: {identity: grace}",
    )
    played = play(JOIN, COMES, *shares, until_us=12 * SECOND)
    assert told(played, "main") == []
    assert told(played, "overlay") == ["grace shares the screen", "grace stopped sharing"]


def test_a_failover_is_no_news_of_somebody_elses_share() -> None:
    shares = "at: 5s, remote_starts_sharing: {identity: grace}"
    leaves = "at: 20s, disconnect: {window: overlay}"
    played = play(
        JOIN, COMES, shares, "at: 9s, crash: {window: main}", leaves, until_us=30 * SECOND
    )
    assert told(played, "overlay") == ["grace shares the screen"]


def test_everybody_else_is_a_record_of_the_sfu() -> None:
    played = play(JOIN, COMES, "at: 5s, restart_server: {down: 1s}", until_us=20 * SECOND)
    remote = played.all(p.RemoteChanged)
    assert [(played.name(one.channel), played.name(one.identity), one.there) for one in remote] == [
        ("lobby", "grace", True),
        ("lobby", "grace", False),
        ("lobby", "grace", True),
    ]
