"""The SDK of a scenario, before a live run."""

from __future__ import annotations

from pathlib import Path

from oneroom.checks.verdict import Exit
from tests.cli.conftest import Call

ALONE = """\
scenario: one window joins
why: to have a scenario
{sdk}
windows:
  main: {{kind: main, opens: 0s}}
steps:
  - {{at: 2s, connect: {{window: main, channel: lobby}}}}
"""


def test_a_scenario_that_asks_for_livekit_client_is_not_played_live(call: Call) -> None:
    Path("js.yaml").write_text(ALONE.format(sdk="sdk: js"))
    called = call("run", "js.yaml", "--sfu", "livekit")
    assert called.code == Exit.NOTHING_SELECTED
    assert "1 of 1 scenarios, which ask for `sdk: js`" in called.err


def test_an_sdk_that_nobody_ships_is_refused(call: Call) -> None:
    Path("swift.yaml").write_text(ALONE.format(sdk="sdk: swift"))
    called = call("lint", "swift.yaml")
    assert called.code == Exit.USAGE
    assert "swift.yaml:3" in called.err + called.out
