"""The folders of this project, and the import path for a process that a test starts."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SCENARIOS = ROOT / "scenarios"
IMPORT_PATH = os.pathsep.join(str(folder) for folder in (ROOT / "harness", ROOT / "fakes", ROOT))
"""The value of `PYTHONPATH`."""
