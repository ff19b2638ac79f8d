"""The bus over storage events: every message is heard once by everybody else, and what localStorage
does to that.
"""

from __future__ import annotations

import pytest

from oneroom.choices.seeded import Seeded
from oneroom.ports.observer import Loss
from oneroom_fakes.link import Link
from oneroom_fakes.local_storage import QUOTA_UNITS
from oneroom_fakes.storage_bus import KEY
from tests.fakes.browser_rig import LINK, Rig


def rig_of(*names: str, seed: int = 1, link: Link = LINK) -> Rig:
    return Rig(*names, bus="storage-event", choices=Seeded(seed), link=link)


def test_everybody_else_hears_a_message() -> None:
    rig = rig_of("a", "b", "c")
    rig.windows[0].post()
    rig.settle()
    assert [window.heard for window in rig.windows] == [[], [("a", 1)], [("a", 1)]]


def test_a_message_that_says_the_same_is_heard_again() -> None:
    # A write of the value that is there already makes no event, so no two messages may be one
    # value.
    rig = rig_of("a", "b")
    a, b = rig.windows
    for _ in range(3):
        a.post()
        a._posted = 0  # the very same message once more
        rig.settle()
    assert b.heard == [("a", 1)] * 3


def test_a_window_that_opens_again_is_heard_although_it_counts_from_the_start() -> None:
    rig = rig_of("a", "b")
    a, b = rig.windows
    a.post()
    rig.settle()
    a.die()
    rig.window("a").post()
    rig.settle()
    assert b.heard == [("a", 1), ("a", 1)]


def test_a_frozen_page_hears_nothing_until_it_resumes() -> None:
    rig = rig_of("a", "b")
    a, b = rig.windows
    b.page.freeze()
    a.post()
    a.post()
    rig.settle()
    assert b.heard == []
    b.page.resume()
    assert b.heard == [("a", 1), ("a", 2)]


def test_a_full_quota_swallows_messages() -> None:
    rig = rig_of("a", "b")
    a, b = rig.windows
    b.local.set_item("full", "x" * (QUOTA_UNITS - len("full")))
    rig.settle()
    a.post()
    rig.settle()
    assert b.heard == []
    assert rig.lost() == [("b", Loss.LOST)]


@pytest.mark.parametrize(
    "text", ["", "{}", "a/1", "a/1 1 {}", 'a/1 1 {"type": "VOICE_OWNER_PROBE"}', "\ud800"]
)
def test_what_is_no_message_is_not_heard(text: str) -> None:
    rig = rig_of("a", "b")
    a, b = rig.windows
    a.local.set_item(KEY, text)
    a.local.set_item("other", "a/1 1")
    a.local.clear()
    rig.settle()
    assert b.heard == []
    a.post()
    rig.settle()
    assert b.heard == [("a", 1)]


def test_a_slow_link_holds_up_the_events_behind_it() -> None:
    # The events of one window are one queue: a change that comes after a delayed message is heard
    # after it.
    rig = rig_of("a", "b", link=Link(range(50_000, 50_000 + 1), 0.0, 0.0))
    a, b = rig.windows
    a.post()
    a.local.set_item("k", "1")
    rig.run_for(40_000)
    assert (b.heard, b.changes, b.local.get_item("k")) == ([], [], "1")
    rig.settle()
    assert (b.heard, [change.key for change in b.changes]) == ([("a", 1)], [KEY, "k"])
