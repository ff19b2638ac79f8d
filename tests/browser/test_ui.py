"""`oneroom ui` in a real Chromium: what-if by mouse and by keyboard, in the light and in the
dark.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from oneroom.cli.main import invoke
from tests.browser.chromium import Chromium
from tests.browser.report_page import ReportPage, report_page
from tests.browser.test_failure_page import HOSTILE, TWO_ROOMS
from tests.project import ROOT
from tests.ui.client import Client, served

pytestmark = pytest.mark.chromium

LOST_MUTE = "scenarios/negative/a-mute-dies-with-its-owner.yaml"
RUN = f"#run=&scenario={LOST_MUTE}&policy=web-lock-lease&seed=4"
CRASH = "[...document.querySelectorAll('.sheet text')].find(one => one.textContent === 'crashes')"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as started:
        yield started


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Client]:
    monkeypatch.chdir(ROOT)
    with served("scenarios") as one:
        yield one


@pytest.fixture
def page(browser: Chromium, client: Client) -> Iterator[ReportPage]:
    with report_page(browser) as opened:
        yield opened
        assert opened.errors == []
        own = f"http://127.0.0.1:{client.server.server_port}/"
        assert [url for url in opened.requests if not url.startswith(own)] == []


def verdict(page: ReportPage) -> str:
    return str(page.get("document.querySelector('.run .pill')?.textContent"))


def opened(page: ReportPage, client: Client) -> None:
    page.go_to(f"{client.server.address}{RUN}")
    page.until("document.querySelector('.what-if')")
    assert verdict(page) == "VIOLATED"


def test_a_crash_is_dragged_until_the_run_holds_and_taken_back(
    page: ReportPage, client: Client
) -> None:
    opened(page, client)
    page.click(".run .why .go")  # to the crash, which the causes begin with
    box = f"{CRASH}.getBoundingClientRect()"
    x, y = page.get(f"{box}.x"), page.get(f"{box}.y")
    page.drag((x + 4, y + 6), (x + 4, y + 220))
    page.until("document.querySelector('.run .pill').textContent === 'HELD'")
    assert len(page.texts(".what-if .changes li")) == 1
    assert page.texts(".what-if .difference p")
    page.press("z")
    page.until("document.querySelector('.run .pill').textContent === 'VIOLATED'")
    assert page.texts(".what-if .changes li") == []


def test_the_keyboard_alone_is_enough(page: ReportPage, client: Client) -> None:
    opened(page, client)
    page.press("x")
    for _ in range(20):
        if "crashes" in page.texts(".run .detail .said")[0]:
            break
        page.press("ArrowUp")
    page.until("document.querySelector('.what-if .move input')")
    page.press(*["Shift+PageDown"] * 3)
    page.until("document.querySelector('.run .pill').textContent === 'HELD'")
    page.press(*["Shift+PageUp"] * 3)
    page.until("document.querySelector('.run .pill').textContent === 'VIOLATED'")
    assert len(page.texts(".what-if .changes li")) == 1  # one thing moved twice is one change


def test_a_hostile_name_is_text(
    page: ReportPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    invoke(("run", "two.yaml", "--policy", "naive", "--seeds", "1", "--check-determinism", "0"))
    with served("two.yaml") as there:
        page.go_to(f"{there.server.address}#ui=failures")
        page.until("document.querySelector('table.stored a')")
        assert HOSTILE in page.texts("table.stored td")[0]
        page.click("table.stored a")
        page.until("document.querySelector('.what-if')")
        page.press("x", "Shift+PageDown")
        page.until("document.querySelector('.what-if .changes li, .what-if .trouble')")
        page.go_to(f"{there.server.address}#ui=search")
        page.until("document.querySelector('.search-form')")
        assert page.get("document.querySelectorAll('img').length") == 0
        page.requests.clear()  # of another server


def test_a_search_fills_its_heat_map_while_it_runs(
    page: ReportPage, client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # where its reports and its failures go
    with served("oneroom:stage1") as there:
        page.go_to(f"{there.server.address}#ui=search")
        page.until("document.querySelector('.search-form')")
        page.get("document.querySelectorAll('.search-form select')[2].value = 'naive'")
        page.click(".search-form .start")
        page.until("document.querySelector('.live .cell.violated')")
        page.until("document.querySelector('.live .failure a')")
        page.click(".live .failure a")
        page.until("document.querySelector('.what-if')")
        assert verdict(page) == "VIOLATED"
        page.click("a.back")
        page.until("document.querySelector('.now button:not([hidden])')")
        page.click(".now button")
        page.until("document.querySelector('.figures-line button')")
        page.requests.clear()  # of another server
