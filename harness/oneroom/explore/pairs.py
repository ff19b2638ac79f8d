"""Pairs of steps: one that begins a state, and those that end it, by the marks of the verbs.

`freeze` and `resume`, `hide` and `show`, `close` and `open`, `unplug` and `plug_in`, `stop_server`
and `start_server`, `offline` and `online`; for a fault that no step of its own ends, `heal`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oneroom.scenario import VERBS, Verb
from oneroom.scenario.verb import Mark
from oneroom.scenario.verbs import Heal

_SEARCHED = tuple(verb for verb in VERBS.values() if verb.searched)
# What every step about a window needs: it is no state that a step begins.
_EXISTENCE = frozenset((Mark.KNOWN, Mark.OPEN))


def _ends(verb: type[Verb]) -> tuple[type[Verb], ...]:
    begun = set(verb.adds) - _EXISTENCE
    goes_away = Mark.OPEN in verb.requires and Mark.OPEN in verb.removes
    ends = tuple(
        other
        for other in _SEARCHED
        if other.about == verb.about
        and (
            begun & set(other.requires) & set(other.removes)
            or (goes_away and Mark.OPEN in other.forbids and Mark.OPEN in other.adds)
        )
    )
    return ends or ((Heal,) if verb.breaks else ())


ENDS: Mapping[type[Verb], Sequence[type[Verb]]] = {verb: _ends(verb) for verb in _SEARCHED}
"""For each verb those that end the state which it begins."""

NEEDS_A_STATE: Sequence[type[Verb]] = tuple(
    verb for verb in _SEARCHED if not _EXISTENCE.issuperset(verb.requires)
)
"""The verbs that are possible only in a state that another step has begun."""
