"""localStorage of an app's page on the fake of localStorage."""

from __future__ import annotations

from oneroom.javascript.window import JavaScriptWindow
from oneroom_fakes.local_storage import QuotaExceededError, StorageArea, StorageEvent


class AppStorage:
    """Implements `oneroom.javascript.window_ports.PageStorage`."""

    def __init__(self, window: JavaScriptWindow, area: StorageArea) -> None:
        self._window = window
        self._area = area
        self._writing = False
        area.watch(self._changed)
        area.listeners.append(self._hear)

    def items(self) -> dict[str, str]:
        """See the port."""
        return dict(self._area.process.load())

    def write(self, key: str | None, value: str | None) -> None:
        """See the port. The page has checked the quota, against the items that it knew."""
        self._writing = True
        try:
            if key is None:
                self._area.clear()
            elif value is None:
                self._area.remove_item(key)
            else:
                self._area.set_item(key, value)
        except QuotaExceededError:
            assert key is not None, "only a value takes up space"
            self._window.item_changed(key, self._area.get_item(key))
        finally:
            self._writing = False

    def _changed(self, key: str | None, value: str | None) -> None:
        if not self._writing:
            self._window.item_changed(key, value)

    def _hear(self, event: StorageEvent) -> None:
        self._window.storage_event(event.key, event.old_value, event.new_value)
