"""Classes of a machine that lacks some of its safeguards.

A class of core, policies or driver names the classes of its own parts in attributes `*_class`. So
the class of a machine says all about it, and a bug in a part of a part is a subclass of the whole.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar, cast

from oneroom.ablation.safeguards import SAFEGUARDS

T = TypeVar("T")


def without(whole: type[T], names: tuple[str, ...]) -> type[T]:
    """The class `whole` without the safeguards `names`: itself if none of them is in it or in one
    of its parts. Raises KeyError for a name that is none.
    """
    if not names:
        return whole
    found: type[T] = _composed(cast("Any", whole), names)
    return found


@cache
def _composed(whole: Any, names: tuple[str, ...]) -> Any:
    bugs = tuple(
        bug for name in names for bug in SAFEGUARDS[name].bugs if issubclass(whole, bug.__bases__)
    )
    parts = {
        attribute: part
        for attribute in dir(whole)
        if attribute.endswith("_class") and isinstance(part := getattr(whole, attribute), type)
    }
    spoilt = {attribute: _composed(part, names) for attribute, part in parts.items()}
    if not bugs and spoilt == parts:
        return whole
    return type(whole.__name__, (*bugs, whole), {"__module__": whole.__module__, **spoilt})
