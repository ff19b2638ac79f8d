"""Requests that a case of this kit may make of windows, whichever they are.

Rules: a case is one body that states what every window tells; it knows no arm. Times are integer
microseconds on the rig's own clock. `slack_us` is what an arm may be late where no browser promises
a time: nothing to speak of on the fakes, a busy machine in Chromium. A document that replaces
another one in a window tells its own story: `log` is the present one's, `logs` all of them in the
order in which they began.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, NamedTuple, Protocol

from tests.conformance.waiting import wait
from tests.conformance.windows.steps import Step
from tests.units import MILLISECOND, SECOND


class Entry(NamedTuple):
    """Something was told."""

    at_us: int
    what: str


class Window(Protocol):
    """One window."""

    name: str

    def do(self, *steps: Step, gesture: bool = False) -> None:
        """A task of the page, also while it is frozen; `gesture`: as if from a click. Returns when
        it is over.
        """

    def start(self, *steps: Step) -> None:
        """A task that may take long."""

    def entries(self) -> list[list[Entry]]:
        """What each document of this window has told, the oldest document first."""

    def freeze(self) -> None: ...
    def resume(self) -> None: ...
    def hide(self) -> None: ...
    def show(self) -> None: ...

    def stall(self, duration_us: int) -> None:
        """A task of so long has begun when this returns."""

    def stop(self) -> None:
        """The process stands still."""

    def go_on(self) -> None: ...

    def crash(self) -> None:
        """The process ends without a goodbye."""

    def close(self) -> None:
        """By the user; `beforeunload` is asked."""

    def close_unasked(self) -> None:
        """By the browser or the shell."""

    def navigate(self) -> None:
        """To another document of the same origin, which performs steps too."""

    def back(self) -> None:
        """To the entry before this one."""

    def reload(self) -> None: ...

    def discard(self) -> None:
        """The browser takes the page out of memory, unseen by the user."""

    def revive(self) -> None:
        """The user looks at a discarded window again."""


class Rig(Protocol):
    """The windows of one user in one browser, all of one origin."""

    slack_us: int
    # How long a window is hidden until its timers are throttled hard.
    intensive_after_us: int

    @property
    def now_us(self) -> int: ...

    def window(
        self, name: str, *, unload: bool = False, background: bool = False, isolated: bool = False
    ) -> Window:
        """A new window, in front; `unload`: it listens for that event; `background`: a tab that was
        never shown; `isolated`: from other origins, so that it may share memory.
        """

    def opened(self, name: str, by: Window) -> Window:
        """The window that a step of `by` has just opened."""

    def stranger(self, name: str) -> Window:
        """A window of the same site in another storage partition."""

    def run_for(self, duration_us: int) -> None: ...

    def decide(self, permission: Literal["granted", "denied"]) -> None:
        """The user decides about the microphone for this origin, unasked. To a prompt this user
        says no.
        """

    def shared(self) -> Window:
        """The window that the user picks in every picker, if there is one; a share of it ends when
        it closes.
        """


def windows(rig: Rig, *names: str) -> list[Window]:
    """Several windows."""
    return [rig.window(name) for name in names]


def log(window: Window, start: str = "") -> list[str]:
    """What the window's present document has told, or those that start so."""
    return [entry.what for entry in window.entries()[-1] if entry.what.startswith(start)]


def logs(window: Window, start: str = "") -> list[list[str]]:
    """What each document of the window has told."""
    return [
        [entry.what for entry in document if entry.what.startswith(start)]
        for document in window.entries()
    ]


def after(window: Window, what: str) -> list[str]:
    """What the window's documents have told since the last time that one of them told `what`."""
    told = sorted(
        (entry for document in window.entries() for entry in document),
        key=lambda entry: entry.at_us,
    )
    last = max(place for place, entry in enumerate(told) if entry.what == what)
    return [entry.what for entry in told[last + 1 :]]


def times(window: Window, what: str) -> list[int]:
    """When any document of the window told `what`."""
    return sorted(
        entry.at_us for document in window.entries() for entry in document if entry.what == what
    )


def until(rig: Rig, condition: Callable[[], bool], within_us: int = SECOND) -> int:
    """Run until `condition`; returns how long that took. Fails when it is not so within `within_us`
    and the slack.
    """
    return wait(rig, condition, within_us + rig.slack_us, 5 * MILLISECOND)


def told(rig: Rig, window: Window, what: str, count: int = 1, within_us: int = SECOND) -> int:
    """Wait until the window has told `what` so often; returns when it did."""

    def is_told() -> bool:
        return len(times(window, what)) >= count

    try:
        until(rig, is_told, within_us)
    except AssertionError:
        raise AssertionError(
            f"{window.name} has not told {what!r} {count} times, but {logs(window)}"
        ) from None
    return times(window, what)[count - 1]
