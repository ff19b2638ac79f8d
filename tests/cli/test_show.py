"""`oneroom show`: the timeline of any run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Call
from tests.cli.test_explain import stored


def test_a_run_that_held_has_a_timeline_without_marks(call: Call) -> None:
    called = call("show", "scenarios/held.yaml", "--seed", "7")
    assert called.code == 0
    head, timeline = called.out.split("\n\n")
    assert head.startswith("✓ scenarios/held.yaml")
    assert "opens its Room (t1)" in timeline
    assert not [line for line in timeline.splitlines() if line.startswith(("*", "x"))]
    assert "leads to it" not in timeline
    assert not Path("reports").exists()
    assert not Path(".oneroom").exists()


def test_another_seed_is_another_run_and_the_same_one_the_same(call: Call) -> None:
    def shown(seed: str) -> str:
        return call("show", "scenarios/held.yaml", "--seed", seed).out

    assert shown("1") == shown("1") == call("show", "scenarios/held.yaml").out
    assert shown("1") != shown("2")


def test_a_violated_run_is_told_with_its_cause(call: Call) -> None:
    called = call("show", "scenarios/two.yaml", "--seed", "1")
    assert called.code == 1
    assert "  cause  " in called.out
    assert "oneroom run scenarios/two.yaml --policy naive --seed 1" in called.out
    assert [line for line in called.out.splitlines() if line.startswith("x ")]


def test_a_stored_failure_is_shown_from_its_tape(call: Call) -> None:
    name = stored(call)
    shown = call("show", name)
    assert shown.code == 1
    *_, timeline = shown.out.strip().split("\n\n")
    assert timeline in call("replay", name).out
    refused = call("show", name, "--seed", "2")
    assert refused.code == 2
    assert "leave out --policy, --app, --check, --bus, --timing and --seed" in refused.err


def test_every_record_is_a_line_of_json(call: Call) -> None:
    called = call("show", "scenarios/held.yaml", "--json")
    *records, run = [json.loads(line) for line in called.out.splitlines()]
    assert run["kind"] == "run"
    assert len(records) == run["records"]
    assert [record["n"] for record in records] == list(range(len(records)))
    assert {"record": "Settled", "where": "world"}.items() <= records[-1].items()


def test_width_and_lines_bound_the_timeline(call: Call) -> None:
    narrow = call("show", "scenarios/held.yaml", "--width", "70", "--lines", "20").out
    timeline = narrow.split("\n\n")[-1].splitlines()
    assert max(map(len, timeline)) <= 70
    assert len(timeline) <= 20


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("nope",), 2, "there is no stored failure 'nope'"),
        (("scenarios/nope.yaml",), 2, "scenarios/nope.yaml"),
        (("scenarios",), 2, "scenarios has 2 scenarios; name one of them"),
        (("scenarios/held.yaml", "--policy", "naive,web-lock"), 2, "take --policy"),
        (("scenarios/held.yaml", "--policy", "nope"), 2, "policy 'nope'"),
    ],
)
def test_what_cannot_be_shown(call: Call, arguments: tuple[str, ...], code: int, told: str) -> None:
    called = call("show", *arguments)
    assert called.code == code
    assert told in called.err


def opened_addresses(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that the browser of a machine with a screen is asked to open."""
    opened: list[str] = []

    def open_it(address: str) -> bool:
        opened.append(address)
        return True

    monkeypatch.setattr("webbrowser.open", open_it)
    monkeypatch.setenv("BROWSER", "firefox")
    return opened


def test_without_a_run_the_newest_report_is_opened(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = opened_addresses(monkeypatch)
    assert call("show").code == 2
    call("run", "scenarios/held.yaml", "--seeds", "1")
    called = call("show")
    assert (called.code, called.out) == (0, "reports/latest/index.html\n")
    (address,) = opened
    assert address.startswith("file://")
    assert address.endswith("/index.html")


def test_without_a_screen_no_browser_takes_the_terminal(
    call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail(address))
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    call("run", "scenarios/held.yaml", "--seeds", "1")
    assert call("show").out == "reports/latest/index.html\n"


def test_any_run_is_written_as_a_page(call: Call, tmp_path: Path) -> None:
    called = call("show", "scenarios/two.yaml", "--html", "pages/two.html")
    assert (called.code, called.out) == (1, "pages/two.html\n")
    page = Path("pages/two.html").read_text(encoding="utf-8")
    assert 'data-failures="' in page
    assert 'id="suite"' not in page
    assert [path.name for path in Path("pages").iterdir()] == ["two.html"]
    assert call("show", "scenarios/held.yaml", "--html", "held.html").code == 0


def test_a_page_that_cannot_be_written_is_an_error_of_the_disk(call: Call) -> None:
    Path("full").write_text("a file")
    called = call("show", "scenarios/held.yaml", "--html", "full/page.html")
    assert called.code == 6
    assert "full/page.html cannot be written" in called.err


def test_the_page_of_a_failure_is_opened(call: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = opened_addresses(monkeypatch)
    name = stored(call)
    called = call("show", name, "--open")
    assert (called.code, called.out) == (1, f"reports/shown/{name}.html\n")
    assert opened[0].endswith(f"/reports/shown/{name}.html")
    assert call("show", name, "--open", "--json").code == 2
