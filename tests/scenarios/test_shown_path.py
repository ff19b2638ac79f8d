"""Names of files as they are printed."""

from __future__ import annotations

import os
import subprocess

import pytest

from oneroom.scenario.shown_path import quoted, shown_path

NAMES = [
    (b"scenarios/plain name.yaml", "scenarios/plain name.yaml"),
    ("ö/日本.yaml".encode(), "ö/日本.yaml"),
    (b"a\n::error::b.yaml", "a\\n::error::b.yaml"),
    (b"\x1b[31m\x7f\tred", "\\x1b[31m\\x7f\\tred"),
    (b"it's\r\xff\xfe", "it's\\r\\xff\\xfe"),
    (b"back\\nslash", "back\\\\nslash"),
    ("\u2028\u202e".encode(), "\\u2028\\u202e"),
]


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_a_name_is_shown_in_printable_characters(name: bytes, shown: str) -> None:
    assert shown_path(os.fsdecode(name)) == shown
    assert shown.isprintable()


@pytest.mark.parametrize(("name", "shown"), NAMES)
def test_a_shell_reads_the_name_back(name: bytes, shown: str) -> None:
    script = f"LC_ALL=C.UTF-8; printf %s {quoted(shown)}"
    process = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    assert process.stdout == name
