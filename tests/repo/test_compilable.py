"""The hot packages can be compiled by mypyc as they stand.

Rules: only what can be seen in the text; compiling takes a minute and belongs to a build.
`docs/decisions/values-stay-interpreted.md` says why.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
PACKAGES = ("core", "policies", "choices", "trace", "checks")
MODULES = [path for package in PACKAGES for path in sorted((PROJECT / "harness" / package).glob("*.py"))]


def breaches(text: str) -> list[str]:
    """What a module does that mypyc would get wrong."""
    tree = ast.parse(text)
    has_functions = any(isinstance(node, ast.FunctionDef | ast.Lambda) for node in ast.walk(tree))
    structs = [node.name for node in tree.body if isinstance(node, ast.ClassDef) and _is_struct(node)]
    found = [f"{name} is a struct in a module with functions" for name in structs if has_functions]
    deletions = [node for node in ast.walk(tree) if isinstance(node, ast.Delete)]
    return found + [f"line {node.lineno} deletes an attribute" for node in deletions if _deletes_attribute(node)]


def _is_struct(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Attribute) and base.attr == "Struct" for base in node.bases)


def _deletes_attribute(node: ast.Delete) -> bool:
    return any(isinstance(target, ast.Attribute) for target in node.targets)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_module_compiles_as_it_stands(path: Path) -> None:
    assert breaches(path.read_text()) == []


def test_a_planted_breach_is_seen() -> None:
    assert breaches("import msgspec\nclass A(msgspec.Struct, frozen=True):\n    x: int\ndef f() -> None: ...\n")
    assert breaches("def f(a: object) -> None:\n    del a.b\n")
