"""Rules of the other people in a call: what windows and the witness are told of them, and when."""

from __future__ import annotations

from oneroom.core.state import Participant, Source
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, JOIN_US, ROOM, Rig, Window
from tests.units import SECOND

BATCH_US = SfuTimers().update_batch_us
CAMERA, MICROPHONE, SCREEN = Source.CAMERA, Source.MICROPHONE, Source.SCREEN_SHARE


def others(window: Window) -> dict[str, Participant]:
    """The other people as the window has them."""
    return {one.identity: one for one in window.roster()[1:] if one.identity != "witness"}


def test_whoever_publishes_is_announced_at_once_and_whoever_only_listens_with_the_next_tick() -> (
    None
):
    late = []
    for seed in range(10):
        rig = Rig(seed)
        main = rig.joined("main")
        rig.sfu.remotes.joins("grace", ROOM, True)
        rig.sfu.remotes.joins("linus", ROOM, False)
        rig.run_for(DELAY_HIGH_US)
        assert "grace" in others(main)
        late.append("linus" not in others(main))
        rig.run_for(BATCH_US)
        assert set(others(main)) == {"grace", "linus"}
    assert any(late)


def test_a_window_that_joins_later_finds_everybody_in_its_first_list() -> None:
    rig = Rig()
    rig.sfu.remotes.joins("grace", ROOM, True)
    rig.sfu.remotes.joins("elsewhere", "stage", True)
    main = rig.joined("main")
    assert set(others(main)) == {"grace"}


def test_mute_camera_and_share_are_told_at_once_and_apart() -> None:
    rig = Rig()
    rig.sfu.remotes.joins("grace", ROOM, True)
    main = rig.joined("main")
    for source, muted, shown in (
        (MICROPHONE, True, Participant("grace", muted=True)),
        (CAMERA, False, Participant("grace", muted=True, camera_track=True)),
        (
            SCREEN,
            False,
            Participant("grace", muted=True, camera_track=True, screen_share_track=True),
        ),
    ):
        rig.sfu.remotes.publishes("grace", source, muted)
        rig.run_for(DELAY_HIGH_US)
        assert others(main)["grace"] == shown
    rig.sfu.remotes.unpublishes("grace", CAMERA)
    rig.sfu.remotes.publishes("grace", MICROPHONE, False)
    rig.run_for(DELAY_HIGH_US)
    assert others(main)["grace"] == Participant("grace", screen_share_track=True)


def test_whoever_leaves_is_in_no_list_any_more() -> None:
    rig = Rig()
    rig.sfu.remotes.joins("grace", ROOM, True)
    main = rig.joined("main")
    rig.sfu.remotes.leaves("grace")
    rig.run_for(DELAY_HIGH_US)
    assert others(main) == {}
    assert [what[2] for what in rig.witnessed() if what[1] == "PA_1"][-1] is Presence.LEFT


def test_everybody_joins_anew_when_the_server_is_back_and_nobody_after_the_room_was_deleted() -> (
    None
):
    rig = Rig()
    rig.sfu.remotes.joins("grace", ROOM, True)
    rig.sfu.remotes.publishes("grace", MICROPHONE, True)
    main = rig.joined("main")
    rig.sfu.restart(2 * SECOND)
    rig.sfu.remotes.publishes("grace", CAMERA)  # nobody hears it, and it is not forgotten
    rig.run_for(15 * SECOND)
    assert others(main)["grace"] == Participant("grace", muted=True, camera_track=True)
    rig.sfu.delete_room()
    rig.run_for(SECOND)
    overlay = rig.joined("overlay")
    assert others(overlay) == {}


def test_what_is_said_to_a_server_that_stands_still_is_heard_when_it_goes_on() -> None:
    rig = Rig()
    main = rig.joined("main")
    rig.sfu.pause()
    rig.sfu.remotes.joins("grace", ROOM, True)
    rig.run_for(3 * SECOND)
    assert others(main) == {}
    rig.sfu.unpause()
    rig.run_for(JOIN_US)
    assert set(others(main)) == {"grace"}
