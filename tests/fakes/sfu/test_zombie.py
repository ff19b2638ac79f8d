"""The owner who was cut off takes the Room back: resumes are bound to (room, identity) alone."""

from __future__ import annotations

import pytest

from oneroom.core.events import Event, RoomLost
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence, TrackState
from oneroom_fakes.sfu.sdk import JS
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, JOIN_US, Rig, Window
from tests.units import MILLISECOND, SECOND

# The zombie's own peer connection is dead, so its resume waits in vain this long.
IN_VAIN_US = JS.reconnect_wait_us + JS.media_connect_us


def usurped(rig: Rig, publish: bool) -> tuple[Window, Window]:
    """main is cut off, overlay takes over, main's signalling has just died, and now the network
    heals.
    """
    main = rig.joined("main", publish=publish)
    main.path.drop("both")
    overlay = rig.joined("overlay", publish=publish)
    rig.run_for(JS.ping_timeout_us)
    assert main.kinds()[-1] == "RoomLost"
    main.path.heal()
    return main, overlay


def test_a_resume_with_a_foreign_sid_is_attached_to_the_present_session() -> None:
    rig = Rig()
    usurped(rig, publish=False)
    rig.run_for(JS.first_response_us)
    resumed = [
        (window, sid)
        for _, window, sid, presence, _ in rig.presence()
        if presence is Presence.RESUMED
    ]
    assert resumed[0] == ("main", "PA_2")
    assert rig.listed() == (("u1", "PA_2"),)


@pytest.mark.parametrize("seed", range(5))
def test_without_tracks_they_take_the_session_from_each_other_and_the_zombie_wins(
    seed: int,
) -> None:
    rig = Rig(seed)
    main, overlay = usurped(rig, publish=False)
    rig.run_for(JS.first_response_us + IN_VAIN_US + 10 * SECOND)
    assert overlay.kinds() == ["RoomConnected", "RoomLost", "RoomHealed", "RoomEnded"]
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY
    assert main.kinds() == ["RoomConnected", "RoomLost", "RoomLost", "RoomHealed"]
    assert rig.listed() == (("u1", "PA_3"),)


@pytest.mark.parametrize("seed", range(5))
def test_with_tracks_the_mismatch_ends_the_session_and_the_zombie_wins(seed: int) -> None:
    rig = Rig(seed)
    main, overlay = usurped(rig, publish=True)
    rig.run_for(JS.first_response_us + 2 * SECOND)
    assert rig.left("overlay")[0][1] is Reason.STATE_MISMATCH
    rig.run_for(IN_VAIN_US + 10 * SECOND)
    assert overlay.ended() is Reason.DUPLICATE_IDENTITY
    assert main.kinds()[-1] == "RoomHealed"
    assert len(rig.listed()) == 1
    assert rig.tracks()[-1] == ("main", 2, TrackState.PUBLISHED)


@pytest.mark.parametrize(
    ("severed", "soonest_us", "latest_us"),
    [
        pytest.param(0, IN_VAIN_US, IN_VAIN_US + SECOND, id="waits for media"),
        pytest.param(
            1, JS.reconnect_wait_us, JS.reconnect_wait_us + SECOND, id="fails when settled"
        ),
        pytest.param(2, 0, SECOND, id="restarts at once"),
    ],
)
def test_how_soon_a_zombie_evicts_depends_on_how_its_sdk_takes_it(
    severed: int, soonest_us: int, latest_us: int
) -> None:
    rig = Rig(severed=severed)
    usurped(rig, publish=False)
    rig.run_for(JS.first_response_us + IN_VAIN_US + 10 * SECOND)
    taken_back_us = rig.times("overlay", Presence.RESUMED)[0]
    evicted_us = next(
        at_us for at_us, reason in rig.left("overlay") if reason is Reason.DUPLICATE_IDENTITY
    )
    assert soonest_us <= evicted_us - taken_back_us <= latest_us


def test_nobody_ever_sees_two_participants() -> None:
    rig = Rig()
    usurped(rig, publish=True)
    for _ in range(40_000):
        rig.run_for(MILLISECOND)
        assert len(rig.listed()) <= 1


def test_the_newer_owner_restarts_at_once_when_its_first_answer_is_a_mismatch() -> None:
    rig = Rig()
    _, overlay = usurped(rig, publish=True)
    rig.run_for(JS.first_response_us + 2 * SECOND)
    lost_us = overlay.at(RoomLost)
    joined_us = rig.times("overlay", Presence.JOINED)[1]
    # One resume, refused; the second delay of the policy; one join.
    assert joined_us - lost_us[0] <= JS.retry_delays_us[1] + 7 * DELAY_HIGH_US
    assert len(lost_us) == 2


def test_a_mismatch_after_the_reconnect_response_is_ignored_until_media_has_not_come() -> None:
    rig = Rig()
    main, _ = usurped(rig, publish=True)
    rig.run_for(JS.first_response_us)
    resumed_us = rig.times("main", Presence.RESUMED)[0]
    rig.run_for(IN_VAIN_US)
    joined_us = rig.times("main", Presence.JOINED)
    assert len(joined_us) == 2
    assert IN_VAIN_US <= joined_us[1] - resumed_us <= IN_VAIN_US + 2 * SECOND
    assert main.ended() is None


def test_closing_in_the_turn_of_room_lost_keeps_everything_from_the_server() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)

    def fence(event: Event) -> None:
        if isinstance(event, RoomLost):
            main.rooms.close(1)

    main.page.on_event = fence
    main.path.drop("both")
    overlay = rig.joined("overlay", publish=True)
    rig.run_for(JS.ping_timeout_us)
    main.path.heal()
    rig.run_for(60 * SECOND)
    assert main.kinds()[-2:] == ["RoomLost", "RoomEnded"]
    assert main.ended() is Reason.CLIENT_INITIATED
    assert overlay.kinds() == ["RoomConnected", "CaptureStarted"]
    assert rig.times("main", Presence.RESUMED) == []


def test_closing_in_the_turn_of_room_lost_stops_even_a_resume_that_would_get_through() -> None:
    rig = Rig()
    main = rig.joined("main")
    main.page.on_event = lambda event: main.rooms.close(1) if isinstance(event, RoomLost) else None
    rig.sfu.restart()
    rig.run_for(60 * SECOND)
    assert main.kinds() == ["RoomConnected", "RoomLost", "RoomEnded"]
    assert len(rig.times("main", Presence.JOINED)) == 1


def test_a_zombie_that_gives_up_the_foreign_session_takes_it_along() -> None:
    """A Leave on the connection that holds a session ends that session, whoever joined it."""
    rig = Rig()
    main, overlay = usurped(rig, publish=False)
    # Nobody can take the session back from here, so the zombie's Leave is about overlay's session.
    overlay.page.freeze()
    rig.run_for(JS.first_response_us)
    assert rig.times("main", Presence.RESUMED) != []
    main.close()
    rig.run_for(JOIN_US)
    assert rig.left("overlay")[0][1] is Reason.CLIENT_INITIATED
