"""Report of a run that differs from itself: the place, and the records of both sides.

≠ crash.yaml:1  nondeterministic: seed 1 under leaks:WallClock differs from itself
  parts  at record 412
         here   3.204112 s  main posts heartbeat t1
         there  3.204118 s  main posts heartbeat t1
  after  3.201000 s  main is granted the lock
  repro  oneroom run crash.yaml --policy leaks:WallClock --seed 1 --check-determinism 1
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from oneroom.report import figures
from oneroom.report.describe import Describer
from oneroom.report.style import PLAIN, Style
from oneroom.trace import records as r
from oneroom.trace.diff import Divergence
from oneroom.trace.trace import Trace

_AFTER = 2  # common records shown before the first that differs


def render(
    where: str,
    run: str,
    repro: str,
    divergence: Divergence | None,
    traces: tuple[Trace, Trace] | None,
    style: Style = PLAIN,
) -> str:
    """The report as text.

    `where` is file:line, `run` names seed and policy; without `traces` only the digests are known
    to differ.
    """
    lines = [
        f"{style.bad('≠')} {style.strong(where)}  {style.bad('nondeterministic')}: {run} differs "
        "from itself"
    ]
    if traces is None:
        lines.append("  parts  not looked for: earlier runs differ as well")
    elif divergence is None:
        lines.append(
            "  parts  nowhere when it was run twice more; the digests of the first two runs differ"
        )
    else:
        lines.extend(_divergence_lines(divergence, traces))
    lines.append(
        f"  {style.faint('cause')}  something that is not in (scenario, seed) was read: the clock, "
        "the order of a set,"
    )
    lines.append("         `random`, an address, a variable that outlives a run")
    lines.append(f"  {style.faint('repro')}  {style.strong(repro)}")
    return "\n".join(lines)


def _divergence_lines(divergence: Divergence, traces: tuple[Trace, Trace]) -> list[str]:
    left, right = traces
    here, there = _side(left, divergence.left), _side(right, divergence.right)
    if here == there and divergence.left is not None and divergence.right is not None:
        here, there = _fields(divergence.left, divergence.right, here)
    lines = [
        f"  parts  at record {divergence.n:,}",
        f"         here   {here}",
        f"         there  {there}",
    ]
    common = left.records[max(0, divergence.n - _AFTER) : divergence.n]
    for number, record in enumerate(common):
        lines.append(f"  {'after' if number == 0 else '     '}  {_side(left, record)}")
    return lines


def _side(trace: Trace, record: r.Record | None) -> str:
    if record is None:
        return "the run has ended"
    return f"{figures.exact_timestamp(record.at_us)}  {Describer(trace).sentence(record)}"


def _fields(left: r.Record, right: r.Record, text: str) -> tuple[str, str]:
    """Both sides with the fields in which they differ, where the words are the same."""
    names: Sequence[str] = left.__struct_fields__
    pairs = zip(names, msgspec.structs.astuple(left), msgspec.structs.astuple(right), strict=False)
    differing = [(name, mine, other) for name, mine, other in pairs if mine != other]
    mine = ", ".join(f"{name}={value}" for name, value, _ in differing)
    other = ", ".join(f"{name}={value}" for name, _, value in differing)
    return f"{text}  [{mine}]", f"{text}  [{other}]"
