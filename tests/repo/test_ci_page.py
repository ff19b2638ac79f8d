"""docs/ci.md: its two files are run, line by line, against a small project, with what a CI system
does between the lines done by hand: artifacts, matrix, variables.

`pip install` is tests/repo/test_wheel.py's.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.explore.texts import HELD, TWO_ROOMS
from tests.project import BARE_ENVIRONMENT, ROOT
from tests.repo.shown_commands import blocks
from tests.report import junit_schema

PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
GITHUB, GITLAB = (yaml.safe_load(block.text) for block in blocks(PAGE) if block.language == "yaml")
# In place of what would take minutes.
SHORTER = {"--max-time 10m": "--max-runs 3 --seed 1 -j 1", "--profile ci": "--seeds 6 -j 1"}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout with two scenarios, one of which is violated; the command is on the path."""
    folder = tmp_path / "project" / "scenarios"
    folder.mkdir(parents=True)
    (folder / "held.yaml").write_text(HELD, encoding="utf-8")
    (folder / "two.yaml").write_text(TWO_ROOMS, encoding="utf-8")
    command = tmp_path / "bin" / "oneroom"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m oneroom "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return folder.parent


def run(line: str, folder: Path, variables: Mapping[str, str]) -> int:
    """Run a line of a job in `folder`, as its shell does. Returns the exit code."""
    if line.startswith("pip install"):
        return 0
    for long, short in SHORTER.items():
        line = line.replace(long, short)
    path = f"{folder.parent / 'bin'}:{BARE_ENVIRONMENT['PATH']}"
    environment = {**BARE_ENVIRONMENT, **variables, "PATH": path}
    ran = subprocess.run(
        ["/bin/bash", "-e", "-c", line],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Usage:" not in ran.stderr, ran.stderr
    assert ran.returncode in (0, 1), ran.stdout + ran.stderr
    return ran.returncode


def expanded(text: str, matrix: Mapping[str, int]) -> str:
    return re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda found: str(matrix[found[1]]), text)


def github_job(job: dict[str, Any], matrix: dict[str, int], project: Path, store: Path) -> int:
    """Run the steps of a job in a checkout of its own. Returns its worst exit code."""
    checkout = project.parent / f"job-{len(list(project.parent.glob('job-*')))}"
    checkout.mkdir()
    worst = 0
    for step in job["steps"]:
        used, given = step.get("uses", ""), step.get("with", {})
        if used.startswith("actions/checkout@"):
            shutil.copytree(project, checkout, dirs_exist_ok=True)
        elif used.startswith("actions/upload-artifact@"):
            name = expanded(given["name"], matrix)
            shutil.copytree(checkout / given["path"], store / name)
        elif used.startswith("actions/download-artifact@"):
            for artifact in store.glob(given["pattern"]):
                shutil.copytree(artifact, checkout / given["path"] / artifact.name)
        elif used:
            assert used.startswith("actions/setup-python@"), used
        elif worst == 0:
            summary = {"GITHUB_STEP_SUMMARY": str(checkout / "summary.md")}
            worst = run(expanded(step["run"], matrix), checkout, summary)
    return worst


def test_the_workflow_of_github(project: Path, tmp_path: Path) -> None:
    jobs = GITHUB["jobs"]
    store = tmp_path / "artifacts"
    shards = [
        github_job(jobs["scenarios"], {"shard": number}, project, store)
        for number in jobs["scenarios"]["strategy"]["matrix"]["shard"]
    ]
    assert sorted(shards) == [0, 1, 1], "only a shard with the broken scenario is red"
    assert github_job(jobs["report"], {}, project, store) == 1
    document = next((store / "oneroom").glob("*/junit.xml")).read_text(encoding="utf-8")
    assert junit_schema.problems(document) == []
    assert "(seeds 1..6)" in document, "all shards are in it"
    kept = [path.suffix for path in (store / "oneroom").glob("*/failures/*")]
    assert set(kept) == {".txt", ".json"}
    hidden = [path for path in store.rglob("*") if path.name.startswith(".")]
    assert hidden == [], "upload-artifact leaves hidden files out"
    assert github_job(jobs["search"], {}, project, store) in (0, 1)


def scripts(job: dict[str, Any]) -> Iterator[dict[str, str]]:
    """The variables of each parallel job."""
    number = job.get("parallel", 1)
    for index in range(1, number + 1):
        yield {"CI_NODE_INDEX": str(index), "CI_NODE_TOTAL": str(number)}


def test_the_pipeline_of_gitlab(project: Path) -> None:
    codes: dict[str, list[int]] = {}
    for name in ("scenarios", "report"):
        for variables in scripts(GITLAB[name]):
            ran = [run(line, project, variables) for line in GITLAB[name]["script"]]
            codes.setdefault(name, []).append(max(ran))
            if junit := GITLAB[name]["artifacts"].get("reports", {}).get("junit"):
                document = (project / junit).read_text(encoding="utf-8")
                assert junit_schema.problems(document) == []
    assert (sorted(codes["scenarios"]), codes["report"]) == ([0, 1, 1], [1])
    assert len(list((project / "shards").glob("*/runs/*"))) == 3
    assert (project / "reports" / "latest" / "suite.json").is_file()
    assert set(GITLAB) - {"default"} == {"stages", *codes}


def test_the_profile_of_the_page_is_one(project: Path) -> None:
    (profile,) = [block.text for block in blocks(PAGE) if block.language == "toml"]
    (project / "pyproject.toml").write_text(profile, encoding="utf-8")
    assert run("oneroom run scenarios/held.yaml --profile ci", project, os.environ) == 0
