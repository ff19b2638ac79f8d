"""`Voice` in real windows: Chromium's locks, storage, IndexedDB and BroadcastChannel decide."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oneroom.core.actions import Role
from oneroom.core.state import ConnectionState
from tests.browser.chromium import Chromium
from tests.browser.site import Site
from tests.browser.tab import Tab
from tests.typescript.bundle import PACKAGE, bundle

pytestmark = pytest.mark.chromium

PAGE = "<!doctype html><title>voice</title><script src='voice.js'></script>"
ENTRY = (Path(__file__).parent / "voice_page.ts").read_text()


class Opener:
    """Opens windows of one user."""

    def __init__(self, chromium: Chromium, origin: str) -> None:
        self.chromium = chromium
        self.origin = origin

    def open(self, search: str = "") -> Tab:
        return self.chromium.open(f"{self.origin}?{search}")


@pytest.fixture(scope="module")
def script() -> str:
    return bundle(ENTRY.replace("BROWSER", str(PACKAGE / "src" / "browser" / "index.ts")))


@pytest.fixture
def windows(script: str) -> Iterator[Opener]:
    pages = {"/": PAGE, "/voice.js": script}
    with Site(pages, lambda _: None) as site, Chromium() as chromium:
        yield Opener(chromium, site.url("voice", "/"))


def view(tab: Tab) -> dict[str, Any]:
    seen: dict[str, Any] = tab.evaluate("voice.view")
    return seen


def role(tab: Tab) -> Role:
    return Role(view(tab)["role"])


def is_in_call(tab: Tab) -> bool:
    state = view(tab)["state"]
    return bool(state["connection"] == ConnectionState.CONNECTED)


def test_a_follower_takes_the_call_over_when_its_owner_closes(windows: Opener) -> None:
    first = windows.open()
    first.until(lambda: role(first) is Role.OWNER, "the first window owns")
    second = windows.open()
    second.evaluate("voice.connect('lobby')")
    second.until(lambda: is_in_call(second), "the owner has connected, and the other one sees it")
    assert role(second) is Role.FOLLOWER
    assert first.evaluate("voice.room !== undefined")
    assert second.evaluate("voice.room === undefined")
    first.close()
    second.until(lambda: role(second) is Role.OWNER, "the second window owns")
    second.until(
        lambda: is_in_call(second) and bool(second.evaluate("voice.room !== undefined")),
        "it is in the same call",
    )
    assert view(second)["state"]["intent"]["channel"] == "lobby"


def test_a_mute_in_a_follower_mutes_the_owner_and_survives_a_crash(windows: Opener) -> None:
    first = windows.open()
    first.until(lambda: role(first) is Role.OWNER, "the first window owns")
    second = windows.open()
    second.evaluate("voice.connect('lobby')")
    second.until(lambda: is_in_call(second), "the call is there")
    second.evaluate("voice.toggleMute()")
    muted = "[...voice.room.localParticipant.trackPublications.values()].every(one => one.isMuted)"
    first.until(lambda: bool(first.evaluate(muted)), "the owner is muted")
    first.crash()
    second.until(lambda: role(second) is Role.OWNER and is_in_call(second), "the call goes on")
    assert view(second)["state"]["intent"]["muted"]
    assert second.evaluate(muted)


def test_a_main_window_takes_the_call_over(windows: Opener) -> None:
    overlay = windows.open()
    overlay.until(lambda: role(overlay) is Role.OWNER, "the overlay owns")
    main = windows.open("main")
    main.until(lambda: role(main) is Role.OWNER, "the main window owns")
    assert role(overlay) is Role.FOLLOWER
