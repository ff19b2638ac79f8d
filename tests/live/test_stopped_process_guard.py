"""A process that we have stopped does not outlive us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from oneroom.live.process.stopped_process_guard import StoppedProcessGuard

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_stopped_process_is_killed_when_the_pipe_ends() -> None:
    warden = StoppedProcessGuard()
    with subprocess.Popen(SLEEPER) as sleeper:
        warden.stopped(sleeper.pid)
        os.kill(sleeper.pid, signal.SIGSTOP)
        warden.end()  # what the end of our process is to it
        assert sleeper.wait(10) == -signal.SIGKILL


def test_one_that_runs_again_is_left_alone() -> None:
    warden = StoppedProcessGuard()
    with subprocess.Popen(SLEEPER) as sleeper:
        warden.stopped(sleeper.pid)
        warden.runs(sleeper.pid)
        warden.end()
        assert sleeper.poll() is None
        sleeper.kill()
