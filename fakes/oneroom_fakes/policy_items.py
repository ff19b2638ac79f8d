"""The localStorage of policies: items under a prefix of their own, as `WebStorage` shows them."""

from __future__ import annotations

from oneroom.core.events import ItemChanged
from oneroom.ports.page import TaskSource
from oneroom_fakes.local_storage import StorageArea, StorageEvent

PREFIX = "election:"


class PolicyItems:
    """Implements `oneroom.core.platform.WebStorage` on a window's localStorage, and delivers the
    `storage` events of those items as `ItemChanged`.
    """

    def __init__(self, area: StorageArea) -> None:
        self._area = area
        area.listeners.append(self._hear)

    def get(self, key: str) -> str | None:
        """See `WebStorage`."""
        return self._area.get_item(PREFIX + key)

    def set(self, key: str, value: str) -> None:
        """See `WebStorage`."""
        self._area.set_item(PREFIX + key, value)

    def remove(self, key: str) -> None:
        """See `WebStorage`."""
        self._area.remove_item(PREFIX + key)

    def keys(self) -> tuple[str, ...]:
        """See `WebStorage`."""
        names = self._area.process.load()
        return tuple(sorted(name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX)))

    def _hear(self, event: StorageEvent) -> None:
        if event.key is not None and event.key.startswith(PREFIX):
            changed = ItemChanged(event.key.removeprefix(PREFIX), event.new_value or "")
            self._area.page.deliver(TaskSource.STORAGE, changed)
