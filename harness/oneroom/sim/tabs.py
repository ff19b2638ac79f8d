"""Documents of a tab: reload, leave, come back, discard, duplicate.

Models Chromium 156 (seen): a page that the user leaves goes into the back/forward cache with the
lock that it holds or waits for; there nothing of it runs. A message on a BroadcastChannel evicts
it, so does what `fakes/oneroom_fakes/web_locks.py` says, so does time. sessionStorage is the tab's:
it outlives every document of it but not the tab, and a duplicate gets a copy. A page with an
opener, or with a window that it has opened, is not cached (seen). One with an open WebSocket is;
the server keeps the connection until the page comes back, whose return closes it (seen).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from oneroom.choices.labels import Label
from oneroom.driver.script import draw_time
from oneroom.scenario.duration import Range
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.environment import Environment
from oneroom.sim.machine import Machine
from oneroom.sim.windows import Windows
from oneroom.trace.records import Life
from oneroom_fakes.page_events import RESTORE_EVENTS, UnloadCause

# Until the script of a document runs that is in the cache of the disk.
LOAD_LOW_US, LOAD_HIGH_US = 30_000, 400_000
# How long the cache keeps a page (Chromium: ten minutes), and how many pages of one tab.
CACHED_US = 600_000_000
CACHED_PAGES = 6


def _dropped() -> None:
    """WebKit loses a message for a cached page, and keeps the page (whatwg/html#8972)."""


class Tabs:
    """See `oneroom.scenario.stage.TabSteps`. `cached` are the pages in the back/forward cache, the
    one that was left last at the end.
    """

    def __init__(
        self,
        environment: Environment,
        browser: Browser,
        machine: Machine,
        windows: Windows,
    ) -> None:
        self.cached: list[WindowHandle] = []
        # The session history of each tab, up to where it is: the documents of the app. One that is
        # ahead, or that nobody can go to any more, stays in the cache all the same (seen).
        self._before: dict[str, list[WindowHandle]] = {}
        self._environment = environment
        self._browser = browser
        self._machine = machine
        self._windows = windows
        windows.tab_closed = self._forget_tab

    def reload(self, window: str) -> None:
        """See the stage."""
        if handle := self._windows.handles.get(window):
            self._windows.leave(handle, UnloadCause.REPLACED, self._reload)

    def _reload(self, handle: WindowHandle) -> None:
        self._windows.unload(handle, UnloadCause.REPLACED, Life.REPLACED)
        self._load_soon(handle.window.name)

    def navigate(self, window: str) -> None:
        """The user leaves a document of the app for another one."""
        self._leave(window, self._navigate)

    def _navigate(self, handle: WindowHandle) -> None:
        self._leave_page(handle)
        self._load_soon(handle.window.name)

    def go_back(self, window: str) -> None:
        """The user goes back from a document of the app to the one before it."""
        self._leave(window, self._go_back)

    def _go_back(self, handle: WindowHandle) -> None:
        window = handle.window.name
        before = self._take_before(window)
        self._unload(handle)
        self._show(window, before)

    def leave_page(self, window: str) -> None:
        """See the stage."""
        self._leave(window, self._leave_page)

    def _leave_page(self, handle: WindowHandle) -> None:
        self._unload(handle)
        self._before.setdefault(handle.window.name, []).append(handle)

    def _leave(self, window: str, leaves: Callable[[WindowHandle], None]) -> None:
        if handle := self._windows.handles.get(window):
            cause = UnloadCause.CACHED if self._may_be_cached(handle) else UnloadCause.REPLACED
            self._windows.leave(handle, cause, leaves)

    def _unload(self, handle: WindowHandle) -> None:
        """The tab shows another page: the document goes into the cache, if it may."""
        if not self._may_be_cached(handle):
            self._windows.unload(handle, UnloadCause.REPLACED, Life.REPLACED)
        elif self._windows.handles.get(handle.window.name) is handle:
            self._windows.farewell(handle, UnloadCause.CACHED)
            self._windows.handles.pop(handle.window.name)
            self._cache(handle)

    def crash_reload(self, window: str, after: Range) -> None:
        """See the stage."""
        if window in self._windows.handles:
            for handle in self._windows.process_of(window):
                self._windows.end_runtime(handle, Life.CRASHED)
                self._load(
                    handle.window.name,
                    draw_time(self._environment.choices, Label.RELOAD_TIME, after),
                )

    def _load_soon(self, window: str) -> None:
        """A document is loaded from the cache of the disk."""
        self._load(
            window, self._environment.choices.between(Label.LOAD_TIME, LOAD_LOW_US, LOAD_HIGH_US)
        )

    def _load(self, window: str, delay_us: int) -> None:
        """A document of the same session begins after that time; until then nothing can be done to
        the window.
        """
        self._environment.busy.extend(delay_us)
        self._environment.kernel.after(delay_us, self._windows.open, window)

    def discard(self, window: str) -> None:
        """See the stage."""
        if handle := self._windows.handles.get(window):
            self._windows.end_runtime(handle, Life.DISCARDED)

    def duplicate(self, window: str, of: str) -> None:
        """See the stage. A tab that is gone has nothing to copy."""
        if window not in self._windows.handles:
            self._forget_tab(window)
            self._windows.sessions.pop(window, None)
            if of in self._windows.sessions:
                self._windows.sessions[window] = dict(self._windows.sessions[of])
            self._windows.open(window)

    def _cache(self, handle: WindowHandle) -> None:
        name = handle.window.name
        self.cached.append(handle)
        of_tab = [one for one in self.cached if one.window.name == name]
        for oldest in of_tab[:-CACHED_PAGES]:
            self._evict(oldest)
        evict = partial(self._evict, handle)
        if self._environment.scenario.engine == "webkit":
            handle.window.cache(_dropped)
            handle.locks.suspend()
        else:
            handle.window.cache(evict)
            handle.locks.cache(evict)
        self._windows.record_life(handle.window, Life.CACHED)
        self._windows.leave_document(handle)
        for end in handle.ends.values():
            end.heal()  # the faults of this document are over, should it come back
        handle.cached_us = self._environment.kernel.now_us
        self._environment.kernel.after(CACHED_US, self._expire, (handle, handle.cached_us))

    def _may_be_cached(self, handle: WindowHandle) -> bool:
        page = handle.window
        return page.may_be_cached and not page.busy() and not self._has_related(page.name)

    def _has_related(self, window: str) -> bool:
        """Return whether a window has an opener, or has opened one that is there: the two may reach
        each other, so neither page is cached.
        """
        return (
            self._environment.scenario.windows[window].opener is not None
            or len(self._windows.process_of(window)) > 1
        )

    def come_back(self, window: str) -> None:
        """See the stage. Not before the machine wakes."""
        if self._machine.waits_for_wake(self.come_back, window):
            return
        if self._windows.waits_for_unload(self.come_back, window):
            return
        if window in self._windows.handles:
            return
        self._show(window, self._take_before(window))

    def _take_before(self, window: str) -> WindowHandle | None:
        """Take the document before this one out of the cache; None if it is not there."""
        before = self._before.get(window)
        handle = before.pop() if before else None
        if handle not in self.cached:
            return None
        self.cached.remove(handle)
        return handle

    def _show(self, window: str, handle: WindowHandle | None) -> None:
        if handle is None:
            self._load_soon(window)
        else:
            self._restore(handle)

    def _restore(self, handle: WindowHandle) -> None:
        """The document that was in the cache is shown again."""
        page = handle.window
        page.uncache()
        handle.locks.uncache()
        self._windows.handles[page.name] = handle
        self._browser.attach(handle)
        self._windows.record_life(page, Life.RESTORED)
        page.restore(RESTORE_EVENTS)
        if handle.chat is not None:
            handle.chat.restore()
        page.catch_up(after_freeze=True)

    def _forget_tab(self, window: str) -> None:
        """The tab is closed, and its history with it."""
        self._before.pop(window, None)
        for handle in [one for one in self.cached if one.window.name == window]:
            self._evict(handle)

    def _expire(self, cached: tuple[WindowHandle, int]) -> None:
        handle, since_us = cached
        if handle.cached_us == since_us:
            self._evict(handle)

    def _evict(self, handle: WindowHandle) -> None:
        """The cache lets a page go, if it is there; nobody is told."""
        if handle in self.cached:
            self.cached.remove(handle)
            handle.window.uncache()
            handle.locks.uncache()
            handle.window.die()
            self._windows.record_life(handle.window, Life.EVICTED)
            self._windows.forget(handle)

    def end(self) -> list[WindowHandle]:
        """The run is over: the pages that were still cached, now out of the cache."""
        cached, self.cached = self.cached, []
        self._before.clear()
        self._windows.tab_closed = None
        for handle in cached:
            handle.window.uncache()
            handle.locks.uncache()
        return cached
