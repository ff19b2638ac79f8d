"""The story of a drawn scenario: the steps of the base, followed, bent or dropped."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.scenario import Range, Step

# Of so many runs one drops the story, and two bend it.
_MODES, _DROPPED, _BENT = 8, 7, (5, 6)
_SHIFTS_MS = (1_000, 30, 300, 5_000)
_UNCHANGED, _ONE_LESS, _ONE_TWICE = range(3)


def drawn_story(steps: Sequence[Step], choices: Choices) -> tuple[Step, ...]:
    """The steps of a story at drawn instants, in the order of time.

    A bent story has its times shifted, and perhaps one step less, or one step twice.
    """
    mode = choices.draw(Label.SWARM_FEATURE, _MODES)
    if mode == _DROPPED:
        return ()
    between = choices.between
    times_us = [between(Label.SWARM_TIME, step.at.low_us, step.at.high_us) for step in steps]
    story = list(zip(times_us, steps, strict=True))
    if mode in _BENT and story:
        story = [(max(0, at_us + _shift_us(choices)), step) for at_us, step in story]
        change = choices.draw(Label.SWARM_STEP, 3)
        place = choices.draw(Label.SWARM_STEP, len(story))
        if change == _ONE_LESS:
            del story[place]
        elif change == _ONE_TWICE:
            at_us, step = story[place]
            story.append((at_us + abs(_shift_us(choices)), step))
    story.sort(key=lambda timed: timed[0])
    return tuple(Step(at=Range(at_us, at_us), verb=step.verb) for at_us, step in story)


def _shift_us(choices: Choices) -> int:
    """By how much a step comes earlier or later: mostly not at all."""
    draw = choices.draw
    if draw(Label.SWARM_FEATURE, 2) == 0:
        return 0
    most_ms = _SHIFTS_MS[draw(Label.SWARM_SCALE, len(_SHIFTS_MS))]
    shift_us = 1_000 * draw(Label.SWARM_TIME, most_ms)
    return -shift_us if draw(Label.SWARM_FEATURE, 2) else shift_us
