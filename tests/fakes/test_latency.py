"""Latencies of a real browser: what was measured comes out of the fakes."""

from __future__ import annotations

import statistics

import pytest

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom_fakes import broadcast_channel, web_locks
from oneroom_fakes.latency import Delays, drawn, quantiles
from oneroom_fakes.link import Link
from oneroom_fakes.user_buses import DELAYS_US
from tests.fakes.browser_rig import Rig
from tests.units import MILLISECOND
from tests.virtual_time import Drawn

ROUNDS = 2_000


def test_a_distribution_goes_through_its_quantiles() -> None:
    delays_us = quantiles((0, 100), (500, 200), (1000, 5_200))
    assert (len(delays_us), delays_us[0], delays_us[500], delays_us[-1]) == (1_001, 100, 200, 5_200)
    assert (delays_us[250], delays_us[750]) == (150, 2_700)


@pytest.mark.parametrize(
    "delays_us",
    [
        broadcast_channel.DELAYS_US,
        DELAYS_US["tauri-event"],
        web_locks.HOP_US,
        web_locks.HAND_OVER_US,
        web_locks.PERMISSION_US,
        web_locks.GONE_US,
        web_locks.DISCARDED_US,
    ],
)
def test_a_larger_draw_is_never_a_shorter_delay(delays_us: Delays) -> None:
    assert list(delays_us) == sorted(delays_us)
    assert drawn(Drawn(), Label.LATENCY, delays_us) == delays_us[0]


def test_a_channel_takes_as_long_as_it_does_in_chromium() -> None:
    rig = Rig("a", "b", choices=Seeded(3), link=Link(broadcast_channel.DELAYS_US, 0.0, 0.0))
    a, b = rig.windows
    took_us = []
    for _ in range(ROUNDS):
        posted_us = rig.scheduler.now_us
        a.post()
        rig.run_for(20 * MILLISECOND)
        took_us.append(b.heard_us[-1] - posted_us)
    assert 300 <= statistics.median(took_us) <= 800
    assert 4 * MILLISECOND < max(took_us) <= 8 * MILLISECOND


def test_a_storage_event_takes_as_long_as_it_does_in_chromium() -> None:
    rig = Rig("a", "b", choices=Seeded(3))
    a, b = rig.windows
    told_us: list[int] = []
    b.local.listeners.append(lambda _: told_us.append(rig.scheduler.now_us))
    b.local.get_item("x")
    took_us = []
    for number in range(ROUNDS):
        written_us = rig.scheduler.now_us
        a.local.set_item("x", str(number))
        rig.run_for(20 * MILLISECOND)
        took_us.append(told_us[-1] - written_us)
    assert 400 <= statistics.median(took_us) <= 700
    assert max(took_us) > 2 * MILLISECOND


def test_a_free_lock_takes_as_long_as_it_does_in_chromium() -> None:
    rig = Rig("a", choices=Seeded(3))
    a = rig.windows[0]
    took_us = []
    for _ in range(ROUNDS):
        asked_us = rig.scheduler.now_us
        a.lock.request(steal=False)
        rig.run_for(20 * MILLISECOND)
        took_us.append(a.page.times_us[-1] - asked_us)
        a.lock.release()
        rig.run_for(20 * MILLISECOND)
    assert 200 <= statistics.median(took_us) <= 400
    assert max(took_us) > 2 * MILLISECOND
