"""Drawn scenarios: the windows and the story of a written scenario, in drawn surroundings.

A search that can do everything in every run does each thing seldom and never for long: faults heal
each other. So the run first draws its surroundings (windows, bus, engine, time-outs …), which fault
kinds are enabled and the scale of its delays (swarm testing: Groce et al., ISSTA 2012). The steps
are drawn while it runs (`drawn_steps`). The result is an ordinary scenario with fixed times.

Rules: every draw is labelled, and 0 is the ordinary value: nothing added. What an app of the user's
own can notice of its platform (bus, locks, SDK, names) is not drawn for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from oneroom.choices.choices import Choices
from oneroom.choices.labels import Label
from oneroom.core.bus_kind import in_order
from oneroom.core.policy import Policy
from oneroom.core.timings import Timings
from oneroom.driver import script
from oneroom.explore.drawn_story import drawn_story
from oneroom.explore.expectation import Expectation
from oneroom.explore.hopeless import stands_still
from oneroom.explore.vocabulary import vocabulary
from oneroom.policies.registry import load
from oneroom.scenario import Expect, Range, Scenario, Window, parse
from oneroom.scenario.source import SourceText
from oneroom.scenario.timing import timing_problems
from oneroom.scenario.verb import BusVerb
from oneroom.scenario.write import write

_MOST_WINDOWS_MORE = 2
# One in so many windows, disturbances and so on differs from the file.
_RARELY, _SELDOM, _EVEN = 8, 4, 2
_RATIOS = (0.05, 0.2)
# Up to delays that no bus of one machine has: nothing may depend on an answer within a probe.
_BUS = tuple(Range(1_000, 1_000 * high_ms) for high_ms in (5, 100, 400, 1_000, 3_000))
_NETWORK = (Range(1_000, 5_000), Range(20_000, 400_000), Range(100_000, 1_000_000))
_MINT = (Range(1_000, 5_000), Range(10_000, 3_000_000))
_TTLS_US = (20_000_000, 60_000_000, 600_000_000)
# Time-outs between half and twice their ordinary length.
_PERCENT = (50, 75, 150, 200)


def drawn_surroundings(
    base: Scenario, policy: str, choices: Choices, expect: Mapping[str, str] | None = None
) -> Scenario:
    """`base` under `policy` in drawn surroundings, with this `expect`, and its story as steps.

    Without an `expect`, limits that `base` sets on the ledger are dropped; checks that `base`
    expects to be violated under `policy` may still be.
    """
    drawn = _Surroundings(base, policy, choices).scenario()
    if expect is not None:
        drawn = drawn.model_copy(update={"expect": Expect.model_validate(expect)})
    return drawn.placed(SourceText(base.path, ""), 0)


def with_text(drawn: Scenario) -> Scenario:
    """The same scenario from its text, as it is kept."""
    scenario = parse(write(drawn), vocabulary(), drawn.path)
    return scenario.with_checks(drawn.added_checks).with_bundle(drawn.bundle).with_core(drawn.core)


class _Surroundings:
    """The draws of the head of one scenario."""

    def __init__(self, base: Scenario, policy: str, choices: Choices) -> None:
        self.base = base
        self.policy = policy
        self.choices = choices

    def scenario(self) -> Scenario:
        base = self.base
        ours = base.bundle is None
        return base.model_copy(
            update={
                **self._head(),
                **(self._platform(load(self.policy)) if ours else {}),
                "title": f"{base.title}, with drawn faults",
                "why": "found by oneroom fuzz",
                "policies": (self.policy,) if ours else base.policies,
                "windows": self._windows(),
                "steps": drawn_story(base.steps, self.choices),
                "lasts_us": None,
                "expect": Expect.model_validate(
                    {"may_violate": Expectation(base, self.policy).excuses}
                ),
            }
        )

    # -- windows ----------------------------------------------------------------------------------

    def _windows(self) -> dict[str, Window]:
        """The windows of the base, each opening at a drawn instant, and perhaps more of them."""
        windows: dict[str, Window] = {}
        for name, window in self.base.windows.items():
            opens = window.opens
            if opens is not None:
                opens_us = self.choices.between(Label.SWARM_TIME, opens.low_us, opens.high_us)
                opens = Range(opens_us, opens_us)
            update = {"opens": opens, "hidden": self._exists(_RARELY) != window.hidden}
            windows[name] = window.model_copy(update=update)
        # Added windows have all buses, so that they share one with every other window.
        kinds = {kind for name in self.base.windows for kind in self.base.buses_of(name)}
        buses = () if kinds == {self.base.bus.kind} else in_order(kinds)
        if self._exists(_SELDOM):
            for number in range(1, 2 + self.choices.draw(Label.SWARM_STEP, _MOST_WINDOWS_MORE)):
                opens_us = 1_000 * self.choices.draw(Label.SWARM_TIME, 2_000)
                more = Window(
                    kind="main" if self._exists(_RARELY) else "overlay",
                    opens=Range(opens_us, opens_us),
                    hidden=self._exists(_RARELY),
                )
                windows[f"more{number}"] = more.model_copy(update={"buses": buses})
        return self._opened_by_script(windows)

    def _opened_by_script(self, windows: dict[str, Window]) -> dict[str, Window]:
        """Let some windows be opened by another one, and so share its process."""
        openers = {window.opener for window in windows.values()}
        for name, window in windows.items():
            mine = [
                other
                for other, opener in windows.items()
                if other != name
                and opener.opener is None
                and opener.profile == window.profile
                and opener.opens is not None
                and window.opens is not None
                and opener.opens.high_us <= window.opens.low_us
            ]
            if window.opener is None and name not in openers and mine and self._exists(_RARELY):
                opener_name = mine[self.choices.draw(Label.SWARM_STEP, len(mine))]
                windows[name] = window.model_copy(update={"opener": opener_name})
                openers.add(opener_name)
        return windows

    # -- the head of the file ---------------------------------------------------------------------

    def _head(self) -> dict[str, object]:
        """Delays and losses, devices, engine: what every window may meet."""
        base = self.base
        bus = {
            "kind": self._bus_kind(),
            "delay": self._scaled(base.bus.delay, _BUS),
            "loss_ratio": self._scaled(base.bus.loss_ratio, _RATIOS, _SELDOM),
            "duplicate_ratio": self._scaled(base.bus.duplicate_ratio, _RATIOS, _SELDOM),
        }
        tokens = {
            "mint": self._scaled(base.tokens.mint, _MINT, _SELDOM),
            "ttl_us": self._scaled(base.tokens.ttl_us, _TTLS_US, _SELDOM),
        }
        network = {"delay": self._scaled(base.network.delay, _NETWORK, _SELDOM)}
        return {
            "bus": base.bus.model_copy(update=bus),
            "network": base.network.model_copy(update=network),
            "tokens": base.tokens.model_copy(update=tokens),
            "microphone": self._scaled(base.microphone, ("prompt", "denied"), _SELDOM),
            "engine": self._scaled(base.engine, ("webkit", "firefox"), _SELDOM),
            "picker": self._scaled(base.picker, ("lax",), _SELDOM),
        }

    def _platform(self, policy: type[Policy]) -> dict[str, object]:
        """The platform, as far as the owner machine is told of it or notices it."""
        base = self.base
        changed: dict[str, object] = {
            "identity": base.identity
            if stands_still(base)
            else self._scaled(base.identity, ("window",), _SELDOM),
            "sdk": self._scaled(base.sdk, ("python",), _RARELY),
            "timings_us": self._timings_us(policy),
        }
        if not policy.needs_lock:
            changed["locks"] = self._scaled(base.locks, ("none",), _SELDOM)
        return changed

    def _bus_kind(self) -> object:
        """Another bus, if all windows have one and the same, and no step names it."""
        base = self.base
        named = any(isinstance(step.verb, BusVerb) and step.verb.bus for step in base.steps)
        if base.bundle is not None or base.forced_bus or base.bus_name == "mixed" or named:
            return base.bus.kind
        others = [kind for kind in load(self.policy).buses if kind != base.bus.kind]
        return self._scaled(base.bus.kind, others, _SELDOM)

    def _timings_us(self, policy: type[Policy]) -> dict[str, int]:
        """The time-outs of the file, and one that it does not name longer or shorter."""
        written = self.base.timings_us
        if not self._exists(_SELDOM) or len(written) == len(Timings.__struct_fields__):
            return written
        timings = script.timings(self.base, policy)
        all_us = {
            name.removesuffix("_us"): getattr(timings, name) for name in timings.__struct_fields__
        }
        names = [name for name in all_us if name not in written]
        name = names[self.choices.draw(Label.SWARM_SCALE, len(names))]
        percent = _PERCENT[self.choices.draw(Label.SWARM_SCALE, len(_PERCENT))]
        changed = {**written, name: all_us[name] * percent // 100}
        published_us = {self.policy: all_us}
        if timing_problems(changed, (self.policy,), vocabulary().timings, published_us):
            return written
        return changed

    def _scaled(self, ordinary: object, others: Sequence[object], seldom: int = _EVEN) -> object:
        if not self._exists(seldom):
            return ordinary
        return (ordinary, *others)[self.choices.draw(Label.SWARM_SCALE, 1 + len(others))]

    def _exists(self, one_in: int = _EVEN) -> bool:
        return self.choices.draw(Label.SWARM_FEATURE, one_in) == one_in - 1
