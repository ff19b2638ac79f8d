"""A report in a real Chromium, as somebody opens it: from its file, without a network."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browser.chromium import Chromium
from tests.browser.tab import Tab

_DRAWN = "Boolean(document.querySelector('#page > *'))"


class ReportPage:
    """One report. `errors` are errors of its scripts, of its console and of its security policy;
    `requests` the addresses that it asked for.
    """

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.errors: list[str] = []
        self.requests: list[str] = []

    def hear(self, method: str, said: dict[str, Any]) -> None:
        """Take in what the browser tells of the page."""
        if method == "Runtime.exceptionThrown":
            self.errors.append(json.dumps(said["exceptionDetails"]))
        elif method == "Log.entryAdded" and said["entry"]["level"] == "error":
            self.errors.append(said["entry"]["text"])
        elif method == "Runtime.consoleAPICalled":
            self.errors.append(json.dumps(said["args"]))
        elif method == "Network.requestWillBeSent":
            self.requests.append(said["request"]["url"])

    def go(self, file: Path, state: str = "") -> None:
        """Open a file as it is, in the state of a link, and wait until it is drawn."""
        self.go_to(f"{file.resolve().as_uri()}{state}")

    def go_to(self, address: str) -> None:
        """Open an address, and wait until it is drawn."""
        self._call("Page.navigate", url="about:blank")
        self.requests.clear()
        self._call("Page.navigate", url=address)
        self.until(_DRAWN)

    def get(self, expression: str) -> Any:
        """The value of an expression in the page."""
        return self.tab.evaluate(expression)

    def until(self, expression: str) -> None:
        """Wait until an expression is true."""
        self.tab.until(lambda: bool(self.tab.evaluate(f"Boolean({expression})")), expression)

    def texts(self, selector: str) -> list[str]:
        """The texts of the elements that are there."""
        found: list[str] = self.get(
            f"[...document.querySelectorAll({json.dumps(selector)})].map(one => one.textContent)"
        )
        return found

    def click(self, selector: str) -> None:
        """A click on the first such element."""
        self.tab.evaluate(f"document.querySelector({json.dumps(selector)}).click()", gesture=True)

    def press(self, *keys: str) -> None:
        """Keys as they come from a keyboard: `Enter`, `ArrowDown`, `Shift+ArrowDown`, `a`."""
        for name in keys:
            key = name.removeprefix("Shift+")
            modifiers = 8 if key != name else 0
            text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
            code = {"Enter": 13, "Tab": 9, "Escape": 27}.get(key, 0)
            event = {"key": key, "text": text, "windowsVirtualKeyCode": code}
            event["modifiers"] = modifiers
            self._call("Input.dispatchKeyEvent", type="keyDown", **event)
            self._call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A drag with the left button of the mouse, from one point to another."""
        for kind, (x, y) in (
            ("mouseMoved", start),
            ("mousePressed", start),
            ("mouseMoved", ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)),
            ("mouseMoved", end),
            ("mouseReleased", end),
        ):
            pressed = {} if kind == "mouseMoved" else {"button": "left", "clickCount": 1}
            self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, **pressed)

    def resize(self, width: int, height: int) -> None:
        """The size of the window, in pixels."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self._call("Emulation.setDeviceMetricsOverride", **size)

    def prefer(self, scheme: str) -> None:
        """The user's system is `light` or `dark`."""
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self._call("Emulation.setEmulatedMedia", features=[feature])

    def picture(self) -> bytes:
        """What is seen, as a PNG."""
        shot = self._call("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    def print(self) -> bytes:
        """The page on paper, as a PDF."""
        return base64.b64decode(self._call("Page.printToPDF")["data"])

    def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self.tab.connection.call(method, self.tab.session, 20.0, **parameters)


@contextmanager
def report_page(browser: Chromium) -> Iterator[ReportPage]:
    """A window for reports."""
    tab = browser.open("about:blank")
    page = ReportPage(tab)
    told = tab.heard

    def heard(method: str, said: dict[str, Any]) -> None:
        page.hear(method, said)
        told(method, said)

    tab.heard = heard  # type: ignore[method-assign]  # the one window that is heard in more detail
    for domain in ("Log", "Network"):
        page._call(f"{domain}.enable")
    page.resize(1400, 900)
    try:
        yield page
    finally:
        tab.close(ask=False)
