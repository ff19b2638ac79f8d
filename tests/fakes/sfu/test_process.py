"""A server's process that stands still: what waits, what does not, and in which order it is made up
for.
"""

from __future__ import annotations

from typing import Any

from oneroom.core.events import RoomLost
from oneroom.core.reasons import Reason
from oneroom.ports.observer import Presence
from oneroom_fakes.sfu.sdk import PYTHON
from oneroom_fakes.sfu.server_process import ServerProcess
from tests.fakes.sfu.sfu_rig import Rig
from tests.units import SECOND
from tests.virtual_time import VirtualTime


def test_what_was_due_meanwhile_runs_in_the_order_in_which_it_was_due() -> None:
    scheduler = VirtualTime()
    process = ServerProcess(scheduler)
    ran: list[Any] = []
    process.after(3, ran.append, "third")
    process.after(1, ran.append, "first")
    process.pause()
    process.after(2, ran.append, "second")
    scheduler.run_until(10)
    process.run(ran.append, "last")
    assert ran == []
    process.unpause()
    assert ran == ["first", "second", "third", "last"]
    process.after(1, ran.append, "later")
    scheduler.run_until(20)
    assert ran[-1] == "later"


def test_what_waits_is_gone_with_the_process() -> None:
    scheduler = VirtualTime()
    process = ServerProcess(scheduler)
    ran: list[Any] = []
    process.pause()
    process.run(ran.append, "never")
    process.end()
    process.unpause()
    assert ran == []


def test_a_killed_server_does_not_work_off_what_came_while_it_stood_still() -> None:
    rig = Rig(sdk=PYTHON)  # which tries again
    window = rig.window("main")
    rig.sfu.pause()
    window.join()
    rig.run_for(SECOND)
    killed_us = rig.now_us
    rig.sfu.restart()
    rig.run_for(SECOND)
    # One, of the attempt after the restart.
    [joined_us] = rig.times("main", Presence.JOINED)
    assert joined_us > killed_us
    assert window.kinds() == ["RoomConnected"]


def test_a_request_that_nobody_waits_for_any_more_is_worked_off_all_the_same() -> None:
    rig = Rig()
    window = rig.window("main")
    rig.sfu.pause()
    window.join()
    rig.run_for(SECOND)
    window.close()
    rig.run_for(SECOND)
    rig.sfu.unpause()
    rig.run_for(SECOND)
    assert [(presence, reason) for _, _, _, presence, reason in rig.presence("main")] == [
        (Presence.JOINED, Reason.UNKNOWN),
        (Presence.GHOST, Reason.UNKNOWN),
        (Presence.LEFT, Reason.SIGNAL_CLOSE),
    ]
    assert rig.listed() == ()


def test_a_client_hears_from_a_server_that_stands_still_what_it_hears_from_a_dead_network() -> None:
    rig = Rig()
    window = rig.joined("main")
    rig.sfu.pause()
    rig.run_for(17 * SECOND)
    assert window.kinds() == ["RoomConnected", "RoomLost"]
    assert 9 * SECOND <= window.at(RoomLost)[0] <= 16 * SECOND
