"""Bad input, and word for word what the user reads: the files in testdata/refused.

A file is a list of cases: `== what is wrong`, the text, `----`, the expected output. What stands
before the first case is the head of every case in that file. `pytest --rewrite` writes the output
anew; read the diff before you commit it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent / "testdata" / "refused"


def read_cases(text: str) -> tuple[str, list[tuple[str, str, str]]]:
    """The head of a testdata file, and its cases: title, text, expected output."""
    head, *parts = text.split("\n== ")
    cases = []
    for part in parts:
        title, _, rest = part.partition("\n")
        given, _, expected = rest.partition("----\n")
        cases.append((title, given, expected.strip("\n")))
    return head.partition("----\n")[2], cases


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.txt")), ids=lambda file: file.stem)
def test_refused(file: Path, refusal: Callable[[str], str], rewrite: bool) -> None:
    text = file.read_text(encoding="utf-8")
    head, cases = read_cases(text)
    answers = [(title, given, refusal(head + given)) for title, given, _ in cases]
    if rewrite:
        preface = text.partition("\n== ")[0].rstrip("\n")
        blocks = [f"== {title}\n{given}----\n{answer}\n" for title, given, answer in answers]
        file.write_text("\n".join([preface + "\n", *blocks]), encoding="utf-8")
        return
    assert answers == cases


def test_every_kind_of_bad_input_has_a_case() -> None:
    cases = [
        case
        for file in FOLDER.glob("*.txt")
        for case in read_cases(file.read_text(encoding="utf-8"))[1]
    ]
    assert len(cases) >= 80
    assert all(expected != "(accepted)" for _, _, expected in cases)
