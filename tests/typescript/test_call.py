"""`Voice` on livekit-client in real windows, against a real LiveKit server (`make call`)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from oneroom.core.actions import Role
from oneroom.core.state import ConnectionState
from tests.browser.chromium import Chromium
from tests.browser.site import Site
from tests.browser.tab import Tab
from tests.conformance.windows.test_call import Witness, witness
from tests.typescript.bundle import PACKAGE, bundle
from tests.typescript.test_voice import PAGE, Opener, role, view

__all__ = ["witness"]
pytestmark = [pytest.mark.chromium, pytest.mark.live]

ENTRY = (Path(__file__).parent / "call_page.ts").read_text()
SDK = PACKAGE / "node_modules" / "livekit-client" / "dist" / "livekit-client.esm.mjs"
# A microphone that beeps, and nobody is asked for it.
FLAGS = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
MUTED = "[...voice.room.localParticipant.trackPublications.values()].every(one => one.isMuted)"


@pytest.fixture
def windows(witness: Witness) -> Iterator[Opener]:
    script = ENTRY.replace("BROWSER", str(PACKAGE / "src" / "browser" / "index.ts"))
    token = {"url": witness.url, "token": witness.token("ada")}
    pages = {
        "/": PAGE,
        "/voice.js": bundle(script.replace("LIVEKIT", str(SDK))),
        "/token.json": json.dumps(token),
    }
    with Site(pages, lambda _: None) as site, Chromium(*FLAGS) as chromium:
        yield Opener(chromium, site.url("call", "/"))


def opened(windows: Opener) -> Tab:
    """A window whose `Voice` is there."""
    tab = windows.open()
    tab.until(lambda: bool(tab.evaluate("globalThis.voice !== undefined")), "the page is loaded")
    return tab


def owns_a_call(tab: Tab) -> bool:
    """The window owns, its Room is connected, and its microphone is published."""
    return (
        role(tab) is Role.OWNER
        and view(tab)["state"]["connection"] == ConnectionState.CONNECTED
        and bool(tab.evaluate("voice.room?.localParticipant.trackPublications.size === 1"))
    )


def heard(witness: Witness, tab: Tab) -> None:
    """Wait until the witness receives what the window sends."""

    def receives() -> bool:
        witness.wait(0.2)
        return witness.track is not None and witness.packets() > 0

    tab.until(receives, "the witness hears the microphone")


def is_over(tab: Tab) -> bool:
    """The window shows that the user is in no channel."""
    return not view(tab)["state"]["intent"]["channel"]


def told(witness: Witness) -> bool:
    """The witness has heard that the microphone is muted."""
    witness.wait(0.1)
    return witness.muted


def called(windows: Opener) -> tuple[Tab, Tab]:
    """A window that owns a call, and one that shows it."""
    first = opened(windows)
    first.until(lambda: role(first) is Role.OWNER, "the first window owns")
    second = opened(windows)
    second.evaluate("voice.connect('lobby')")
    first.until(lambda: owns_a_call(first), "the first window is in the call")
    second.until(
        lambda: view(second)["state"]["connection"] == ConnectionState.CONNECTED,
        "the second one shows it",
    )
    assert second.evaluate("voice.room === undefined")
    return first, second


def test_a_call_outlives_the_window_that_held_it(windows: Opener, witness: Witness) -> None:
    first, second = called(windows)
    heard(witness, first)
    (sid,) = witness.sids()
    assert sid == first.evaluate("voice.room.localParticipant.sid")

    first.crash()
    second.until(lambda: owns_a_call(second), "the second window took the call over")
    heard(witness, second)
    assert witness.listed() == ["ada"]
    (later,) = witness.sids()
    assert later == second.evaluate("voice.room.localParticipant.sid") != sid

    second.evaluate("voice.toggleMute()")
    second.until(lambda: bool(second.evaluate(MUTED)), "the microphone is muted")
    second.until(lambda: told(witness), "the server says so")
    second.evaluate("voice.disconnect()")
    second.until(lambda: bool(second.evaluate("voice.room === undefined")), "no Room is left")
    second.until(lambda: witness.listed() == [], "nobody is left at the server")


def test_what_a_moderator_does_is_shown_in_every_window(windows: Opener, witness: Witness) -> None:
    first, second = called(windows)
    witness.mute("ada")
    second.until(lambda: view(second)["state"]["intent"]["muted"], "the second window shows it")
    assert first.evaluate(MUTED)
    second.evaluate("voice.toggleMute()")
    second.until(lambda: not first.evaluate(MUTED), "the user has unmuted")
    witness.remove("ada")
    for tab in (first, second):
        tab.until(partial(is_over, tab), "it shows the end")
    assert view(second)["state"]["error"] == view(first)["state"]["error"] != ""
    witness.wait(3)
    assert witness.listed() == []  # no window takes it for a loss
