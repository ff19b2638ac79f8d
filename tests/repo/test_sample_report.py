"""reports/sample is the report of the command that reports/README.md shows, as it is made now.

Rules: `pytest tests/repo/test_sample_report.py --rewrite` makes it again. Wall times, the name of
the run's own folder and the versions of libraries may differ. The page for a browser is left out,
as it differs with every change of how it is drawn; its pictures (tests/browser/pictures.py) stay.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from tests.project import ROOT
from tests.repo.shown_commands import call, shown

PAGE = "index.html"
PICTURES = "*.png"
SAMPLE = ROOT / "reports" / "sample"
_FREE = [
    (re.compile(r'"wall_ms":[\d.]+'), '"wall_ms":0'),
    (re.compile(r' time="[\d.]+"'), ' time="0"'),
    (re.compile(r"reports/runs/[\d-]+"), "reports/runs/0"),
    (re.compile(r'"(oneroom|simpy)": ?"[^"]*"'), r'"\1": ""'),
    (re.compile(r'"versions": \{[^}]*\}'), '"versions": {}'),
]


def plain(text: str) -> str:
    """A file of a report without what differs from run to run."""
    for pattern, instead in _FREE:
        text = pattern.sub(instead, text)
    return text


def files_below(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): plain(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != PAGE and not path.match(PICTURES)
    }


def test_the_sample_is_what_a_run_leaves(tmp_path: Path, rewrite: bool) -> None:
    command, *_ = shown((ROOT / "reports" / "README.md").read_text(encoding="utf-8"))
    called = call(command.words[1:], tmp_path)
    assert called.returncode == 1, called.stderr
    made = tmp_path / "reports" / "latest"
    if rewrite:
        shutil.rmtree(SAMPLE / "failures")
        shutil.copytree(made, SAMPLE, ignore=shutil.ignore_patterns(PAGE), dirs_exist_ok=True)
    assert (made / PAGE).is_file()
    assert files_below(SAMPLE) == files_below(made)
