"""Documents of a tab: reload, leave, come back, discard, duplicate.

Models Chromium 156 (seen): a page that the user leaves goes into the back/forward cache with the
lock that it holds or waits for; there nothing of it runs. A message on a BroadcastChannel evicts
it, so does what `fakes/oneroom_fakes/web_locks.py` says, so does time. sessionStorage is the tab's:
it outlives every document of it but not the tab, and a duplicate gets a copy. A page with an open
WebSocket is not cached (web.dev/articles/bfcache, read); the SDK closes its own in `pagehide`.
"""

from __future__ import annotations

from functools import partial

from oneroom.choices.labels import Label
from oneroom.core.events import Started
from oneroom.driver.script import draw_time
from oneroom.ports.page import TaskSource
from oneroom.scenario.duration import Range
from oneroom.sim.environment import WindowHandle
from oneroom.sim.window_lifecycle import WindowLifecycle
from oneroom.trace.records import Life

# Until the script of a document runs that is in the cache of the disk.
LOAD_LOW_US, LOAD_HIGH_US = 30_000, 400_000
# How long the cache keeps a page (Chromium: ten minutes).
CACHED_US = 600_000_000


def _dropped() -> None:
    """WebKit loses a message for a cached page, and keeps the page (whatwg/html#8972)."""


class Tabs(WindowLifecycle):
    """The part of the stage on which documents follow each other in one window."""

    def reload(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            self._farewell(plugs)
            self._gone(plugs, Life.REPLACED)
            self._load(window, self.choices.between(Label.LOAD_TIME, LOAD_LOW_US, LOAD_HIGH_US))

    def crash_reload(self, window: str, after: Range) -> None:
        """See the stage."""
        if window in self.plugs:
            for plugs in self._process(window):
                self._gone(plugs, Life.CRASHED)
                self._load(plugs.window.name, draw_time(self.choices, Label.RELOAD_TIME, after))

    def _load(self, window: str, delay_us: int) -> None:
        """A document of the same session begins after that time; until then nothing can be done to
        the window.
        """
        self.busy_until_us = max(self.busy_until_us, self.kernel.now_us + delay_us)
        self.kernel.after(delay_us, self.open, window)

    def discard(self, window: str) -> None:
        """See the stage."""
        if plugs := self.plugs.get(window):
            self._gone(plugs, Life.DISCARDED)

    def duplicate(self, window: str, of: str) -> None:
        """See the stage. A tab that is gone has nothing to copy."""
        if window not in self.plugs:
            self._forget(window)
            self.sessions.pop(window, None)
            if of in self.sessions:
                self.sessions[window] = self.sessions[of]
            self.open(window)

    def leave_page(self, window: str) -> None:
        """See the stage. One page a tab is kept: leaving again throws out the one before."""
        plugs = self.plugs.get(window)
        if plugs is None:
            return
        may_be_cached = not plugs.window.busy() and self.chat is None
        self._farewell(plugs)
        if not may_be_cached:
            self._gone(plugs, Life.REPLACED)
            return
        self._forget(window)
        self.cached[window] = self.plugs.pop(window)
        evict = partial(self._evict, plugs)
        plugs.window.cache(_dropped if self.scenario.engine == "webkit" else evict)
        plugs.lock.cache(evict)
        self.lived(plugs.window, Life.CACHED)
        self._left(plugs)
        for end in plugs.ends.values():
            end.heal()  # the faults of this document are over, should it come back
        self.kernel.after(CACHED_US, self._evict, plugs)

    def come_back(self, window: str) -> None:
        """See the stage. Not before the machine wakes."""
        if self.waits_for_wake(self.come_back, window) or window in self.plugs:
            return
        plugs = self.cached.pop(window, None)
        if plugs is None:
            self._load(window, self.choices.between(Label.LOAD_TIME, LOAD_LOW_US, LOAD_HIGH_US))
            return
        page = plugs.window
        page.uncache()
        plugs.lock.uncache()
        self.plugs[window] = plugs
        self.devices.attach(page, plugs.rooms.capture_ended)
        self.lived(page, Life.RESTORED)
        page.deliver(TaskSource.INPUT, Started())
        page.catch_up(after_freeze=True)

    def _forget(self, window: str) -> None:
        if plugs := self.cached.get(window):
            self._evict(plugs)

    def _evict(self, plugs: WindowHandle) -> None:
        """The cache lets a page go; nobody is told."""
        name = plugs.window.name
        if self.cached.get(name) is plugs:
            del self.cached[name]
            plugs.window.uncache()
            plugs.lock.uncache()
            plugs.window.die()
            self.lived(plugs.window, Life.EVICTED)
            self.forget(plugs)
