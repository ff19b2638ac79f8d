"""`oneroom confirm`: what it refuses, and what it says of two runs. With a server it is in
tests/live.
"""

from __future__ import annotations

from pathlib import Path

from oneroom.checks.verdict import Exit
from oneroom.cli.confirm import Confirmation
from oneroom.explore.judged_run import run_judged
from oneroom.explore.store import Store
from oneroom.explore.vocabulary import vocabulary
from oneroom.report.style import PLAIN
from oneroom.scenario import parse
from tests.cli.conftest import Call

KICK = """\
scenario: the overlay's connect kicks the main window
why: to have a failure
policy: naive
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 2s, connect: {window: main, channel: lobby}}
  - {at: 5s, connect: {window: overlay, channel: lobby}}
"""


def _stored(call: Call) -> str:
    Path("kick.yaml").write_text(KICK)
    assert call("run", "kick.yaml", "--seed", "1", "--check-determinism", "0").code == Exit.VIOLATED
    store = Store()
    return next(name for name in store.ids() if store.load(name).check == "single_room")


def test_a_failure_that_is_not_stored_is_refused(call: Call) -> None:
    called = call("confirm", "nowhere")
    assert called.code == Exit.USAGE
    assert "no stored failure 'nowhere'" in called.err


def test_the_fake_is_no_witness(call: Call) -> None:
    called = call("confirm", _stored(call), "--sfu", "fake")
    assert called.code == Exit.USAGE
    assert "write livekit" in called.err


def test_a_server_without_keys_is_infrastructure(call: Call, monkeypatch) -> None:
    monkeypatch.delenv("LIVEKIT_API_KEY", raising=False)
    called = call("confirm", _stored(call), "--sfu", "ws://127.0.0.1:9")
    assert called.code == Exit.INFRASTRUCTURE
    assert "LIVEKIT_API_KEY" in called.err or "missing" in called.err
    assert called.err.count("\n") == 1


def test_the_verdict_is_that_of_the_stored_check(call: Call) -> None:
    stored = Store().load(_stored(call))
    scenario = parse(KICK, vocabulary(), "kick.yaml")
    simulated = run_judged(scenario, "naive", 1)
    quiet = run_judged(
        parse(KICK.replace("policy: naive", "policy: web-lock-lease"), vocabulary(), ""),
        "web-lock-lease",
        1,
    )

    same = Confirmation(stored, simulated, simulated).text(PLAIN)
    assert "reproduced on LiveKit  kick.yaml  naive  single_room" in same
    assert "first difference" not in same

    other = Confirmation(stored, simulated, quiet).text(PLAIN)
    assert "not reproduced on LiveKit" in other
    assert "first difference  " in other
