"""The localStorage of policies."""

from __future__ import annotations

import pytest

from oneroom.core.events import ItemChanged
from oneroom.core.platform import QuotaExceededError
from oneroom_fakes.local_storage import QUOTA_UNITS
from oneroom_fakes.policy_items import PolicyItems
from tests.fakes.browser_rig import Rig, Window, lease


def changes(window: Window) -> list[tuple[str, str]]:
    """The `storage` events of items that the window heard of."""
    return [(event.key, event.value) for event in window.events if isinstance(event, ItemChanged)]


def test_a_write_is_seen_at_once_here_and_later_elsewhere() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    items, others = PolicyItems(a.local), PolicyItems(b.local)
    assert others.get("lock") is None
    items.set("lock", "a")
    assert (items.get("lock"), others.get("lock")) == ("a", None)
    rig.settle()
    assert (others.get("lock"), changes(a), changes(b)) == ("a", [], [("lock", "a")])


def test_an_item_is_removed() -> None:
    rig = Rig("a", "b")
    a, b = rig.windows
    items, others = PolicyItems(a.local), PolicyItems(b.local)
    items.set("lock", "a")
    items.remove("lock")
    items.remove("never there")
    rig.settle()
    assert (others.get("lock"), changes(b)) == (None, [("lock", "a"), ("lock", "")])


def test_the_empty_text_is_a_value() -> None:
    rig = Rig("a")
    items = PolicyItems(rig.windows[0].local)
    items.set("name", "")
    assert items.get("name") == ""


def test_keys_are_sorted_and_those_of_the_policy_alone() -> None:
    rig = Rig("a")
    (a,) = rig.windows
    items = PolicyItems(a.local)
    items.set("second", "2")
    items.set("first", "1")
    a.storage.write(lease(1))
    assert items.keys() == ("first", "second")


def test_a_write_beyond_the_quota_raises_and_writes_nothing() -> None:
    rig = Rig("a")
    items = PolicyItems(rig.windows[0].local)
    with pytest.raises(QuotaExceededError):
        items.set("lock", "x" * QUOTA_UNITS)
    assert items.get("lock") is None
