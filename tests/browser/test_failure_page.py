"""The failure page in a real Chromium: what it shows, by mouse, by keyboard, in the dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from oneroom.cli.main import invoke
from oneroom.explore.judged_run import run_judged
from oneroom.explore.vocabulary import vocabulary
from oneroom.report.html import document
from oneroom.report.html.run_data import run_data
from oneroom.scenario import parse
from tests.browser.chromium import Chromium
from tests.browser.report_page import ReportPage, report_page
from tests.project import ROOT

pytestmark = pytest.mark.chromium

HOSTILE = "</script><img src=x onerror=alert(1)>\u202eRTL 😀"
TWO_ROOMS = f"""\
scenario: '{HOSTILE}'
why: each window connects, and the second evicts the first
windows:
  main: {{kind: main, opens: 0s}}
  overlay: {{kind: overlay, opens: 0s}}
steps:
  - {{at: 2s, connect: {{window: main, channel: '{HOSTILE}'}}}}
  - {{at: 5s, connect: {{window: overlay, channel: '{HOSTILE}'}}}}
"""
LOST_MUTE = ROOT / "scenarios" / "negative" / "a-mute-dies-with-its-owner.yaml"
MARKS = "document.querySelectorAll('.sheet [data-n]')"
FAILING = "single_room"


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    with Chromium() as started:
        yield started


@pytest.fixture
def page(browser: Chromium) -> Iterator[ReportPage]:
    with report_page(browser) as opened:
        yield opened
        assert opened.errors == []
        assert [url for url in opened.requests if not url.startswith("file://")] == []
        assert len(opened.requests) == 1


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of one run in which two windows hold a Room."""
    judged = run_judged(parse(TWO_ROOMS, vocabulary(), "two.yaml"), "naive", 1)
    packed = document.packed(msgspec.json.encode(run_data(judged.run, judged.result)))
    file = tmp_path_factory.mktemp("report") / "index.html"
    file.write_text(document.render("two", None, {("abc",): packed}), encoding="utf-8")
    return file


def test_it_opens_from_its_file_with_what_broke_and_why(page: ReportPage, report: Path) -> None:
    page.go(report)
    (heading,) = page.texts(".run h1")
    assert heading.startswith("VIOLATED")
    assert page.texts(".run .why li")
    assert page.get(f"{MARKS}.length") > 10
    assert {"main", "overlay", "SFU"} <= {one.split("\n")[0] for one in heads(page)}


def heads(page: ReportPage) -> list[str]:
    found: list[str] = page.get(
        "[...document.querySelectorAll('.run .heads [data-lane]')].map(one => one.innerText)"
    )
    return found


def test_a_hostile_name_is_text(page: ReportPage, report: Path) -> None:
    page.go(report)
    assert page.get("document.querySelectorAll('img').length") == 0
    page.press("t")
    page.until("!document.querySelector('.run .records').hidden")
    assert any("<img src=x" in text for text in page.texts(".run .records tbody th"))


def test_a_click_on_a_mark_lights_its_causal_cone(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.press("x")
    page.until("location.hash.includes('sel=')")
    (said,) = page.texts(".run > p[role=status]")
    assert "led to it" in said
    lit = page.get("document.querySelectorAll('.run .detail *').length")
    assert lit > 0
    page.press("Escape")
    page.until("!location.hash.includes('sel=')")


def test_arrow_keys_walk_from_an_effect_to_its_cause(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.press("x")
    page.until("location.hash.includes('sel=')")
    effect = page.get("Number(new URLSearchParams(location.hash.slice(1)).get('sel'))")
    page.press("ArrowUp")
    cause = page.get("Number(new URLSearchParams(location.hash.slice(1)).get('sel'))")
    assert cause < effect
    page.press("ArrowDown")
    back = page.get("Number(new URLSearchParams(location.hash.slice(1)).get('sel'))")
    assert back > cause


def test_a_link_to_a_record_is_a_link_to_the_same_record(page: ReportPage, report: Path) -> None:
    page.go(report, "#sel=3&level=2")
    assert page.get("document.querySelector('[data-level=\"2\"]').ariaPressed") == "true"
    assert page.texts(".run .detail")[0] != ""


def test_levels_and_filters_leave_fewer_records(page: ReportPage, report: Path) -> None:
    page.go(report)
    height = "document.querySelector('.run .sheet').offsetHeight"
    page.click('[data-level="2"]')
    everything = page.get(height)
    page.click('[data-level="0"]')
    assert page.get(height) < everything
    page.click('[data-level="2"]')
    assert page.get(height) == everything
    page.click(".run .filter summary")
    page.click(".run .filter input")
    assert page.get(height) < everything
    assert page.texts(".run .filter summary") == ["filter (1 off)"]


def test_search_finds_and_walks(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.press("/", *"DUPLICATE", "Enter")
    page.until("document.querySelector('.found-words').textContent !== ''")
    assert "of" in page.texts(".run .found-words")[0]


def test_the_dark_is_dark(page: ReportPage, report: Path) -> None:
    page.prefer("dark")
    page.go(report)
    dark = page.get("getComputedStyle(document.body).backgroundColor")
    page.prefer("light")
    assert page.get("getComputedStyle(document.body).backgroundColor") != dark


def test_the_table_has_every_record(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.press("3", "t")
    page.until("!document.querySelector('.run .records').hidden")
    assert page.get("document.querySelectorAll('.run .records th[scope]').length") > 0
    assert page.get("document.querySelectorAll('.run .records tbody tr').length") > 10


def test_it_prints(page: ReportPage, report: Path) -> None:
    page.go(report)
    assert page.print().startswith(b"%PDF")


def test_the_twin_is_one_click_away_and_one_back(page: ReportPage, tmp_path: Path) -> None:
    file = tmp_path / "twin.html"
    assert invoke(("show", str(LOST_MUTE), "--seed", "4", "--html", str(file))) == 0
    page.go(file)
    said = page.texts(".run .twin p")
    assert any(one.startswith("It fails if and only if") for one in said)
    page.click(".run .twin a")
    page.until("document.querySelector('.run .pill')?.textContent === 'HELD'")
    assert page.texts(".run .twin p")[:-1] == said[:-1]
    page.click(".run .twin a")
    page.until("document.querySelector('.run .pill')?.textContent === 'VIOLATED'")
