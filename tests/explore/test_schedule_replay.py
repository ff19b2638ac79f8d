"""A run on a real server plays the schedule of its simulation, whatever else it draws in
between.
"""

from __future__ import annotations

from oneroom.choices.labels import Label
from oneroom.choices.schedule_replay import ScheduleReplay
from oneroom.choices.seeded import Seeded


def test_the_schedule_is_that_of_the_tape_and_the_rest_is_not() -> None:
    simulated = Seeded(5)
    opens = simulated.draw(Label.OPEN_TIME, 1_000)
    simulated.draw(Label.FATE, 1_000)
    stalls = [simulated.draw(Label.STALL_TIME, 1_000) for _ in range(2)]

    real = ScheduleReplay(simulated.tape, 5)
    for _ in range(7):
        real.draw(Label.LOCK_DELAY, 1_000)
    assert real.draw(Label.STALL_TIME, 1_000) == stalls[0]
    assert real.draw(Label.OPEN_TIME, 1_000) == opens
    assert real.draw(Label.STALL_TIME, 1_000) == stalls[1]


def test_what_the_simulation_never_asked_for_is_ordinary() -> None:
    assert ScheduleReplay([], 5).draw(Label.STEP_TIME, 1_000) == 0
