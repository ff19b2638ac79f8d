"""The pictures of reports/sample: `python -m tests.browser.pictures` makes them again.

Rules: of the commands below, in a folder of its own, in a real Chromium; pictures of 1,280 by 800
pixels, so that a page of text may show them beside each other.
"""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
from pathlib import Path

from oneroom.cli.main import invoke
from tests.browser.chromium import Chromium
from tests.browser.report_page import ReportPage, report_page
from tests.project import ROOT
from tests.ui.client import served

SAMPLE = ROOT / "reports" / "sample"
SUITE = "run oneroom:stage1 --policy naive,main-only,heartbeat,web-lock-lease --seeds 20"
FAILURE = "run oneroom:stage1/windows-open-in-the-same-instant.yaml --policy naive --seeds 100"
WHAT_IF = "oneroom:negative/a-mute-dies-with-its-owner.yaml"
SIZE = (1280, 800)


def main() -> None:
    """Make all pictures."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder), Chromium() as browser:
        for command, draw in ((SUITE, draw_suite), (FAILURE, draw_failure)):
            sys.argv = ["oneroom", *command.split()]  # the report shows it
            with contextlib.redirect_stdout(io.StringIO()):
                invoke(sys.argv[1:])
            with report_page(browser) as page:
                page.resize(*SIZE)
                draw(page, Path("reports/latest/index.html"))
        with served(WHAT_IF) as client, report_page(browser) as page:
            page.resize(*SIZE)
            draw_what_if(page, client.server.address)


def draw_suite(page: ReportPage, report: Path) -> None:
    """The heat map in the light with a cell chosen, and the ledger in the dark."""
    page.prefer("light")
    page.go(report)
    page.click("[aria-label^='heartbeat, bus-loses-and-doubles']")
    page.until("document.querySelector('.detail header')")
    (SAMPLE / "suite.png").write_bytes(page.picture())
    page.prefer("dark")
    page.go(report, "#view=ledger&key=no_owner_ms")
    (SAMPLE / "ledger.png").write_bytes(page.picture())


def draw_failure(page: ReportPage, report: Path) -> None:
    """The page of the first failure, in the light."""
    page.prefer("light")
    page.go(report, "#view=failures")
    page.click("a.check")
    page.until("document.querySelector('.run svg')")
    (SAMPLE / "failure.png").write_bytes(page.picture())


def draw_what_if(page: ReportPage, address: str) -> None:
    """A run that holds since its crash has moved, in the light."""
    page.prefer("light")
    page.go_to(f"{address}#run=&scenario={WHAT_IF}&policy=web-lock-lease&seed=4")
    page.until("document.querySelector('.run .why .go')")
    page.press("x")
    for _ in range(20):  # to the crash, up the causes
        if page.texts(".run .detail .said") == ["main crashes"]:
            break
        page.press("ArrowUp")
    page.press(*["Shift+ArrowDown"] * 8)
    page.until("document.querySelector('.run .pill').textContent === 'HELD'")
    (SAMPLE / "what-if.png").write_bytes(page.picture())


if __name__ == "__main__":
    main()
