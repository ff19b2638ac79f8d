"""The folders of this project, and its command as a process that a test starts."""

from __future__ import annotations

import os
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
