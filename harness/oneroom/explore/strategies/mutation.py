"""Changes of a tape, by label: most draws of the changed run still answer the question that they
were made for, although the run asks for more of them, or fewer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oneroom.choices.draw import Draw

Below = Callable[[int], int]
"""A number from 0 to below a bound."""

_MOST_PERTURBED = 8


def mutated(tape: Sequence[Draw], other: Sequence[Draw], below: Below) -> list[Draw]:
    """`tape` with one to three changes; `other` is a tape from which it may take draws."""
    changed = list(tape)
    for _ in range(1 + below(3)):
        change = below(4)
        if change == 0:
            changed = splice(changed, other, below)
        elif change == 1:
            changed = truncate(changed, below)
        else:
            changed = perturb(changed, below)
    return changed


def splice(tape: Sequence[Draw], other: Sequence[Draw], below: Below) -> list[Draw]:
    """`tape` with the draws of some labels from `other`."""
    labels = sorted({draw.label for draw in (*tape, *other)})
    taken = {label for label in labels if below(2)}
    return [draw for draw in tape if draw.label not in taken] + [
        draw for draw in other if draw.label in taken
    ]


def perturb(tape: Sequence[Draw], below: Below) -> list[Draw]:
    """`tape` with other values in up to eight draws, of few labels: those that are seldom drawn
    are changed as often as the others.
    """
    changed = list(tape)
    places: dict[int, list[int]] = {}
    for place, draw in enumerate(changed):
        places.setdefault(draw.label, []).append(place)
    labels = sorted(places)
    for _ in range(1 + below(_MOST_PERTURBED) if labels else 0):
        among = places[labels[below(len(labels))]]
        place = among[below(len(among))]
        label, bound, value = changed[place].label, changed[place].bound, changed[place].value
        values = (0, bound - 1, (value + 1) % bound, (value - 1) % bound, below(bound))
        changed[place] = Draw(label, bound, values[below(len(values))])
    return changed


def truncate(tape: Sequence[Draw], below: Below) -> list[Draw]:
    """The beginning of `tape`: what the run asks for after that is drawn afresh."""
    return list(tape[: below(len(tape) + 1)])
