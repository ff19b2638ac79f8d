"""Rules of who speaks: changes alone, on a ticker of 400 ms, told once."""

from __future__ import annotations

from oneroom.core.state import Source
from oneroom_fakes.sfu.timers import SfuTimers
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, JOIN_US, ROOM, Rig, Window
from tests.units import MILLISECOND, SECOND

LOOK_US = SfuTimers().speakers_us


def speaks(window: Window, identity: str = "grace") -> bool:
    return next(one.speaking for one in window.roster() if one.identity == identity)


def with_grace(seed: int = 1) -> tuple[Rig, Window]:
    rig = Rig(seed)
    rig.sfu.remotes.joins("grace", ROOM, True)
    return rig, rig.joined("main")


def test_speech_is_told_with_the_next_look_and_so_is_its_end() -> None:
    rig, main = with_grace()
    rig.sfu.remotes.talks("grace", 2 * SECOND)
    rig.run_for(LOOK_US + DELAY_HIGH_US)
    assert speaks(main)
    rig.run_for(2 * SECOND - LOOK_US - DELAY_HIGH_US - 1)
    assert speaks(main)
    rig.run_for(LOOK_US + DELAY_HIGH_US + 1)
    assert not speaks(main)


def test_nobody_is_heard_through_a_muted_microphone_or_without_one() -> None:
    rig, main = with_grace()
    rig.sfu.remotes.talks("grace", 10 * SECOND)
    rig.run_for(SECOND)
    rig.sfu.remotes.publishes("grace", Source.MICROPHONE, True)
    rig.run_for(LOOK_US + DELAY_HIGH_US)
    assert not speaks(main)
    rig.sfu.remotes.publishes("grace", Source.MICROPHONE, False)
    rig.run_for(LOOK_US + DELAY_HIGH_US)
    assert speaks(main), "she still talks"
    rig.sfu.remotes.joins("linus", ROOM, False)
    rig.sfu.remotes.talks("linus", 10 * SECOND)
    rig.run_for(4 * SECOND)
    assert not speaks(main, "linus")


def test_whoever_joins_while_somebody_speaks_is_told_once_it_has_subscribed() -> None:
    rig, _ = with_grace()
    rig.sfu.remotes.talks("grace", 60 * SECOND)
    rig.run_for(SECOND)
    other = rig.window("other", "u2")
    other.join()
    rig.run_for(JOIN_US)
    assert speaks(other)


def test_a_change_without_signalling_is_missed_and_a_resume_does_not_bring_it() -> None:
    rig, main = with_grace()
    rig.sfu.remotes.talks("grace", 2 * SECOND)
    rig.run_for(SECOND)
    main.cut(media=False)
    rig.run_for(17 * SECOND)
    main.heal()
    rig.run_for(20 * SECOND)
    assert "RoomHealed" in main.kinds()
    assert speaks(main), "nobody has told it that she stopped"


def test_a_full_reconnect_begins_with_nobody_speaking() -> None:
    rig, main = with_grace()
    rig.sfu.remotes.talks("grace", 2 * SECOND)
    rig.run_for(SECOND)
    main.cut(media=False)
    rig.run_for(17 * SECOND)
    main.heal()
    main.simulate("FULL_RECONNECT")
    rig.run_for(40 * SECOND)
    main.simulate("FULL_RECONNECT")
    rig.run_for(10 * SECOND)
    assert not speaks(main)


def test_the_simulated_speaker_is_told_to_everybody_for_three_seconds() -> None:
    rig, main = with_grace()
    other = rig.joined("other", "u2")
    main.publish()
    rig.run_for(SECOND)
    main.simulate("SPEAKER")
    rig.run_for(2 * DELAY_HIGH_US)
    assert (speaks(main, "u1"), speaks(other, "u1")) == (True, True)
    rig.run_for(3 * SECOND)
    assert (speaks(main, "u1"), speaks(other, "u1")) == (False, False)


def test_nothing_ticks_while_nobody_speaks() -> None:
    rig, _ = with_grace()
    rig.sfu.remotes.talks("grace", 100 * MILLISECOND)
    rig.run_for(10 * SECOND)
    before = rig.scheduler.scheduled
    rig.run_for(4 * LOOK_US)
    assert rig.scheduler.scheduled - before < 4, "pings of the connection, and no look"
