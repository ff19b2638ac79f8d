"""The names that a scenario may use, and the answer to an unknown one.

Rules of this file: the lists are handed in by the composition root, because policies, checks and
the ledger live in packages that this one must not import. Nothing here knows pydantic or YAML.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from oneroom.scenario.diagnostic import RefusalError, shorten
from oneroom.scenario.timing import Timing

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MAX_COMPARED_LENGTH = 60
"""A longer name is no slip of the keyboard, and comparing it would take long."""
LISTED = ("policies", "checks", "verbs", "safeguards")
"""What `oneroom list` lists beside scenarios."""
_MOST_LISTED = 20


@dataclass(frozen=True)
class Vocabulary:
    """Names from outside the scenario files: policies, checks, safeguards, ledger keys, timings."""

    policies: tuple[str, ...]
    checks: tuple[str, ...]
    safeguards: tuple[str, ...]
    ledger: tuple[str, ...]
    timings: Mapping[str, Timing]
    """The fields of `oneroom.core.timings.Timings` without their unit (`heartbeat` for
    `heartbeat_us`).
    """
    buses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For a policy the buses that it can work with; one that is not named works with all."""
    locked: tuple[str, ...] = ()
    """The policies that need Web Locks."""
    published_us: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """For a policy the time-outs that it has where the scenario says nothing."""


@dataclass(frozen=True)
class KnownNames:
    """The names known in one file; the context of its validation.

    `windows` is None when the file does not say which windows there are: then any name is accepted.
    """

    vocabulary: Vocabulary
    windows: tuple[str, ...] | None

    def of(self, kind: str) -> tuple[str, ...] | None:
        """The names of one kind: `policy`, `check`, `safeguard`, `timing` or `window`."""
        known: dict[str, tuple[str, ...] | None] = {
            "policy": self.vocabulary.policies,
            "check": self.vocabulary.checks,
            "safeguard": self.vocabulary.safeguards,
            "timing": tuple(self.vocabulary.timings),
            "window": self.windows,
        }
        return known[kind]


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name that `name` most likely stands for, the first of several, or None.

    Case, `-`, `_` and humps do not count.
    """
    if len(name) > _MAX_COMPARED_LENGTH:
        return None
    by_plain = {_plain(candidate): candidate for candidate in known}
    near = difflib.get_close_matches(_plain(name), by_plain, n=5, cutoff=0.6)
    if not near:
        return None
    alike = [difflib.SequenceMatcher(None, one, _plain(name)).ratio() for one in near]
    best = [one for one, ratio in zip(near, alike, strict=True) if ratio == alike[0]]
    return next(candidate for plain, candidate in by_plain.items() if plain in best)


def hint(name: str, known: Iterable[str], what: str) -> str:
    """The suggestion for an unknown `name`: the nearest known one, or all, headed `what`."""
    names = tuple(known)
    near = closest(name, names)
    if near is not None:
        return f"did you mean `{shorten(near)}`?"
    if len(names) > _MOST_LISTED and what in LISTED:
        return f"`oneroom list {what}` lists all {len(names)}"
    return f"{what}: {', '.join(map(shorten, names))}" if names else f"there are no {what}"


def look_up(name: str, kind: str, names: KnownNames) -> None:
    """Raise RefusalError when `name` is none of that kind."""
    known = names.of(kind)
    if known is not None and name not in known:
        plural = "policies" if kind == "policy" else f"{kind}s"
        raise RefusalError(f"unknown {kind} `{shorten(name)}`", hint(name, known, plural))


def _plain(name: str) -> str:
    return _HUMP.sub("_", name).lower().replace("-", "_")
