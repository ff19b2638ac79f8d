"""The folders of this project, and its command as a process that a test starts."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
IMPORT_PATH = os.pathsep.join(str(folder) for folder in (ROOT / "harness", ROOT / "fakes", ROOT))
"""The value of `PYTHONPATH`."""
ONEROOM = (sys.executable, "-m", "oneroom")
"""The command."""
BARE_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "PYTHONPATH": IMPORT_PATH}
"""The least that the command needs, and nothing of the machine's settings."""


def hear_signals() -> None:
    """Undo what a shell does to tests that run in its background, or under nohup: a command would
    inherit that SIGINT, SIGQUIT or SIGHUP is ignored. For `preexec_fn`.
    """
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
