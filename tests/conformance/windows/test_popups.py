"""Windows that a script has opened: what they share with their opener, and what they do not."""

from __future__ import annotations

import pytest

from tests.conformance.windows.browser_rig import Rig, Window, after, log, logs, times, told, until
from tests.conformance.windows.steps import every, lock, note, open_window, spin
from tests.units import MILLISECOND, SECOND

WHILE_US = 500 * MILLISECOND
HAND_OVER_US = 60 * MILLISECOND


def opened(rig: Rig, features: str = "") -> tuple[Window, Window]:
    """A window, and one that its script has opened."""
    opener = rig.window("opener")
    opener.do(open_window("popup", features), gesture=True)
    return opener, rig.opened("popup", opener)


def waited_for(rig: Rig, holder: Window) -> Window:
    """A window that waits for the lock of `holder`."""
    holder.do(lock("held"))
    told(rig, holder, "held granted")
    waiter = rig.window("waiter")
    waiter.do(lock("next"))
    rig.run_for(WHILE_US)
    assert log(waiter, "next") == []
    return waiter


@pytest.mark.parametrize("which", [0, 1], ids=["the-opener", "the-popup"])
def test_neither_of_two_related_windows_is_cached(rig: Rig, which: int) -> None:
    leaving = opened(rig)[which]
    waiter = waited_for(rig, leaving)
    leaving.navigate()
    told(rig, waiter, "next granted", within_us=HAND_OVER_US)
    assert logs(leaving, "pagehide")[0] == ["pagehide"]


def test_a_window_without_an_opener_is_cached_with_its_lock(rig: Rig) -> None:
    popup = opened(rig, "noopener")[1]
    waiter = waited_for(rig, popup)
    popup.navigate()
    rig.run_for(SECOND)
    assert logs(popup, "pagehide")[0] == ["pagehide persisted"]
    assert log(waiter, "next") == []


def test_an_opener_whose_popup_is_gone_is_cached(rig: Rig) -> None:
    opener, popup = opened(rig)
    popup.close()
    rig.run_for(WHILE_US)
    opener.navigate()
    rig.run_for(SECOND)
    assert logs(opener, "pagehide")[0] == ["pagehide persisted"]


def test_a_freeze_is_of_one_page_and_not_of_its_process(rig: Rig) -> None:
    opener, popup = opened(rig)
    opener.do(every(200, "opener"))
    popup.freeze()
    opener.do(note("frozen"))
    until(rig, lambda: len(after(opener, "frozen")) >= 2, 3 * SECOND)
    assert log(popup)[-1] == "freeze"


def test_a_long_task_holds_up_both(rig: Rig) -> None:
    opener, popup = opened(rig)
    popup.do(every(100, "popup"))
    opener.start(note("begun"), spin(800), note("over"))
    told(rig, opener, "over", within_us=3 * SECOND)
    rig.run_for(WHILE_US)
    begun, over = (times(opener, what)[0] for what in ("begun", "over"))
    ticks = times(popup, "tick popup")
    assert [at for at in ticks if begun + 50 * MILLISECOND < at < over - 50 * MILLISECOND] == []
    assert [at for at in ticks if at >= over] != []


def test_a_popup_outlives_its_opener(rig: Rig) -> None:
    opener, popup = opened(rig)
    opener.close()
    rig.run_for(WHILE_US)
    popup.do(lock("held"))
    told(rig, popup, "held granted")
