"""The public names of `oneroom` can be imported, and the type checker sees the same ones."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import oneroom


@pytest.mark.parametrize("name", oneroom.__all__)
def test_a_public_name_can_be_imported(name: str) -> None:
    assert getattr(oneroom, name) is not None


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(AttributeError, match="module 'oneroom' has no attribute 'Tape'"):
        oneroom.Tape  # noqa: B018  # the look-up itself is what is tested


def test_the_type_checker_sees_what_is_imported_when_used() -> None:
    tree = ast.parse(Path(oneroom.__file__).read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oneroom.")
        for alias in node.names
    }
    assert imported == set(oneroom.__all__) - {"__version__"}
