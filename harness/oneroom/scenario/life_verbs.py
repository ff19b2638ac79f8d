"""Verbs of the window lifecycle, and of the machine that all windows run on."""

from typing import ClassVar, Literal

from oneroom.scenario.fields import Range, WindowName
from oneroom.scenario.stage import SimulatorStage, Stage
from oneroom.scenario.verb import LiveVerb, Mark, Verb, WindowVerb


class Open(LiveVerb, WindowVerb):
    """The user opens the window (`opens: later`), or opens it again after it was gone."""

    requires: ClassVar[tuple[Mark, ...]] = ()
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN, Mark.OPEN)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.AWAY,)

    def play(self, stage: Stage) -> None:
        stage.windows.open(self.window)


class Focus(LiveVerb, WindowVerb):
    """The window gets the focus; the one that had it loses it."""

    def play(self, stage: Stage) -> None:
        stage.windows.focus(self.window)


class Hide(LiveVerb, WindowVerb):
    """The page becomes hidden (minimised, another tab in front): its timers are aligned to a second
    and more.
    """

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.HIDDEN,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.HIDDEN,)

    def play(self, stage: Stage) -> None:
        stage.windows.hide(self.window)


class HideToTray(LiveVerb, WindowVerb):
    """The user closes the window, and the app hides it instead (close to tray in Electron, Tauri):
    no pagehide, the page lives on.
    """

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.HIDDEN,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.HIDDEN,)

    def play(self, stage: Stage) -> None:
        stage.windows.hide(self.window)


class Show(LiveVerb, WindowVerb):
    """The page becomes visible again; a frozen one runs again."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.HIDDEN)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.HIDDEN, Mark.FROZEN)

    def play(self, stage: Stage) -> None:
        stage.windows.show(self.window)


class Close(LiveVerb, WindowVerb):
    """The window is closed and runs pagehide; by `script` (`window.close()`, opened with
    `noopener`) it does not.
    """

    removes: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN, Mark.HIDDEN)

    by: Literal["user", "script"] = "user"

    def play(self, stage: Stage) -> None:
        stage.windows.close(self.window, self.by)


class Crash(LiveVerb, WindowVerb):
    """The renderer dies without warning: no pagehide, locks freed, no Leave."""

    shared: ClassVar[bool] = True
    removes: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN, Mark.HIDDEN)

    def play(self, stage: Stage) -> None:
        stage.windows.crash(self.window)


class CrashReload(WindowVerb):
    """The content process dies without warning; the shell reloads the window `after` that (Tauri,
    WKWebView).
    """

    shared: ClassVar[bool] = True
    adds: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN, Mark.HIDDEN)

    after: Range

    def play(self, stage: SimulatorStage) -> None:
        stage.tabs.crash_reload(self.window, self.after)


class Reload(WindowVerb):
    """The user reloads the window: pagehide runs, a new runtime begins, sessionStorage is kept."""

    adds: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN, Mark.HIDDEN)

    def play(self, stage: SimulatorStage) -> None:
        stage.tabs.reload(self.window)


class LeavePage(WindowVerb):
    """The tab goes to another page: pagehide runs, and the page enters the back/forward cache,
    keeping its lock.
    """

    adds: ClassVar[tuple[Mark, ...]] = (Mark.AWAY,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN)

    def play(self, stage: SimulatorStage) -> None:
        stage.tabs.leave_page(self.window)


class ComeBack(WindowVerb):
    """The user goes back: the page comes out of the cache as it was, or is loaded anew if the cache
    has evicted it.
    """

    requires: ClassVar[tuple[Mark, ...]] = (Mark.AWAY,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.AWAY,)

    def play(self, stage: SimulatorStage) -> None:
        stage.tabs.come_back(self.window)


class Discard(WindowVerb):
    """The browser discards the page to save memory: no event, sessionStorage is kept; `open` is a
    click on the tab.
    """

    removes: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN, Mark.HIDDEN)

    def play(self, stage: SimulatorStage) -> None:
        stage.tabs.discard(self.window)


class Duplicate(WindowVerb):
    """The user duplicates the tab `of`: this window opens with a copy of its sessionStorage."""

    source: ClassVar[str] = "of"
    requires: ClassVar[tuple[Mark, ...]] = ()
    forbids: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.KNOWN, Mark.OPEN)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.AWAY,)

    of: WindowName

    def play(self, stage: SimulatorStage) -> None:
        stage.tabs.duplicate(self.window, self.of)


class Freeze(LiveVerb, WindowVerb):
    """The engine freezes the page, which it hides before: timers stand still; in Chromium bus
    messages and media still run.
    """

    forbids: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN,)
    adds: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN, Mark.HIDDEN)
    breaks: ClassVar[bool] = True

    def play(self, stage: Stage) -> None:
        stage.windows.freeze(self.window)


class Resume(LiveVerb, WindowVerb):
    """A frozen page runs again, and handles its backlog. It stays hidden until it is shown."""

    requires: ClassVar[tuple[Mark, ...]] = (Mark.OPEN, Mark.FROZEN)
    removes: ClassVar[tuple[Mark, ...]] = (Mark.FROZEN,)

    def play(self, stage: Stage) -> None:
        stage.windows.resume(self.window)


class Stall(LiveVerb, WindowVerb):
    """The main thread is busy: nothing of the page runs, media goes on."""

    shared: ClassVar[bool] = True

    lasts: Range

    def play(self, stage: Stage) -> None:
        stage.windows.stall(self.window, self.lasts)


class Stop(LiveVerb, WindowVerb):
    """The process is stopped: nothing of the page runs, and its media stands still too."""

    shared: ClassVar[bool] = True

    lasts: Range

    def play(self, stage: Stage) -> None:
        stage.windows.stop(self.window, self.lasts)


class Sleep(Verb):
    """The whole machine sleeps, the world goes on; the monotonic clock stops (Safari, Chromium on
    Linux) or runs.
    """

    lasts: Range
    clock: Literal["stops", "runs"] = "stops"

    def play(self, stage: SimulatorStage) -> None:
        stage.machine.sleep(self.lasts, self.clock)


class StepClock(Verb):
    """The wall clock (`Date.now`) jumps, the monotonic one does not: it matters only to policies
    that read the wall clock.
    """

    by: Range
    direction: Literal["ahead", "back"] = "ahead"

    def play(self, stage: SimulatorStage) -> None:
        stage.machine.step_clock(self.by, self.direction)
