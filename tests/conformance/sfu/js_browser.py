"""One Chromium for the cases of a worker, and the pages with livekit-client that it shows."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

import pytest

from tests.browser.chromium import Chromium
from tests.browser.site import Site
from tests.browser.tab import Tab

_HERE = Path(__file__).parent
_SDK = (
    _HERE.parent / "windows" / "node_modules" / "livekit-client" / "dist" / "livekit-client.umd.js"
)
_PAGE = "/js_client.html"
_HTML = """\
<!doctype html><title>js_client</title>
<script src="/livekit-client.js"></script><script src="/js_client.js"></script>
"""
_FLAGS = (
    # Otherwise addresses are hidden behind names that nobody here resolves; and each window has two
    # pages more for its address bar, which cost more than a call does.
    "--disable-features=WebRtcHideLocalIpsWithMdns,WebUIOmniboxPopup,WebUIOmniboxAimPopup",
    "--use-fake-device-for-media-stream",
    # Captures are granted, and a screen is picked.
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
    "--autoplay-policy=no-user-gesture-required",
)
_pages = itertools.count(1)


class JsBrowser:
    """The browser. Each page that it opens is of an origin and in a process of its own."""

    def __enter__(self) -> JsBrowser:
        if not _SDK.is_file():
            pytest.fail("livekit-client is not there: make call")
        pages = {
            _PAGE: _HTML,
            "/livekit-client.js": _SDK.read_text(encoding="utf-8"),
            "/js_client.js": (_HERE / "js_client.js").read_text(encoding="utf-8"),
        }
        with contextlib.ExitStack() as stack:
            self._site = stack.enter_context(Site(pages, _no_beacons))
            self._chromium = stack.enter_context(Chromium(*_FLAGS))
            self._stack = stack.pop_all()
        self.connection = self._chromium.connection
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def open(self, hear: Callable[[str], None]) -> Tab:
        """A window with a client; `hear` is called with what it says."""
        return self._chromium.open(self._site.url(f"window-{next(_pages)}", _PAGE), hear)


def _no_beacons(said: str) -> None:
    """These pages send none."""
