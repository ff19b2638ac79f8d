"""Rules of what an admin or the machine under the server does: removal, deletion, restart."""

from __future__ import annotations

import gc
import weakref

from oneroom.core.events import RoomEnded, RoomHealed
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.sdk import JS
from tests.fakes.sfu.sfu_rig import DELAY_HIGH_US, ROOM, Rig
from tests.units import SECOND


def test_removing_nobody_is_no_error_here() -> None:
    rig = Rig()
    rig.sfu.remove_participant("nobody")
    rig.sfu.delete_room("nowhere")
    assert rig.observer.reports == []


def test_a_removal_may_name_its_room() -> None:
    rig = Rig()
    rig.joined("main")
    rig.sfu.remove_participant("u1", "elsewhere")
    assert rig.left("main") == []
    rig.sfu.remove_participant("u1", ROOM)
    assert rig.left("main")[0][1] is Reason.PARTICIPANT_REMOVED


def test_a_deleted_room_ends_everybody_and_the_witness_too() -> None:
    rig = Rig()
    main = rig.joined("main", identity="u1", publish=True)
    other = rig.joined("other", identity="u2")
    rig.sfu.delete_room()
    rig.run_for(DELAY_HIGH_US)
    assert main.ended() is other.ended() is Reason.ROOM_DELETED
    assert rig.witnessed()[-1][1:] == ("PA_2", Presence.LEFT) or rig.witnessed()[-1][1:] == (
        "PA_1",
        Presence.LEFT,
    )
    rig.joined("again", identity="u1")
    assert rig.listed() == (("u1", "PA_3"),)


def test_a_restart_forgets_everybody_and_sends_nobody_a_leave() -> None:
    rig = Rig()
    main = rig.joined("main", publish=True)
    rig.sfu.restart()
    assert rig.listed() == ()
    assert rig.left("main")[0][1] is Reason.SERVER_SHUTDOWN
    assert rig.witnessed()[-1][2] is not Presence.LEFT
    rig.run_for(DELAY_HIGH_US)
    assert rig.witnessed()[-1][1:] == ("PA_1", Presence.LEFT)
    rig.run_for(10 * SECOND)
    assert main.events[-1] == RoomHealed(1, "PA_2")


def test_a_server_that_is_down_refuses_connections_at_once() -> None:
    rig = Rig()
    rig.sfu.restart(down_us=60 * SECOND)
    main = rig.window("main")
    main.join()
    rig.run_for(JS.join_attempts * 2 * DELAY_HIGH_US)
    assert main.events == [RoomEnded(1, Reason.JOIN_FAILURE)]


def test_after_a_restart_the_room_has_a_phase_of_its_own_and_no_old_news() -> None:
    rig = Rig()
    rig.joined("main")
    rig.sfu.restart()
    rig.run_for(20 * SECOND)
    sids = [what[1] for what in rig.witnessed() if what[2] is Presence.JOINED]
    assert sids[-1] == "PA_2"
    assert [what[1] for what in rig.witnessed() if what[2] is Presence.LEFT] in ([], ["PA_1"])


def test_a_finished_run_leaves_nothing_to_the_garbage_collector() -> None:
    rig = Rig()
    windows = [
        rig.joined("main", "u1", publish=True),
        rig.joined("overlay", "u1"),
        rig.joined("other", "u2"),
    ]
    windows[2].path.drop("both")
    rig.run_for(40 * SECOND)
    parts: list[object] = [rig.sfu, *(w.rooms for w in windows), *(w.path for w in windows)]
    parts += [engine for w in windows for engine in w.rooms._engines.values()]
    left = [weakref.ref(part) for part in parts]
    del parts
    gc.collect()
    gc.disable()
    try:
        for window in windows:
            window.rooms.end()
            window.path.end()
            window.page.forget_tasks()
        rig.sfu.end()
        rig.scheduler.clear()
        del rig, windows, window
        assert [part() for part in left] == [None] * len(left)
    finally:
        gc.enable()
