"""The option `--timing NAME=VALUE`: time-outs for all windows, whatever scenarios say.

Rules: a command line is refused with everything that is wrong with it at once. Names and bounds
are those of `oneroom.core.timings`; pairs are judged beside the time-outs of the file and of the
policy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click

from oneroom.explore.vocabulary import vocabulary
from oneroom.scenario import (
    Range,
    Scenario,
    format_duration,
    parse_range,
    timing_problems,
)
from oneroom.scenario.diagnostic import RefusalError
from oneroom.scenario.names import hint


def with_timings(
    chosen: tuple[Scenario, ...], written: Sequence[str], policies: Sequence[str]
) -> tuple[Scenario, ...]:
    """The scenarios with the time-outs that `--timing` gives, under `policies` unless that is
    empty. Raises click.BadParameter.
    """
    if not written:
        return chosen
    ranges, problems = read(written)
    problems += [
        f"{name}={span}: it is a range, for `oneroom sweep`; write one value, such as "
        f"`{name}={format_duration(span.low_us)}`"
        for name, span in ranges.items()
        if span.is_draw
    ]
    timings_us = {name: span.low_us for name, span in ranges.items()}
    problems += [problem for one in chosen for problem in clashes(one, timings_us, policies)]
    refuse(problems)
    return tuple(one.with_timings(timings_us) for one in chosen)


def read(written: Sequence[str]) -> tuple[dict[str, Range], list[str]]:
    """The values of each time-out that is named, and all problems of names and values."""
    known = vocabulary().timings
    ranges: dict[str, Range] = {}
    problems: list[str] = []
    for text in (one.strip() for several in written for one in several.split(",")):
        name, equals, value = (part.strip() for part in text.partition("="))
        if not equals:
            problems.append(f"{text!r}: write NAME=VALUE, such as lease=2s")
        elif name not in known:
            problems.append(f"{text}: unknown timing `{name}`; {hint(name, known, 'timings')}")
        elif name in ranges:
            problems.append(f"{text}: `{name}` is given twice")
        else:
            try:
                ranges[name] = parse_range(value)
            except RefusalError as error:
                problems.append(f"{text}: {error.message}; {error.suggestion}")
    problems += [
        f"{name}={span}: `{name}` must be longer than 0; its default is "
        f"{format_duration(known[name].default_us)}"
        for name, span in ranges.items()
        if span.low_us == 0 and not known[name].may_be_zero
    ]
    return ranges, problems


def clashes(
    scenario: Scenario, timings_us: Mapping[str, int], policies: Sequence[str]
) -> list[str]:
    """Pairs that cannot work together in `scenario`, with the bound that is broken."""
    names = vocabulary()
    whole = {**scenario.timings_us, **{name: us for name, us in timings_us.items() if us}}
    found = timing_problems(whole, policies or scenario.policies, names.timings, names.published_us)
    return [f"{one.message}: {one.why}" for one in found]


def refuse(problems: Sequence[str]) -> None:
    """Raise click.BadParameter if there are problems, with each of them once."""
    once = list(dict.fromkeys(problems))
    if once:
        lines = once[0] if len(once) == 1 else "".join(f"\n  {one}" for one in once)
        raise click.BadParameter(lines, param_hint="--timing")
