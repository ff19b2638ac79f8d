"""No rule of axe-core finds a fault with a report, in the light and in the dark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from oneroom.cli.main import invoke
from tests.browser.chromium import Chromium
from tests.browser.report_page import ReportPage, report_page
from tests.project import ROOT
from tests.ui.client import served

pytestmark = pytest.mark.npm

AXE = ROOT / "tests" / "browser" / "node_modules" / "axe-core" / "axe.min.js"
VIEWS = ("", "#cell=0", "#view=failures", "#view=ledger", "#view=limits", "#view=vacuous")
FOUND = """\
axe.run().then(found => JSON.stringify(found.violations.map(rule => [
    rule.id, rule.nodes.map(node => `${node.target.join(' ')}: ${node.failureSummary}`)])))
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with cells of every shade and of every outcome that a suite has."""
    folder = tmp_path_factory.mktemp("report")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        arguments = ("--policy", "naive,heartbeat,web-lock-lease", "--seeds", "4")
        paths = (
            "oneroom:stage1/bus-loses-and-doubles.yaml",
            "oneroom:stage1/command-to-a-dying-owner.yaml",
            "oneroom:stage1/frozen-owner-crashes.yaml",
            "oneroom:negative/naive-user-is-in-the-call-twice.yaml",
        )
        invoke(("run", *paths, *arguments, "--check-determinism", "0"))
    # A search on the page of `oneroom ui` makes a newer one.
    return (folder / "reports" / "latest").resolve() / "index.html"


@pytest.fixture(scope="module")
def page() -> Iterator[ReportPage]:
    with Chromium() as browser, report_page(browser) as opened:
        yield opened


def faults(page: ReportPage) -> list[object]:
    page.get(f"{AXE.read_text(encoding='utf-8')};0")
    found: list[object] = json.loads(page.get(FOUND))
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_fault(page: ReportPage, report: Path, scheme: str) -> None:
    page.prefer(scheme)
    for view in VIEWS:
        page.go(report, view)
        assert faults(page) == [], view
    page.go(report, "#view=failures")
    page.click("a.check")
    page.until("!document.querySelector('.suite')")
    assert faults(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_of_the_server_has_a_fault(
    page: ReportPage, report: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(report.parents[3])
    page.prefer(scheme)
    with served("oneroom:stage1") as client:
        page.go_to(f"{client.server.address}#ui=failures")
        page.until("document.querySelector('table.stored')")
        assert faults(page) == []
        page.click("table.stored a")
        page.until("document.querySelector('.what-if')")
        page.press("x", "Shift+PageDown")
        page.until("document.querySelector('.what-if .changes li, .what-if .trouble')")
        assert faults(page) == []
        page.go_to(f"{client.server.address}#ui=search")
        page.until("document.querySelector('.search-form')")
        page.get("document.querySelectorAll('.search-form select')[2].value = 'naive'")
        page.click(".search-form .start")
        page.until("document.querySelector('.live .failure')")
        page.click(".now button")
        page.until("document.querySelector('.figures-line button')")
        assert faults(page) == []


def test_a_fault_is_found(page: ReportPage, report: Path) -> None:
    page.prefer("light")
    page.go(report)
    page.get("document.getElementById('filter').removeAttribute('aria-label'), 0")
    page.get("document.querySelector('h1').style.color = '#cccccc', 0")
    assert "color-contrast" in str(faults(page))
