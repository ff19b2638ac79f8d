"""Classes of the user's own, which are named `module:Class` and need no registration."""

from __future__ import annotations

import contextlib
import difflib
import importlib
import importlib.util
import sys
from pathlib import Path
from typing import TypeVar

Kind = TypeVar("Kind")


class UnknownClass(ValueError):
    """A name under which there is no class; `why` is a clause without its subject, `suggestions`
    are near names.
    """

    def __init__(self, why: str, suggestions: tuple[str, ...] = ()) -> None:
        super().__init__(why, suggestions)
        self.why = why
        self.suggestions = suggestions


def load(name: str, base: type[Kind]) -> type[Kind]:
    """The class called `name`, a subclass of `base`. Raises UnknownClass.

    The module is its user's, and so is whatever it raises while it is imported.
    """
    module_name, colon, class_name = name.partition(":")
    if not colon or not class_name:
        raise UnknownClass("names no class; write module:Class", classes_in(module_name))
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is for results
            module = importlib.import_module(module_name)
    except Exception as error:
        raise UnknownClass(f"cannot be imported: {_error_line(error)}") from error
    found = getattr(module, class_name, None)
    if found is None:
        near = difflib.get_close_matches(class_name, vars(module), 1)
        raise UnknownClass(
            f"is not in {module_name}", tuple(f"{module_name}:{one}" for one in near)
        )
    if not isinstance(found, type) or not issubclass(found, base):
        raise UnknownClass(f"is not a subclass of {base.__module__}.{base.__name__}")
    return found


def search_here() -> None:
    """Search the present folder for modules as well, as other Python tools do."""
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)


def classes_in(module_name: str) -> tuple[str, ...]:
    """The classes that a module defines with a base, as `module:Class`, read from its source
    without running it; none if there is no such module.
    """
    import ast  # not at every start

    try:
        spec = importlib.util.find_spec(module_name)
        source = Path(spec.origin).read_text(encoding="utf-8") if spec and spec.origin else ""
        tree = ast.parse(source)
    except (ImportError, ValueError, SyntaxError, OSError):
        return ()
    return tuple(
        f"{module_name}:{node.name}"
        for node in tree.body
        if isinstance(node, ast.ClassDef) and node.bases
    )


def name_of(found: type) -> str:
    """The name under which `load` finds a class. Raises ValueError for one inside a function."""
    if "<locals>" in found.__qualname__:
        raise ValueError(
            f"{found.__qualname__} is defined inside a function, where nothing else finds it; "
            "define it at the top of its module"
        )
    return f"{found.__module__}:{found.__qualname__}"


def _error_line(error: Exception) -> str:
    """The error that a module raised, with its line."""
    if isinstance(error, ImportError):
        return str(error)
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    import traceback  # not at every start

    (*_, last) = traceback.extract_tb(error.__traceback__)
    return f"{last.filename}:{last.lineno}: {type(error).__name__}: {error}"
