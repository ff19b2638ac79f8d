"""The errors of a policy that is its user's own: what it raised, at its file and line.

Rules: an error is the user's only if their code was running, if they made a class that nothing here
knows, or if a value that only their policy sets is none that it may be. Everything else stays an
internal error.
"""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from types import FunctionType

from oneroom.core.actions import Role
from oneroom.core.bus_kind import BUS_KINDS
from oneroom.core.illegal_move import IllegalMove
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings

_OURS = ("oneroom", "oneroom_fakes")
# The modules through which a policy acts.
_HELPERS = tuple(f"oneroom.core.{name}" for name in ("election", "policy", "policy_outbox"))
# What class attributes of a policy may be.
_BOTH = (True, False)
_CHOICES: dict[str, tuple[object, ...]] = {
    "may_own": ("any", "main"),
    "clock": ("monotonic", "wall"),
    **dict.fromkeys(("needs_bus", "needs_lock", "needs_storage"), _BOTH),
    **dict.fromkeys(("solo", "keeps_call", "has_terms"), _BOTH),
}
# What a policy may set in itself and in its election, and what that is.
_VALUES: tuple[tuple[str, str, type], ...] = (
    ("election.", "role", Role),
    ("election.", "term", int),
    ("election.", "owner", str),
    ("election.", "owner_preferred", bool),
    ("election.", "heard_us", int),
    ("", "successor", str),
    ("", "visible", bool),
    ("", "abandoned", bool),
    ("", "claim_due", bool),
)


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


def forbid(move: str) -> None:
    """Raise IllegalMove if the user's own code made the `move`: the first that is neither `Policy`
    nor what it acts through. A policy of this project on which the user's own one is built may make
    a move that means nothing, as it does by itself.
    """
    frame = sys._getframe(1)  # who called is known to the interpreter alone
    while frame.f_back is not None and frame.f_globals.get("__name__") in _HELPERS:
        frame = frame.f_back
    if str(frame.f_globals.get("__name__")).partition(".")[0] not in _OURS:
        raise IllegalMove(move)


def wrong_value(policy: Policy) -> str:
    """A value that code of the user's own left in `policy` or its election and that cannot be
    there, in words, with the place of its class; "" if there is none.
    """
    cls = type(policy)
    if _is_ours(cls):
        return ""
    for owner, name, kinds in _VALUES:
        holder = policy.election if owner == "election." else policy
        value = getattr(holder, name)
        if not isinstance(value, kinds):
            return f"{_defined_at(cls)}: self.{owner}{name} is {value!r}, no {kinds.__name__}"
    return ""


def wrong_setting(policy: type[Policy]) -> str:
    """A class attribute or class method of the user's own policy that cannot be what it is, in
    words, with its place; "" if there is none.
    """
    if _is_ours(policy):
        return ""
    place = _defined_at(policy)
    for name, choices in _CHOICES.items():
        value = getattr(policy, name)
        if value not in choices:
            return f"{place}: {name} is {value!r}, none of {', '.join(map(repr, choices))}"
    if not policy.buses or any(bus not in BUS_KINDS for bus in policy.buses):
        return f"{place}: buses is {policy.buses!r}, not some of {', '.join(BUS_KINDS)}"
    published: object = policy.published
    if not isinstance(published, Timings):
        return f"{place}: published is {published!r}, no Timings"
    try:
        bound_us: object = policy.settle_us(policy.timings_with({}))
    except Exception as error:  # noqa: BLE001  # the code is its user's
        return raised_by((policy,), error) or f"{place}: {type(error).__name__}: {error}"
    if not isinstance(bound_us, int) or bound_us < 0:
        return f"{place}: settle_us gives {bound_us!r}, no number of microseconds"
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
