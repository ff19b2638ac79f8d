"""A lie of a fake turns a case red: one planted in every group."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from oneroom.driver.page import EventLoop
from oneroom.ports.page_event import PageEvent
from oneroom_fakes import local_storage, page_events
from oneroom_fakes.devices import Devices
from oneroom_fakes.page_events import UnloadCause
from oneroom_fakes.web_locks import LockClient
from tests.conformance.windows import (
    test_broadcast_channel,
    test_capture,
    test_lives,
    test_storage,
    test_timers,
    test_web_locks,
)
from tests.conformance.windows.fake_browser_rig import FakeRig


class Lie(NamedTuple):
    """`name` of `owner` is replaced by `planted`, and `case` must not believe it."""

    what: str
    case: Callable[..., None]
    owner: Any
    name: str
    planted: Any


FAREWELLS = {
    **page_events._UNLOAD_EVENTS,
    UnloadCause.CLOSED_ITSELF: (PageEvent.BEFOREUNLOAD, PageEvent.HIDDEN, PageEvent.PAGEHIDE),
}
LIES = [
    Lie(
        "BroadcastChannel queues while frozen",
        test_broadcast_channel.test_a_frozen_page_hears_and_answers_at_once,
        EventLoop,
        "_held_by_freeze",
        lambda page, _: page.frozen,
    ),
    Lie(
        "the storage service counts as a page does",
        test_storage.test_of_latin_text_the_service_takes_twice_what_a_page_would,
        local_storage,
        "octets",
        lambda text: 2 * local_storage.units(text),
    ),
    Lie(
        "a cached page lets its lock go",
        test_web_locks.test_a_cached_holder_starves_the_waiter_who_was_there,
        LockClient,
        "cache",
        lambda client, _: client.gone(),
    ),
    Lie(
        "timers of hidden pages are not held back",
        test_timers.test_timers_of_hidden_windows_fire_on_one_grid_of_a_second,
        EventLoop,
        "align",
        lambda page, at_us, timer: at_us,
    ),
    Lie(
        "a window that closes itself is told of pagehide",
        test_lives.test_closed_by_its_own_script_it_is_not_told_of_pagehide,
        page_events,
        "_UNLOAD_EVENTS",
        FAREWELLS,
    ),
    Lie(
        "a permission that is taken back ends no capture",
        test_capture.test_a_permission_that_is_taken_back_ends_the_capture_in_every_window,
        Devices,
        "_end",
        lambda *_: None,
    ),
]


@pytest.mark.parametrize("lie", LIES, ids=[lie.what.replace(" ", "-") for lie in LIES])
def test_a_lie_turns_its_case_red(monkeypatch: pytest.MonkeyPatch, lie: Lie) -> None:
    lie.case(FakeRig(1))
    monkeypatch.setattr(lie.owner, lie.name, lie.planted)
    with pytest.raises(AssertionError):
        lie.case(FakeRig(1))
