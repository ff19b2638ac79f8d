"""Progress goes to one stream and gets out of the way."""

from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from oneroom.report import progress
from oneroom.report.progress import Progress
from tests.report.test_text import Terminal


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: now[0]))
    return now


def test_a_suite_that_is_over_at_once_shows_nothing(clock: list[float]) -> None:
    for stream in (io.StringIO(), Terminal()):
        shown = Progress(stream, 10)
        for _ in range(10):
            shown.step(failed=False)
        shown.wipe()
        assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_that_is_wiped_before_anything_else(clock: list[float]) -> None:
    stream = Terminal()
    shown = Progress(stream, 100)
    clock[0] = 1.0
    for _ in range(50):
        shown.step(failed=True)
    assert stream.getvalue().count("\r") == 1, "not for every run"
    assert "1 of 100 runs, 1 failed" in stream.getvalue()
    clock[0] = 2.0
    shown.step(failed=False)
    assert "━━━━━━━━━━━━╌╌╌╌╌╌╌╌╌╌╌╌ 51 of 100 runs, 50 failed, 2 s left" in stream.getvalue()
    shown.wipe()
    assert stream.getvalue().endswith("\r\x1b[K")
    before = stream.getvalue()
    shown.wipe()
    assert stream.getvalue() == before, "there is nothing to wipe twice"


def test_a_bar_stays_in_one_line_of_a_narrow_terminal(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "columns_of", lambda _stream: 30)
    for total in (3_000, 0):
        stream = Terminal()
        shown = Progress(stream, total)
        for second in (1.0, 1_000.0, 2_000_000.0):
            clock[0] += second
            shown.step(failed=False)
        drawn = stream.getvalue().split("\r\x1b[K")[1:]
        assert len(drawn) == 3
        assert max(map(len, drawn)) <= 29, "what runs over into a second line cannot be wiped"


def test_a_file_gets_a_line_now_and_then(clock: list[float]) -> None:
    stream = io.StringIO()
    shown = Progress(stream, 4)
    for second in (5.0, 10.0, 15.0, 20.0):
        clock[0] = second
        shown.step(failed=False)
    assert (
        stream.getvalue() == "2 of 4 runs, 0 failed, 10 s gone, 10 s left\n"
        "4 of 4 runs, 0 failed, 20 s gone, 0 s left\n"
    )


def test_a_search_of_so_much_time_says_how_much_is_left(clock: list[float]) -> None:
    stream = io.StringIO()
    shown = Progress(stream, 0, most_s=60.0)
    for second in (10.0, 21.0, 70.0):
        clock[0] = second
        shown.step(failed=False)
    assert stream.getvalue().splitlines() == [
        "1 run, 0 failed, 10 s gone, 50 s left",
        "2 runs, 0 failed, 21 s gone, 39 s left",
        "3 runs, 0 failed, 70 s gone, 0 s left",
    ]
