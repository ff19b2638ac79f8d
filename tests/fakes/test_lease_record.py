"""The lease record in localStorage: what each window reads, and when it hears of a change."""

from __future__ import annotations

import pytest

from oneroom.choices.labels import Label
from oneroom.choices.seeded import Seeded
from oneroom.core.state import Lease
from oneroom_fakes.lease_record import KEY
from oneroom_fakes.local_storage import HOP_US, QUOTA_UNITS, units
from tests.fakes.browser_rig import LINK, Rig, lease
from tests.virtual_time import PAUSES, Drawn

SEEDS = range(20)
TRIP_US = 2 * HOP_US[-1] + 10  # there and back, and what stands in line before it


def test_a_write_is_visible_at_once_to_its_writer_alone() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.storage.write(lease(1))
    assert (a.storage.lease.counter, b.storage.lease.counter) == (1, 0)
    rig.run_for(TRIP_US)
    assert b.storage.lease.counter == 1


def test_the_writer_gets_no_event() -> None:
    rig = Rig("a", "b", "c")
    a, b, c = rig.windows
    a.storage.write(lease(1))
    rig.settle()
    assert (a.counters(), b.counters(), c.counters()) == ([], [1], [1])


def test_a_same_value_write_is_silent() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.storage.write(lease(1))
    rig.settle()
    a.storage.write(lease(1))
    rig.settle()
    assert b.counters() == [1]
    b.storage.write(lease(1))
    rig.settle()
    assert a.counters() == []


@pytest.mark.parametrize("seed", SEEDS)
def test_an_own_pending_write_masks_the_others(seed: int) -> None:
    rig = Rig("a", "b", choices=Seeded(seed))
    a, b = rig.windows
    a.storage.write(lease(1))
    b.storage.write(lease(2))
    seen_by_a: list[int] = []
    for _ in range(TRIP_US // 50):
        rig.run_for(50)
        seen_by_a.append(a.storage.lease.counter)
    # `a` never goes from its own value to the other's and back.
    assert [
        counter for place, counter in enumerate(seen_by_a) if counter != ([1, *seen_by_a])[place]
    ] in (
        [],
        [2],
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_all_agree_in_the_end(seed: int) -> None:
    rig = Rig("a", "b", "c", choices=Seeded(seed))
    for counter in range(1, 31):
        rig.windows[counter % 3].storage.write(lease(counter))
        rig.run_for(counter * 37 % 700)
    rig.settle()
    assert {window.storage.lease.counter for window in rig.windows} == {
        rig.leases.lease(rig.storage.items[KEY]).counter
    }
    assert rig.windows[0].storage.lease.counter > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_every_lease_that_is_written_is_seen_in_order(seed: int) -> None:
    rig = Rig("a", "b", choices=Seeded(seed))
    a, b = rig.windows
    for counter in range(1, 21):
        a.storage.write(lease(counter))
    rig.settle()
    assert b.counters() == list(range(1, 21))


def test_a_write_outlives_its_writer() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.storage.write(lease(1))
    a.die()
    rig.settle()
    assert (b.storage.lease.counter, b.counters()) == (1, [1])


def test_a_frozen_page_reads_what_is_new_and_hears_of_it_later() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    b.page.freeze()
    a.storage.write(lease(1))
    a.storage.write(lease(2))
    rig.settle()
    assert (b.storage.lease.counter, b.counters()) == (2, [])
    b.page.resume()
    assert b.counters() == [1, 2]


@pytest.mark.parametrize("fault", ["stall", "stop"])
def test_a_page_that_stands_still_has_the_old_value(fault: str) -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    pause, go_on = PAUSES[fault]
    pause(b.page)
    a.storage.write(lease(1))
    rig.settle()
    assert b.storage.lease.counter == 0
    go_on(b.page)
    assert (b.storage.lease.counter, b.counters()) == (1, [1])


@pytest.mark.parametrize(("hop_us", "read"), [(0, 1), (len(HOP_US) - 1, 0)])
def test_storage_and_bus_are_not_ordered(hop_us: int, read: int) -> None:
    # The lease is written first, the message posted after it: who is rung by the message may read
    # either.
    rig = Rig("a", "b", choices=Drawn({Label.STORAGE_DELAY: [hop_us] * 4}))
    a, b = rig.windows
    a.storage.write(lease(1))
    a.post()
    rig.run_for(LINK.delays_us[0])
    assert (b.heard, b.storage.lease.counter) == ([("a", 1)], read)


def test_a_new_window_reads_what_the_service_has() -> None:
    rig = Rig("a")
    rig.windows[0].storage.write(lease(1))
    early = rig.window("early")
    rig.settle()
    late = rig.window("late")
    assert (early.storage.lease.counter, late.storage.lease.counter) == (1, 1)
    assert (early.counters(), late.counters()) == ([1], [])


@pytest.mark.parametrize("text", ["", "{", "[]", '{"term": "one"}', "null"])
def test_a_row_that_nobody_can_read_is_no_row(text: str) -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.storage.write(lease(1))
    rig.settle()
    b.local.set_item(KEY, text)
    rig.settle()
    assert (a.storage.lease, a.counters()) == (Lease(), [0])


def test_a_row_without_room_is_not_written() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    a.storage.write(lease(1))
    taken = units(KEY) + units(rig.leases.text(lease(1))) + units("full")
    a.local.set_item("full", "x" * (QUOTA_UNITS - taken))
    a.storage.write(lease(1_000_000))  # a longer text
    rig.settle()
    assert (a.storage.lease.counter, b.storage.lease.counter) == (1, 1)
    assert [what for _, what, _ in rig.reports("lease_written")] == ["a"]
