"""The program in another language that the page of the protocol shows, run as it is shown."""

from __future__ import annotations

import re
from pathlib import Path

from oneroom.checks.verdict import Exit
from tests.project import ROOT
from tests.repo.shown_commands import blocks, call, difference, shown

PAGE = (ROOT / "docs" / "protocol.md").read_text(encoding="utf-8")


def test_the_program_of_the_page_goes_red_as_shown(tmp_path: Path) -> None:
    (program,) = [block.text for block in blocks(PAGE) if block.language == "perl"]
    (name,) = re.findall(r"\A# (\S+)\n", program)
    (tmp_path / name).write_text(program, encoding="utf-8")
    assert f"This one is {len(program.splitlines())} lines" in PAGE
    (command,) = shown(PAGE)
    called = call(command.words[1:], tmp_path)
    assert called.returncode == Exit.VIOLATED, called.stderr
    assert called.stderr == ""
    assert difference(command.output, called.stdout) == ""
