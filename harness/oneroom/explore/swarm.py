"""Drawn scenarios: the windows and steps of a written scenario, with faults drawn on top.

A search that can do everything in every run does each thing seldom and never for long: faults heal
each other. So the run first draws which fault kinds are enabled and the scale of its delays, and
only then the steps (swarm testing: Groce et al., ISSTA 2012). The result is an ordinary scenario
with fixed times.

Rules: every draw is labelled, and 0 is the ordinary value: nothing added. Steps are possible by
construction: the marks of the verbs are followed for every subject, so a new verb takes part
without a line here. At the end everything heals, or no liveness could be judged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.bus_kind import in_order
from oneroom.explore.expectation import Expectation
from oneroom.explore.legal_steps import LegalSteps
from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import VERBS, Expect, Range, Scenario, Step, Verb, Window, parse, verb_name
from oneroom.scenario.source import SourceText
from oneroom.scenario.verbs import Connect, Heal
from oneroom.scenario.write import write

_MOST_STEPS = 12
_MOST_WINDOWS_MORE = 2
# One in so many verbs, disturbances and so on is enabled in a run.
_SELDOM, _EVEN = 4, 2
_CHANNELS = ("lobby", "stage")
# An owner that stands still stays in its channel when the user moves to another one, and nobody
# evicts it from there (docs/limits.md): no policy can help, so a search that can do both finds
# nothing else.
_STANDS_STILL = {"freeze", "stall", "stop"}
_PAUSES_MS = (3_000, 30, 300, 1_500, 8_000)
_RATIOS = (0.05, 0.2, 0.5)
# Up to delays that no bus of one machine has: nothing may depend on an answer within a probe.
_BUS = tuple(Range(1_000, 1_000 * high_ms) for high_ms in (5, 100, 400, 1_000, 3_000))
_NETWORK = (Range(1_000, 5_000), Range(20_000, 400_000))
_MINT = (Range(1_000, 5_000), Range(10_000, 3_000_000))
_LAST_PAUSE_US = 1_000_000


def swarm(
    base: Scenario, policy: str, choices: Choices, expect: Mapping[str, str] | None = None
) -> Scenario:
    """A scenario for `policy` on top of `base`, with its text, and with this `expect`.

    Without one, limits that `base` sets on the ledger are dropped; checks that `base` expects to be
    violated under `policy` may still be.
    """
    made = swarm_without_text(base, policy, choices, expect)
    scenario = parse(write(made), vocabulary(), base.path)
    return scenario.with_checks(base.added_checks).with_bundle(base.bundle).with_core(base.core)


def swarm_without_text(
    base: Scenario, policy: str, choices: Choices, expect: Mapping[str, str] | None = None
) -> Scenario:
    """The same scenario without a text, and so without lines: a third of the time of a run that is
    not kept went into writing its text and reading it.
    """
    made = _Swarm(base, policy, choices).scenario()
    if expect is not None:
        made = made.model_copy(update={"expect": Expect.model_validate(expect)})
    return made.placed(SourceText(base.path, ""), 0)


class _Swarm:
    """The draws of one scenario."""

    def __init__(self, base: Scenario, policy: str, choices: Choices) -> None:
        self.base = base
        self.policy = policy
        self.choices = choices
        self.windows = self._windows()
        self.legal = LegalSteps(self.windows)
        self.opening = sorted(
            (
                (window.opens.low_us, name)
                for name, window in self.windows.items()
                if window.opens is not None
            ),
            reverse=True,
        )
        self.steps: list[Step] = []
        self.channels: tuple[str, ...] = _CHANNELS[:1]

    def scenario(self) -> Scenario:
        base_steps = self._base_steps()
        for at_us, verbs in self._generated():
            self._catch_up(base_steps, at_us)
            self._draw_step(at_us, verbs)
        last_us = self._catch_up(base_steps, None)
        if self.legal.allows(heal := Heal()):
            self._take(Step(at=_at(last_us + _LAST_PAUSE_US), verb=heal))
        return self.base.model_copy(
            update={
                **self._head(),
                "title": f"{self.base.title}, with drawn faults",
                "why": "found by oneroom fuzz",
                "policies": self.base.policies if self.base.bundle is not None else (self.policy,),
                "windows": self.windows,
                "steps": tuple(self.steps),
                "lasts_us": None,
                "expect": Expect.model_validate(
                    {"may_violate": Expectation(self.base, self.policy).excuses}
                ),
            }
        )

    # -- enabled features -------------------------------------------------------------------------

    def _windows(self) -> dict[str, Window]:
        """The windows of the base, each opening at a drawn instant, and perhaps more overlays."""
        windows = {}
        for name, window in self.base.windows.items():
            opens = window.opens
            if opens is not None:
                opens_us = self.choices.between(Label.SWARM_TIME, opens.low_us, opens.high_us)
                opens = _at(opens_us)
            windows[name] = window.model_copy(update={"opens": opens})
        # Added windows have all buses, so that they share one with every other window.
        kinds = {kind for name in self.base.windows for kind in self.base.buses_of(name)}
        buses = () if kinds == {self.base.bus.kind} else in_order(kinds)
        if self._exists(_SELDOM):
            for number in range(1, 1 + self._one_more(_MOST_WINDOWS_MORE)):
                opens_ms = self.choices.draw(Label.SWARM_TIME, 2_000)
                more = Window(kind="overlay", opens=_at(1_000 * opens_ms))
                windows[f"more{number}"] = more.model_copy(update={"buses": buses})
        return windows

    def _head(self) -> dict[str, object]:
        """The drawn changes to the head of the file: delays, losses, engine."""
        base = self.base
        bus = {
            "delay": self._scaled(base.bus.delay, _BUS),
            "loss_ratio": self._scaled(base.bus.loss_ratio, _RATIOS[:2], _SELDOM),
            "duplicate_ratio": self._scaled(base.bus.duplicate_ratio, _RATIOS[:2], _SELDOM),
        }
        return {
            "bus": base.bus.model_copy(update=bus),
            "network": base.network.model_copy(
                update={"delay": self._scaled(base.network.delay, _NETWORK, _SELDOM)}
            ),
            "tokens": base.tokens.model_copy(
                update={"mint": self._scaled(base.tokens.mint, _MINT, _SELDOM)}
            ),
            "microphone": self._scaled(base.microphone, ("prompt", "denied"), _SELDOM),
            "engine": self._scaled(base.engine, ("webkit", "firefox"), _SELDOM),
        }

    def _scaled(self, ordinary: object, others: Sequence[object], seldom: int = _EVEN) -> object:
        if not self._exists(seldom):
            return ordinary
        return (ordinary, *others)[self.choices.draw(Label.SWARM_SCALE, 1 + len(others))]

    def _exists(self, one_in: int = _EVEN) -> bool:
        return self.choices.draw(Label.SWARM_FEATURE, one_in) == one_in - 1

    def _one_more(self, bound: int) -> int:
        return 1 + self.choices.draw(Label.SWARM_STEP, bound)

    # -- steps ------------------------------------------------------------------------------------

    def _base_steps(self) -> list[Step]:
        """The steps of the base at drawn instants, the last one first; or none of them."""
        if self._exists(_SELDOM):
            return []
        between = self.choices.between
        steps = [
            step.model_copy(
                update={"at": _at(between(Label.SWARM_TIME, step.at.low_us, step.at.high_us))}
            )
            for step in self.base.steps
        ]
        return sorted(steps, key=lambda step: step.at.low_us)[::-1]

    def _generated(self) -> Iterator[tuple[int, Sequence[type[Verb]]]]:
        """Instants of added steps, and the verbs to choose from."""
        # Chat verbs only where there is a chat already: it takes longer to settle.
        chats = any(step.verb.chats for step in self.base.steps)
        verbs = [
            verb
            for verb in VERBS.values()
            if verb.searched and (chats or not verb.chats) and self._exists()
        ]
        if (
            len({step.verb.channel for step in self.base.steps if isinstance(step.verb, Connect)})
            > 1
        ):
            verbs = [verb for verb in verbs if verb_name(verb) not in _STANDS_STILL]
        elif _STANDS_STILL.isdisjoint(
            [*map(verb_name, verbs), *(step.name for step in self.base.steps)]
        ):
            self.channels = _CHANNELS
        longest_ms = _PAUSES_MS[self.choices.draw(Label.SWARM_SCALE, len(_PAUSES_MS))]
        at_us = 0
        for _ in range(self.choices.draw(Label.SWARM_STEP, 1 + _MOST_STEPS)):
            at_us += 1_000 * self.choices.draw(Label.SWARM_TIME, longest_ms)
            yield at_us, verbs

    def _catch_up(self, base_steps: list[Step], until_us: int | None) -> int:
        """Take the base's steps up to `until_us`, as far as they are still possible.

        Returns the time of the last step.
        """
        while base_steps and (until_us is None or base_steps[-1].at.low_us <= until_us):
            step = base_steps.pop()
            self._open_windows(step.at.low_us)
            if self.legal.allows(step.verb):
                self._take(step)
        self._open_windows(until_us)
        return max(
            [step.at.low_us for step in self.steps]
            + [_opened_us(window) for window in self.windows.values()]
        )

    def _open_windows(self, until_us: int | None) -> None:
        """Open windows up to `until_us`: they open before the steps of the same instant."""
        while self.opening and (until_us is None or self.opening[-1][0] <= until_us):
            self.legal.opened(self.opening.pop()[1])

    def _draw_step(self, at_us: int, verbs: Sequence[type[Verb]]) -> None:
        """Draw one of `verbs` and its subject; nothing if none is possible."""
        if not verbs:
            return
        verb = verbs[self.choices.draw(Label.SWARM_STEP, len(verbs))]
        subjects = self.legal.subjects(verb)
        if subjects:
            subject = subjects[self.choices.draw(Label.SWARM_STEP, len(subjects))]
            drawn = self.legal.step(
                verb, subject, partial(self.choices.draw, Label.SWARM_VALUE), self.channels
            )
            self._take(Step(at=_at(at_us), verb=drawn))

    def _take(self, step: Step) -> None:
        self.legal.take(step.verb)
        self.steps.append(step)


def _at(at_us: int) -> Range:
    return Range(at_us, at_us)


def _opened_us(window: Window) -> int:
    return 0 if window.opens is None else window.opens.high_us
