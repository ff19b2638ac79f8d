"""Windows that an app's page reaches by a WindowProxy: those that it has opened, and its opener.

Rules (after the HTML standard; assumptions, neither looked up nor seen in Chromium): `window.open`
opens the window of the scenario that has this name and this opener, or finds it open. A message is
a task of the page that gets it. A page may focus and close what it has opened, not its opener. A
window that is closed is `closed`, one that has crashed is not.
"""

from __future__ import annotations

from collections.abc import Callable

from oneroom.javascript import protocol
from oneroom.javascript.protocol import OpenWindow
from oneroom.javascript.window import JavaScriptWindow
from oneroom.ports.page import TaskSource
from oneroom.sim.environment import Environment
from oneroom.sim.windows import Windows

OPENER = 0
# Numbers of windows that an earlier document of this window has opened.
EARLIER = 1_000_000


class AppRelatives:
    """Implements `oneroom.javascript.window_ports.PageRelatives`. `pages` are the documents of all
    windows, by name; `windows` gives the windows of the world.
    """

    def __init__(
        self,
        window: JavaScriptWindow,
        environment: Environment,
        pages: dict[str, AppRelatives],
        windows: Callable[[], Windows],
    ) -> None:
        self._window = window
        self._environment = environment
        self._pages = pages
        self._windows = windows
        self._names: dict[int, str] = {}
        opener = environment.scenario.windows[window.name].opener
        if opener is not None:
            self._names[OPENER] = opener
        pages[window.name] = self

    def open(self, opened: OpenWindow) -> bool:
        """See the port."""
        window = self._environment.scenario.windows.get(opened.target)
        if window is None or window.opener != self._window.name:
            return False
        self._names[opened.number] = opened.target
        self._soon(self._open, opened.target)
        return True

    def post(self, number: int, text: str) -> None:
        """See the port."""
        self._soon(self._send, (self._names.get(number, ""), text))

    def focus(self, number: int) -> None:
        """See the port."""
        if number != OPENER and number in self._names:
            self._soon(self._windows().focus, self._names[number])

    def close_window(self, number: int) -> None:
        """See the port."""
        if number != OPENER and number in self._names:
            self._soon(self._close, self._names[number])

    def gone(self) -> None:
        """See the port."""
        name = self._window.name
        if self._pages.get(name) is self:
            del self._pages[name]
        self._soon(self._tell_closed, name)

    def _soon(self, what: Callable[[str], None] | Callable[..., None], argument: object) -> None:
        """Not in the middle of a task of the page."""
        self._environment.kernel.at(self._environment.kernel.now_us, what, argument)

    def _open(self, name: str) -> None:
        if name not in self._windows().handles:
            self._windows().open(name)

    def _close(self, name: str) -> None:
        self._windows().close(name, by="script")

    def _send(self, sent: tuple[str, str]) -> None:
        name, text = sent
        if (page := self._pages.get(name)) is not None:
            page.hear(self._window.name, text)

    def hear(self, sender: str, text: str) -> None:
        """A message of a related window has come."""
        self._window.run(TaskSource.NETWORK, self._heard, (self._number(sender), text))

    def _heard(self, heard: tuple[int, str]) -> None:
        self._window.turn(protocol.WINDOW_MESSAGE, float(heard[0]), heard[1])

    def _number(self, name: str) -> int:
        """The number by which this page knows a window."""
        numbers = [number for number, known in self._names.items() if known == name]
        number = numbers[-1] if numbers else EARLIER + len(self._names)
        self._names[number] = name
        return number

    def _tell_closed(self, name: str) -> None:
        """Tell those that know the window, unless it only shows another document, or none."""
        if name in self._windows().sessions:
            return
        for page in tuple(self._pages.values()):
            page.hear_closed(name)

    def hear_closed(self, name: str) -> None:
        """A window is closed."""
        for number, known in tuple(self._names.items()):
            if known == name:
                self._window.run(TaskSource.NETWORK, self._closed, number)

    def _closed(self, number: int) -> None:
        self._window.turn(protocol.WINDOW_CLOSED, float(number))
