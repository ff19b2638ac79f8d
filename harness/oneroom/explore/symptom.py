"""A symptom that a search looks for: a check that breaks, or a value of the ledger.

A value becomes the limit that it breaks, in the `expect` of every drawn scenario, so that what is
found is shrunk, kept and replayed like any other failure.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence

import msgspec

from oneroom.checks.registry import KEYS, NAMES
from oneroom.checks.results import RAISED, Result

_VALUE = re.compile(r"\s*(\w+)\s*(>=|>|<=|<)\s*(\d+)\s*")


class Symptom(msgspec.Struct, frozen=True):
    """A symptom: `check` is the check, or the entry of the ledger, that must be broken; `limit` is
    the entry's limit as a scenario writes it, "" for a check.
    """

    check: str
    limit: str = ""

    @property
    def expect(self) -> dict[str, str]:
        """The `expect` of a scenario that breaks when the symptom shows."""
        return {self.check: self.limit} if self.limit else {}

    def alone(self, result: Result) -> Result:
        """`result` as if nothing else were wrong in it; an error in the user's own code stays."""
        left = tuple(one for one in result.unexpected if one == self.check or one in RAISED)
        return msgspec.structs.replace(result, unexpected=left)


def parse_symptom(text: str, own_checks: Sequence[str] = ()) -> Symptom:
    """The symptom that `text` names: `single_room`, `flaps >= 2`. `own_checks` are names of checks
    of the user's own. Raises ValueError.
    """
    name = text.strip()
    if name in (*NAMES, *own_checks):
        return Symptom(name)
    found = _VALUE.fullmatch(text)
    if found is None:
        near = difflib.get_close_matches(name, (*NAMES, *own_checks), 1)
        hint = f"did you mean {near[0]}?" if near else f'write a check, or "{KEYS[0]} >= 1"'
        raise ValueError(f"{text!r} is neither a check nor a value of the ledger; {hint}")
    key, relation, number = found[1], found[2], int(found[3])
    if key not in KEYS:
        near = difflib.get_close_matches(key, KEYS, 1)
        hint = f"did you mean {near[0]}?" if near else f"entries: {', '.join(KEYS)}"
        raise ValueError(f"the ledger has no {key!r}; {hint}")
    if (relation, number) == (">=", 0):
        raise ValueError(f"{text!r} is so in every run")
    if (relation, number) == ("<", 0):
        raise ValueError(f"{text!r} is so in no run")
    limits = {
        ">=": f"<= {number - 1}",
        ">": f"<= {number}",
        "<=": f">= {number + 1}",
        "<": f">= {number}",
    }
    return Symptom(key, limits[relation])
