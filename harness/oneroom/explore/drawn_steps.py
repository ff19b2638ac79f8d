"""The steps of a drawn run, each drawn when its time comes: from what is possible then, and mostly
about the window that has the call.

Between the steps of the story come drawn ones. Pauses are heavy-tailed, and a drawn step that
begins a state (`freeze`, `unplug`, `close`) mostly brings the one that ends it, some time later.

Rules: no planned step is thrown away as impossible. When the next step is taken is decided when the
last one has been taken, as in a written scenario, so that the scenario which these steps make up
plays the same run. All is by the marks of the verbs: a new one takes part without a line here. At
the end everything heals, or no liveness could be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from heapq import heappop, heappush

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.explore.call_in_progress import CallInProgress
from oneroom.explore.hopeless import STANDS_STILL, moves
from oneroom.explore.legal_steps import LegalSteps
from oneroom.explore.pairs import ENDS, NEEDS_A_STATE
from oneroom.scenario import VERBS, Range, Scenario, Step, Verb, verb_name
from oneroom.scenario.server_verbs import ChatArrives
from oneroom.scenario.verb import WORLD, Subject
from oneroom.scenario.verbs import Connect, Disconnect, Heal
from oneroom.trace.trace import Trace

_MOST_STEPS = 12
_CHANNELS = ("lobby", "stage")
# A verb is enabled in one of so many runs; or every other one of some families; or those alone that
# let a window stand still, and their ends: most zombies have been paused in more than one way.
_FAMILIES, _PAUSES = 0, -1
_ENABLED = (2, 4, 8, _FAMILIES, _PAUSES)
# A family of verbs, those of one file, is enabled in one of so many runs.
_FAMILY_ENABLED = 4
# The usual pause of a run; a quarter of its pauses are of another length.
_PAUSES_MS = (3_000, 300, 1_000, 30, 8_000, 3, 30_000)
# A connect becomes a call within this time, more often than not.
_JOIN_MS = 3_000
# How long a state lasts that is drawn with its end.
_LASTS_MS = (3_000, 300, 1_000, 30, 12_000, 40_000)
_LAST_PAUSE_US = 1_000_000
# The subject of a drawn step: any, the one of the step before, or (of four) else the owner.
_ANY, _SAME = 0, 1


class DrawnSteps:
    """A script of the simulator for `scenario`, which has drawn windows, and the story as steps.

    `steps` are those that were taken so far; `drawn` are the places of those that are not of the
    story. `impossible` counts the steps of the story that could not be taken any more.
    """

    def __init__(self, scenario: Scenario, choices: Choices, trace: Trace) -> None:
        self.choices = choices
        self.call = CallInProgress(trace)
        self.legal = LegalSteps(scenario.windows)
        self.openings = [
            (window.opens.low_us, name)
            for name, window in scenario.windows.items()
            if window.opens is not None
        ]
        self.steps: list[Step] = []
        self.drawn: list[int] = []
        self.impossible = 0
        self._unopened = sorted(self.openings, reverse=True)
        self._opened_us = max((at_us for at_us, _ in self.openings), default=0)
        self._next_us = 0
        self._story = list(reversed(scenario.steps))
        self._chats = any(step.verb.chats for step in scenario.steps)
        # the ends of states: when, a number, the steps that would do it, and of what
        self._ends: list[tuple[int, int, Sequence[type[Verb]], Subject]] = []
        self._last: Subject = WORLD
        self._connected = False
        self._own_identities = scenario.identity == "window"
        self._enable(scenario.steps)
        draw = choices.draw
        self._usual_ms = _PAUSES_MS[draw(Label.SWARM_SCALE, len(_PAUSES_MS))]
        self._left = draw(Label.SWARM_STEP, 1 + _MOST_STEPS)
        self._drawn_us = self._pause_from(self._beginning_us(scenario.steps))

    @property
    def last_us(self) -> int:
        """See the script."""
        return max(self._next_us, self._opened_us)

    def coming(self) -> Iterator[tuple[int, Callable[[], Step]]]:
        """See the script."""
        while (coming := self._earliest()) is not None:
            self._next_us = coming[0]
            yield coming
        self._open_windows(self._opened_us)
        self._next_us = self.last_us
        if self._chats and not any(step.verb.chats for step in self.steps):
            yield self._next_us, partial(self._take, ChatArrives())  # or it would have no chat
        if self.legal.allows(Heal()):
            self._next_us += _LAST_PAUSE_US
            yield self._next_us, partial(self._take, Heal())

    # -- what is drawn at the beginning ------------------------------------------------------------

    def _enable(self, story: Sequence[Step]) -> None:
        """Draw the kinds of steps that this run has, beside those that the last resort is."""
        # Chat verbs only where there is a chat already: it takes longer to settle.
        possible = [verb for verb in VERBS.values() if verb.searched and self._chats >= verb.chats]
        if moves(story) or self._own_identities:
            possible = [verb for verb in possible if verb_name(verb) not in STANDS_STILL]
        enabled = self._some_of(possible)
        self._channels: Sequence[str] = _CHANNELS[:1]
        if STANDS_STILL.isdisjoint([*map(verb_name, enabled), *(step.name for step in story)]):
            self._channels = _CHANNELS
            possible = [verb for verb in possible if verb_name(verb) not in STANDS_STILL]
        self._possible = possible
        self._enabled = enabled
        self._needs_a_state = [verb for verb in possible if verb in NEEDS_A_STATE]

    def _some_of(self, verbs: Sequence[type[Verb]]) -> list[type[Verb]]:
        """Draw which of `verbs` the run has: single ones, or families, whose faults meet."""
        draw = self.choices.draw
        one_in = _ENABLED[draw(Label.SWARM_SCALE, len(_ENABLED))]
        if one_in == _PAUSES:
            pauses = [verb for verb in verbs if verb_name(verb) in STANDS_STILL]
            return [*pauses, *dict.fromkeys(end for verb in pauses for end in ENDS[verb])]
        if one_in == _FAMILIES:
            one_in = 2
            families = {
                family
                for family in dict.fromkeys(verb.__module__ for verb in verbs)
                if draw(Label.SWARM_VERB, _FAMILY_ENABLED) == _FAMILY_ENABLED - 1
            }
            verbs = [verb for verb in verbs if verb.__module__ in families]
        return [verb for verb in verbs if draw(Label.SWARM_VERB, one_in) == one_in - 1]

    def _beginning_us(self, story: Sequence[Step]) -> int:
        """From when on steps are drawn: from the first connect of the story, from one of its steps,
        or from the beginning of the run.
        """
        draw = self.choices.draw
        from_what = draw(Label.SWARM_FEATURE, 4)
        if not story or from_what == 1:
            return 0
        if from_what >= 2:
            return story[draw(Label.SWARM_STEP, len(story))].at.low_us
        connects = [step.at.low_us for step in story if isinstance(step.verb, Connect)]
        return min(connects, default=0)

    # -- which step is next ------------------------------------------------------------------------

    def _earliest(self) -> tuple[int, Callable[[], Step]] | None:
        """The next step, None if there is none: of the story, the end of a state, or a drawn one.
        Those that have become impossible are passed over.
        """
        while self._story or self._ends or self._drawn_us is not None:
            story_us = self._story[-1].at.low_us if self._story else None
            end_us = self._ends[0][0] if self._ends else None
            times_us = [at for at in (story_us, end_us, self._drawn_us) if at is not None]
            at_us = max(self._next_us, min(times_us))
            self._open_windows(at_us)
            if story_us == min(times_us):
                verb = self._story.pop().verb
                if self.legal.allows(verb):
                    return at_us, partial(self._take, verb)
                self.impossible += 1
            elif end_us == min(times_us):
                _, _, verbs, subject = heappop(self._ends)
                ends = [verb for verb in verbs if subject in self.legal.subjects(verb)]
                if ends:  # or something else has ended it
                    return at_us, partial(self._end, ends, subject)
            else:
                return at_us, self._draw
        return None

    def _open_windows(self, until_us: int) -> None:
        """Open windows up to `until_us`: they open before the steps of the same instant."""
        while self._unopened and self._unopened[-1][0] <= until_us:
            self.legal.opened(self._unopened.pop()[1])

    def _pause_from(self, at_us: int) -> int | None:
        """The time of the next drawn step after something at `at_us`; None if there is none."""
        if not self._left:
            return None
        self._left -= 1
        draw = self.choices.draw
        longest_ms = self._usual_ms
        if self._connected and not self.call.stands and draw(Label.SWARM_FEATURE, 2):
            longest_ms = _JOIN_MS
        elif draw(Label.SWARM_FEATURE, 4) == 3:
            longest_ms = _PAUSES_MS[draw(Label.SWARM_SCALE, len(_PAUSES_MS))]
        return at_us + 1_000 * draw(Label.SWARM_TIME, longest_ms)

    # -- what it is --------------------------------------------------------------------------------

    def _draw(self) -> Step:
        """Draw a step, and mostly the end of the state that it begins."""
        draw = self.choices.draw
        verb, subjects = self._choose()
        subject = self._aim(subjects)
        self.drawn.append(len(self.steps))
        step = self._take(self._with_arguments(verb, subject))
        if (ends := ENDS[verb]) and draw(Label.SWARM_FEATURE, 4):
            longest_ms = _LASTS_MS[draw(Label.SWARM_SCALE, len(_LASTS_MS))]
            end_us = self._next_us + 1_000 * (1 + draw(Label.SWARM_TIME, longest_ms))
            about = subject if ends[0].about else WORLD
            heappush(self._ends, (end_us, len(self.steps), ends, about))
        self._drawn_us = self._pause_from(self._next_us)
        return step

    def _choose(self) -> tuple[type[Verb], list[Subject]]:
        """Draw the verb, from those that are possible now, and return what it may be about.

        It is a connect if there is no call to disturb, or one that needs the present state, or else
        any of those that are enabled in this run.
        """
        draw = self.choices.draw
        pools: list[Sequence[type[Verb]]] = [self._enabled, self._possible]
        if draw(Label.SWARM_FEATURE, 4) == 3:
            pools.insert(0, self._needs_a_state)
        if not self._connected and draw(Label.SWARM_FEATURE, 2):
            pools.insert(0, (Connect,))
        for pool in pools:
            rest = list(pool)
            while rest:
                verb = rest.pop(draw(Label.SWARM_STEP, len(rest)))
                if subjects := self.legal.subjects(verb):
                    return verb, subjects
        raise AssertionError("something about the whole machine is always possible")

    def _aim(self, subjects: Sequence[Subject]) -> Subject:
        """Draw the subject: in half of the cases the owner."""
        draw = self.choices.draw
        choice = draw(Label.SWARM_FEATURE, 4)
        aim = self._last if choice == _SAME else ("window", self.call.owner)
        if choice == _ANY or aim not in subjects:
            aim = subjects[draw(Label.SWARM_STEP, len(subjects))]
        self._last = aim
        return aim

    def _end(self, verbs: Sequence[type[Verb]], subject: Subject) -> Step:
        """Draw the step that ends a state."""
        verb = verbs[self.choices.draw(Label.SWARM_STEP, len(verbs))]
        self.drawn.append(len(self.steps))
        return self._take(self._with_arguments(verb, subject))

    def _with_arguments(self, verb: type[Verb], subject: Subject) -> Verb:
        pick = partial(self.choices.draw, Label.SWARM_VALUE)
        return self.legal.step(verb, subject, pick, self._channels)

    def _take(self, verb: Verb) -> Step:
        if isinstance(verb, Connect | Disconnect):
            self._connected = isinstance(verb, Connect)
        self.legal.take(verb)
        step = Step(at=Range(self._next_us, self._next_us), verb=verb)
        self.steps.append(step)
        return step
