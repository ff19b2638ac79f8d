"""The suite page in a real Chromium: by mouse, by keyboard, in the dark, on paper."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from oneroom.cli.main import invoke
from tests.browser.chromium import Chromium
from tests.browser.report_page import ReportPage, report_page
from tests.explore.texts import HELD, TWO_ROOMS

pytestmark = pytest.mark.chromium

HOSTILE = "</script><img src=x onerror=alert(1)>\u202eRTL 😀 &lt;"
CELLS = "[...document.querySelectorAll('[data-cell]')]"
FOCUSED = "document.activeElement"


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
    """The report of three scenarios under two policies: held, violated, and a hostile name."""
    folder = tmp_path_factory.mktemp("report")
    scenarios = folder / "scenarios"
    for name, text in (
        ("quiet/held.yaml", HELD),
        ("quiet/twin.yaml", HELD.replace("windows:", "tags: [calm]\nwindows:", 1)),
        ("quiet/skipped.yaml", HELD.replace("windows:", "skip: not yet\nwindows:", 1)),
        ("loud/two.yaml", TWO_ROOMS),
        ("loud/hostile.yaml", TWO_ROOMS.replace("scenario: ", f"scenario: {HOSTILE} ", 1)),
    ):
        (scenarios / name).parent.mkdir(parents=True, exist_ok=True)
        (scenarios / name).write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        arguments = ("--policy", "naive,web-lock-lease", "--seeds", "3", "--check-determinism", "0")
        assert invoke(("run", *arguments)) == 1
    return folder / "reports" / "latest" / "index.html"


def test_a_report_opens_from_its_file_with_verdict_and_heat_map(
    page: ReportPage, report: Path
) -> None:
    page.go(report)
    (heading,) = page.texts("h1")
    assert heading.startswith("VIOLATED")
    assert "not as expected" in heading
    words = page.get(f"{CELLS}.map(one => one.ariaLabel)")
    assert "naive, two: violated in 3 of 3 seeds, 100 % (95 % CI 44–100)" in words
    assert "web-lock-lease, two: held in 3 seeds: at most 63 % fail (95 %)" in words
    assert page.get("document.title").startswith("violated: ")


def test_a_hostile_name_is_text(page: ReportPage, report: Path) -> None:
    page.go(report)
    assert any(HOSTILE.split("RTL")[0] in text for text in page.texts(".title"))
    assert page.get("document.querySelectorAll('img').length") == 0


def test_a_folder_that_held_is_folded_and_one_that_broke_is_not(
    page: ReportPage, report: Path
) -> None:
    page.go(report, "#policy=web-lock-lease")
    assert page.get("[...document.querySelectorAll('.fold')].map(one => one.ariaExpanded)") == [
        "false",
        "false",
    ]
    page.click(".fold")
    assert page.get(f"{CELLS}.length") == 2
    page.go(report)
    assert page.get(f"{CELLS}.length") >= 4


def test_filters_leave_what_they_name(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.press("/")
    assert page.get(f"{FOCUSED}.id") == "filter"
    page.press(*"hostile !lease")
    page.until(f"{CELLS}.length === 1")
    assert page.texts("#left") == ["1 of 8 cells"]
    assert page.get(f"{FOCUSED}.id") == "filter"
    page.press("Escape")
    page.click('.chip[data-outcome="violated"]')
    labels = page.get(f"{CELLS}.map(one => one.ariaLabel)")
    assert labels
    assert all("violated" in label for label in labels)
    assert "verdicts=violated" in page.get("location.hash")


def test_tags_and_skipped_scenarios_are_told(page: ReportPage, report: Path) -> None:
    page.go(report, "#tag=calm")
    assert page.texts(".heat-map .name") == ["twin"]
    assert page.texts("details li") == ["scenarios/quiet/skipped.yaml:1 not yet"]


def test_keys_walk_through_cells_open_one_and_come_back(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.get("document.querySelector('[data-cell][tabindex=\"0\"]').focus()")
    first = page.get(f"{FOCUSED}.dataset.cell")
    page.press("ArrowRight")
    second = page.get(f"{FOCUSED}.dataset.cell")
    assert second != first
    page.press("Enter")
    page.until("document.querySelector('.detail header')")
    assert page.get("document.querySelector('[aria-current=true]').dataset.cell") == second
    assert page.get(f"{FOCUSED}.dataset.cell") == second
    page.press("Escape")
    page.until("!document.querySelector('.detail header')")
    assert page.get(f"{FOCUSED}.dataset.cell") == second


def test_a_cell_tells_its_failures_limits_and_a_command(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.get(f"{CELLS}.find(one => one.ariaLabel.startsWith('naive, two')).click()")
    (detail,) = page.texts("aside")
    assert "single_room" in detail
    assert "oneroom show scenarios/loud/two.yaml --policy naive --seed 1" in detail
    assert "95 % CI" in detail
    assert page.get("document.querySelectorAll('aside .strip').length") > 0


def test_a_command_is_copied(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.get("page.copy = async text => { window.copied = text; }, 0")
    page.click(".tools .copy")
    page.until("window.copied")
    (line,) = page.texts(".tools .command code")
    assert page.get("window.copied") == line


def test_the_ledger_has_a_curve_for_each_policy_and_its_figures(
    page: ReportPage, report: Path
) -> None:
    page.go(report, "#view=ledger&key=no_room_ms")
    assert set(page.texts(".curves .name")) == {
        "naive",
        "web-lock-lease",
    }
    told = json.loads(page.get("page.read(document.getElementById('suite')).then(JSON.stringify)"))
    entry = next(one for one in told["ledger"] if one["key"] == "no_room_ms")
    shown = page.texts(".entry table")
    for policy in entry["policies"]:
        highest = page.get(f"page.value('no_room_ms', {policy['highest']})")
        assert any(policy["policy"] in table and highest in table for table in shown)


def test_the_page_of_a_failure_opens_from_its_cell_and_leads_back(
    page: ReportPage, report: Path
) -> None:
    page.go(report)
    before = page.get("location.hash")
    page.click("aside .failures a.check")
    page.until("location.hash.startsWith('#failure=')")
    page.until("!document.querySelector('.suite') && document.querySelector('h1')")
    page.get("history.back(), 0")
    page.until("document.querySelector('.suite')")
    assert page.get("location.hash") == before


def test_dark_follows_the_system_and_a_button_chooses(page: ReportPage, report: Path) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    page.prefer("light")
    page.go(report)
    light = page.get(colour)
    page.prefer("dark")
    page.until(f"{colour} !== {json.dumps(light)}")
    page.click(".theme")
    page.until(f"{colour} === {json.dumps(light)}")


def test_paper_has_all_views(page: ReportPage, report: Path) -> None:
    page.go(report)
    page.get("addEventListener('beforeprint', () => setTimeout(() => 0)), 0")
    page.get(
        "dispatchEvent(new Event('beforeprint')), "
        "window.printed = document.querySelector('.print-only').textContent, "
        "dispatchEvent(new Event('afterprint')), 0"
    )
    assert "no_room_ms" in page.get("window.printed")
    assert page.texts(".print-only") == [""]
    assert page.print().startswith(b"%PDF")


@pytest.mark.parametrize("width", [360, 760, 1100, 1920])
def test_nothing_is_wider_than_the_window(page: ReportPage, report: Path, width: int) -> None:
    page.resize(width, 800)
    for state in ("", "#view=failures", "#view=ledger", "#view=limits", "#cell=0"):
        page.go(report, state)
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.get(wide) <= 0, state


def test_an_empty_report_says_so(page: ReportPage, tmp_path: Path) -> None:
    from oneroom.checks.results import Summary
    from oneroom.report.html.suite_data import SuiteData

    summary = Summary(0, 0, (), "1..5", 0, {}, 0, (), ("interrupted",), "interrupted", 130, 5.0)
    file = tmp_path / "index.html"
    file.write_text(SuiteData("run").page(summary, ("run",), {}, {}), encoding="utf-8")
    page.go(file)
    assert page.texts("h1") == ["INTERRUPTEDNothing was run"]
    assert page.texts(".troubles li") == ["interrupted"]
