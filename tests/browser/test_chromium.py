"""Real windows are as users have them, every verb does what it says, and nothing is left
afterwards.
"""

from __future__ import annotations

import ipaddress
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from oneroom.live.server.free_ports import LOOPBACK
from tests.browser.cdp import NoAnswer
from tests.browser.chromium import Chromium
from tests.browser.site import Site
from tests.browser.tab import Tab

pytestmark = pytest.mark.chromium

PAGE = """\
<!doctype html>
<title>a page</title>
<script>
    let said = 0;
    const tell = (what) => navigator.sendBeacon(
        '/said', JSON.stringify([location.search, performance.timeOrigin, ++said, what]));
    addEventListener('pageshow', (event) => tell('pageshow ' + event.persisted));
    addEventListener('pagehide', (event) => tell('pagehide ' + event.persisted));
</script>
"""
# Starts a browser, says where it is, and then does not care any more.
CHILD = """\
import sys, time
from tests.browser.chromium import Chromium
with Chromium() as browser:
    tab = browser.open("about:blank")
    if "stopped" in sys.argv:
        tab.stop()
    print(browser.folder, flush=True)
    time.sleep(600)
"""
SECOND_TICKS = """\
new Promise(done => {
    const at = [];
    (function tick() {
        at.push(performance.timeOrigin + performance.now());
        if (at.length < 5) setTimeout(tick, 100); else done(at);
    })();
})
"""


class Browser:
    """A browser and the one site that it knows."""

    def __init__(self, chromium: Chromium, site: Site, said: list[str]) -> None:
        self.chromium = chromium
        self.site = site
        self.said = said

    def open(self, name: str, *, background: bool = False) -> Tab:
        return self.chromium.open(self.url(name), background=background)

    def url(self, name: str) -> str:
        return self.site.url("driver", f"/?{name}")

    def told(self, tab: Tab, name: str, count: int) -> list[str]:
        """What the beacons of the window's documents have said, as soon as there are `count` of
        them and nothing comes after. They overtake each other, and what sends them may be gone
        before they arrive.
        """
        tab.until(lambda: len(self._said_by(name)) >= count, f"{count} beacons")
        self.chromium.connection.listen(0.3)
        return [what for *_, what in sorted(self._said_by(name))]

    def _said_by(self, name: str) -> list[tuple[float, int, str]]:
        said = map(json.loads, list(self.said))
        return [
            (began, number, what) for search, began, number, what in said if search == f"?{name}"
        ]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    said: list[str] = []
    with Site({"/": PAGE}, said.append) as site, Chromium() as chromium:
        yield Browser(chromium, site, said)


def test_timers_of_a_hidden_window_wake_once_a_second(browser: Browser) -> None:
    # Neither `--disable-background-timer-throttling` nor `--disable-renderer-backgrounding` has
    # crept back.
    tab = browser.open("ticks")
    tab.hide()
    at = tab.evaluate(SECOND_TICKS)
    # Three seconds, of which a busy machine may take some of the first.
    assert at[-1] - at[1] > 2_000, at


def test_a_window_in_front_is_not_throttled(browser: Browser) -> None:
    tab = browser.open("front")
    at = tab.evaluate(SECOND_TICKS)
    assert at[-1] - at[0] < 2_000  # four tenths of a second, or four seconds


def test_a_hidden_window_has_no_focus(browser: Browser) -> None:
    # No emulated focus, which would have all of them say yes.
    tab = browser.open("focus")
    assert tab.evaluate("document.hasFocus()") is True
    tab.hide()
    assert tab.evaluate("document.hasFocus()") is False


def test_a_window_behind_others_of_its_frame_is_hidden(browser: Browser) -> None:
    # No `--disable-backgrounding-occluded-windows`, and a tab that was never in front has never
    # been shown.
    browser.open("above")
    tab = browser.open("behind", background=True)
    assert tab.evaluate("document.visibilityState") == "hidden"


def test_a_page_goes_into_the_back_forward_cache_and_comes_back_out_of_it(browser: Browser) -> None:
    tab = browser.open("first")
    tab.evaluate("globalThis.kept = 7; 0")
    tab.navigate(browser.url("second"))
    tab.back()
    assert tab.evaluate("globalThis.kept") == 7
    assert browser.told(tab, "first", 3) == ["pageshow false", "pagehide true", "pageshow true"]


def test_nothing_that_users_have_is_switched_off(browser: Browser) -> None:
    # Those that no page can notice.
    folder = f"--user-data-dir={browser.chromium.folder}"
    named = [line for line in processes() if folder in line and "--remote-debugging-pipe" in line]
    [command] = [line for line in named if "browser_guard.py" not in line and "--type=" not in line]
    off = (
        "-renderer-backgrounding",
        "-backgrounding-occluded-windows",
        "-timer-throttling",
        "--disable-features",
    )
    assert [flag for flag in off if flag in command] == []


def test_each_window_has_a_process_of_its_own(browser: Browser) -> None:
    one, two = browser.open("one"), browser.open("two")
    assert one.process() != two.process()
    one.crash()
    assert one.crashed
    assert two.evaluate("1 + 1") == 2


def test_a_stopped_process_answers_nobody_until_it_goes_on(browser: Browser) -> None:
    one, two = browser.open("one"), browser.open("two")
    one.stop()
    with pytest.raises(NoAnswer):
        one.evaluate("1", timeout_s=0.3)
    assert two.evaluate("2") == 2
    one.go_on()
    assert one.evaluate("3") == 3


def test_a_stalled_page_answers_nobody_until_its_task_ends(browser: Browser) -> None:
    one, two = browser.open("one"), browser.open("two")
    one.stall(1_500)
    with pytest.raises(NoAnswer):
        one.evaluate("1", timeout_s=0.3)
    assert two.evaluate("2") == 2
    assert one.evaluate("3") == 3


def test_a_reloaded_page_is_another_document(browser: Browser) -> None:
    tab = browser.open("reloaded")
    tab.evaluate("globalThis.kept = 7; 0")
    tab.reload()
    told = browser.told(tab, "reloaded", 3)
    assert told == ["pageshow false", "pagehide false", "pageshow false"]
    assert tab.evaluate("typeof globalThis.kept") == "undefined"


def test_a_frozen_page_runs_no_timer(browser: Browser) -> None:
    tab = browser.open("frozen")
    # Long enough that the freeze comes first.
    tab.evaluate("globalThis.rang = 0; setTimeout(() => rang = 1, 1500); 0")
    tab.freeze()
    browser.chromium.connection.listen(2.5)
    assert tab.evaluate("rang") == 0
    tab.resume()
    tab.until(lambda: tab.evaluate("rang") == 1, "timer")


def test_a_discarded_page_is_loaded_anew_when_it_is_shown(browser: Browser) -> None:
    tab = browser.open("discarded")
    process = tab.process()
    cover = browser.chromium.discard(tab)
    assert process not in browser.chromium.processes()
    cover.close(ask=False)
    browser.chromium.attach(tab)
    tab.until(lambda: tab.evaluate("document.readyState") == "complete", "load")
    assert tab.evaluate("document.wasDiscarded") is True
    assert browser.told(tab, "discarded", 2) == ["pageshow false", "pageshow false"]


def test_a_closed_window_is_gone(browser: Browser) -> None:
    for ask in (True, False):
        tab = browser.open(f"closed{ask}")
        tab.close(ask=ask)
        told = browser.told(tab, f"closed{ask}", 2)
        assert told == ["pageshow false", "pagehide false"]


def test_nothing_outside_of_this_machine_is_found(browser: Browser) -> None:
    tab = browser.open("outside")
    asked = "fetch('http://example.com/', {mode: 'no-cors'}).then(() => 'found', () => 'not found')"
    assert tab.evaluate(asked) == "not found"


def test_no_connection_leaves_this_machine(tmp_path: Path) -> None:
    log = tmp_path / "net.json"
    with Site({"/": PAGE}, lambda _: None) as site, Chromium(f"--log-net-log={log}") as chromium:
        tab = chromium.open(site.url("driver", "/"))
        tab.evaluate("fetch('http://example.com/', {mode: 'no-cors'}).catch(() => 0)")
        tab.evaluate("fetch('http://192.0.2.1/', {mode: 'no-cors'}).catch(() => 0)", timeout_s=5)
        chromium.connection.listen(3)
    told = json.loads(log.read_text())
    tried = {
        ipaddress.ip_address(one["address"].rsplit(":", 1)[0].strip("[]"))
        for one in logged(told, "TCP_CONNECT_ATTEMPT")
        if "address" in one
    }
    assert ipaddress.ip_address(LOOPBACK) in tried
    assert [str(address) for address in tried if not address.is_loopback] == []
    # It connects one UDP socket to learn whether there is IPv6; that sends nothing.
    assert logged(told, "UDP_BYTES_SENT") == []


def logged(told: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    """What Chromium's own log of its network has of a kind of event."""
    number = told["constants"]["logEventTypes"][kind]
    return [event.get("params", {}) for event in told["events"] if event["type"] == number]


@pytest.mark.parametrize("how", ["", "stopped"])
def test_a_browser_goes_with_its_owner_and_leaves_nothing(how: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, how],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    assert any(str(folder) in line for line in processes())
    child.send_signal(signal.SIGKILL)
    child.wait()
    child.stdout.close()
    deadline_s = time.monotonic() + 15
    while time.monotonic() < deadline_s and (
        folder.exists() or any(str(folder) in line for line in processes())
    ):
        time.sleep(0.1)
    assert not folder.exists()
    assert [line for line in processes() if str(folder) in line] == []


def processes() -> list[str]:
    shown = subprocess.run(
        ["ps", "-ww", "-eo", "args="], capture_output=True, text=True, check=True
    )
    return shown.stdout.splitlines()
