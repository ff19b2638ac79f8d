"""A process that we have stopped does not outlive us."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from oneroom.live.process.stopped_process_guard import StoppedProcessGuard

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def test_a_stopped_process_is_killed_when_the_pipe_ends() -> None:
    guard = StoppedProcessGuard()
    with subprocess.Popen(SLEEPER) as sleeper:
        guard.stopped(sleeper.pid)
        os.kill(sleeper.pid, signal.SIGSTOP)
        guard.end()  # what the end of our process is to it
        assert sleeper.wait(10) == -signal.SIGKILL


def test_one_that_runs_again_is_left_alone() -> None:
    guard = StoppedProcessGuard()
    with subprocess.Popen(SLEEPER) as sleeper:
        guard.stopped(sleeper.pid)
        guard.runs(sleeper.pid)
        guard.end()
        assert sleeper.poll() is None
        sleeper.kill()


GUARDED = """
import os, signal, sys
from oneroom.live.process.stopped_process_guard import StoppedProcessGuard
guard = StoppedProcessGuard()
guard.stopped(int(sys.argv[1]))
os.kill(int(sys.argv[1]), signal.SIGSTOP)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_stopped_process_is_killed_when_we_are() -> None:
    with subprocess.Popen(SLEEPER) as sleeper:
        ran = subprocess.run([sys.executable, "-c", GUARDED, str(sleeper.pid)], check=False)
        assert ran.returncode == -signal.SIGKILL
        assert sleeper.wait(10) == -signal.SIGKILL
