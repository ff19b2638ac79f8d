"""The errors of a policy that is its user's own: what it raised, at its file and line.

Rules: an error is the user's only if their code was running, or if they made a class that nothing
here knows. Everything else stays an internal error.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from types import FunctionType

from oneroom.core.policy import Policy

_OURS = ("oneroom", "oneroom_fakes")


def raised_by(classes: Sequence[type], error: Exception) -> str:
    """The error with its place, `policy.py:12: KeyError: 'row'`, if code of the user's own
    `classes` raised it, else "".
    """
    import traceback  # not at every start

    files = {
        sys.modules[cls.__module__].__file__
        for found in classes
        for cls in found.__mro__
        if not _is_ours(cls) and cls.__module__ in sys.modules and cls is not object
    }
    place = ""
    causes: list[BaseException] = [error]  # SimPy raises a copy of what a process raised
    while causes[-1].__cause__ is not None:
        causes.append(causes[-1].__cause__)
    for cause in causes:
        for frame in traceback.extract_tb(cause.__traceback__):
            if frame.filename in files:
                place = f"{frame.filename}:{frame.lineno}"
    if place:
        return f"{place}: {type(error).__name__}: {error}".rstrip(": ")
    unknown = error.args[0] if isinstance(error, KeyError) and error.args else None
    if files and isinstance(unknown, type) and not _is_ours(unknown):
        return f"{_defined_at(unknown)}: {unknown.__name__} is no message or action of oneroom"
    return ""


def unknown_hook(policy: type[Policy]) -> str:
    """A public method of the user's own that overrides nothing, in words, with its place.

    oneroom would never call it: most often it is a hook under a wrong name. "" if there is none.
    """
    for depth, cls in enumerate(policy.__mro__):
        if _is_ours(cls) or not issubclass(cls, Policy):
            continue
        for name, member in vars(cls).items():
            if name.startswith("_") or not isinstance(member, FunctionType):
                continue
            if not any(name in vars(base) for base in policy.__mro__[depth + 1 :]):
                near = difflib.get_close_matches(name.removeprefix("on_"), _hooks(), 1)
                hint = f"did you mean {near[0]}?" if near else "a helper's name begins with _"
                code = member.__code__
                return (
                    f"{code.co_filename}:{code.co_firstlineno}: {name} overrides no hook of its "
                    f"policy, so nothing calls it; {hint}"
                )
    return ""


def _hooks() -> list[str]:
    return [
        name
        for name, member in vars(Policy).items()
        if isinstance(member, FunctionType) and not name.startswith("_")
    ]


def _is_ours(cls: type) -> bool:
    return cls.__module__.partition(".")[0] in _OURS


def _defined_at(cls: type) -> str:
    import inspect  # not at every start

    try:
        return f"{inspect.getsourcefile(cls)}:{inspect.getsourcelines(cls)[1]}"
    except (OSError, TypeError):
        return cls.__module__
