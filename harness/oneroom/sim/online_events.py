"""The events `online` and `offline` of every page (HTML, "Browser state"; networking tasks)."""

from __future__ import annotations

from oneroom.ports.page import TaskSource
from oneroom.ports.page_event import PageEvent
from oneroom.sim.windows import Windows


def tell_online(windows: Windows, online: bool) -> None:
    """Fire `online` or `offline` in every page: the SDK listens first, then the application."""
    for handle in list(windows.handles.values()):
        handle.window.run(TaskSource.NETWORK, handle.rooms.set_online, online)
        handle.window.fire(PageEvent.ONLINE if online else PageEvent.OFFLINE)
