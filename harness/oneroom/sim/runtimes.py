"""Runtimes of the windows of a simulated run: the seam between their lives and their code.

`Windows.open` makes every window by it. `Coordinators` runs the owner machine in each; other
runtimes (a script of steps in tests, the app's own bundle) implement the same two methods, and
everything that can happen to a window (`windows`, `tabs`, `machine_steps`) is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from oneroom.driver.window import Window
from oneroom.sim.browser import Browser, WindowHandle
from oneroom.sim.environment import Environment


class Opening(NamedTuple):
    """A document that begins in a window.

    `number` counts the documents of that window from 1; `session` is the content of its
    sessionStorage, which it may write; `was_discarded` is `document.wasDiscarded`.
    """

    window: str
    number: int
    session: dict[str, str]
    was_discarded: bool


class Runtimes(Protocol):
    """Makes the windows of one run."""

    def make(self, opening: Opening) -> Window:
        """The window of a document; none of its code runs before `Window.begin`."""

    def plug_in(self, handle: WindowHandle) -> None:
        """Connect a window that was just made with what its page has of the browser: `handle.area`,
        `handle.locks`, `handle.rooms`, the buses and services of `Browser`. A bus goes into
        `handle.ends`, so that faults reach it.
        """


# Makes the runtimes of a run, from the parts of its world.
RuntimesFactory = Callable[[Environment, Browser], Runtimes]
