"""Live suites that end early leave no process, container or network behind.

Each case starts the command in a folder of its own, ends it at a moment that was drawn once, and
then looks for what still has that folder as its present one, and for containers of the servers that
were started in it.
"""

from __future__ import annotations

import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from oneroom.live.server import docker_engine
from tests.project import BARE_ENVIRONMENT, ONEROOM, hear_signals

pytestmark = pytest.mark.live

# Stops, a crash and two windows: everything that has processes has them in the first seconds.
SCENARIO = """\
scenario: everything at once
why: to be ended in the middle of it
windows:
  main: {kind: main, opens: 0s}
  overlay: {kind: overlay, opens: 100ms}
steps:
  - {at: 1s, connect: {window: main, channel: lobby}}
  - {at: 2s, stop: {window: overlay, lasts: 20s}}
  - {at: 3s, stop: {window: main, lasts: 20s}}
"""
OFF_ITS_NETWORK = """\
scenario: the server is off its network
why: to be ended while it is
windows:
  main: {kind: main, opens: 0s}
steps:
  - {at: 1s, connect: {window: main, channel: lobby}}
  - {at: 2s, unplug_server: {lasts: 20s}}
"""
_DRAWN = random.Random(20)
MOMENTS = [round(_DRAWN.uniform(0.2, 9.0), 2) for _ in range(20)]
SIGNALS = [signal.SIGKILL, signal.SIGINT, signal.SIGKILL, signal.SIGTERM]
# Removing a container takes a moment, on a busy machine several.
_GONE_S = 25.0


def processes_in(folder: Path) -> list[str]:
    found = []
    for one in Path("/proc").iterdir():
        try:
            state = (one / "stat").read_text().rpartition(")")[2].split()[0]
            if one.name.isdigit() and state != "Z" and (one / "cwd").resolve() == folder:
                found.append((one / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def containers_of(folder: Path) -> list[str]:
    runs = [one.name for one in (folder / ".oneroom" / "livekit").glob("*")]
    with docker_engine.engine() as client:
        return [
            container.name for run in runs for container in docker_engine.containers(client, run)
        ]


def networks_of(folder: Path) -> list[str]:
    runs = [one.name for one in (folder / ".oneroom" / "livekit").glob("*")]
    with docker_engine.engine() as client:
        return [network.name for run in runs for network in docker_engine.networks(client, run)]


@pytest.mark.parametrize(
    ("after_s", "how", "scenario"),
    # Every fifth one is ended with a network of its own.
    [
        (moment, SIGNALS[place % len(SIGNALS)], SCENARIO if place % 5 else OFF_ITS_NETWORK)
        for place, moment in enumerate(MOMENTS)
    ],
    ids=[f"{moment}s-{SIGNALS[place % len(SIGNALS)].name}" for place, moment in enumerate(MOMENTS)],
)
def test_nothing_is_left_of_a_suite_that_is_ended(
    tmp_path: Path, after_s: float, how: signal.Signals, scenario: str
) -> None:
    (tmp_path / "all.yaml").write_text(scenario)
    suite = subprocess.Popen(
        [*ONEROOM, "run", "all.yaml", "--sfu", "livekit"],
        cwd=tmp_path,
        env=BARE_ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        preexec_fn=hear_signals,
    )
    time.sleep(after_s)
    suite.send_signal(how)
    said, _ = suite.communicate(timeout=60)
    # One that was told in time says so; in its first moments it is still Python that answers.
    assert suite.returncode in ((-signal.SIGKILL,) if how is signal.SIGKILL else (130, -how)), said
    assert "Traceback" not in said

    deadline_s = time.monotonic() + _GONE_S
    while (left := _left_in(tmp_path)) and time.monotonic() < deadline_s:
        time.sleep(0.2)
    assert left == []


def _left_in(folder: Path) -> list[str]:
    return processes_in(folder) + containers_of(folder) + networks_of(folder)
