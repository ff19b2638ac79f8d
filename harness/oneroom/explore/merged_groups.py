"""The groups of several calls as one: shards of a suite, or different seeds of it.

Rules: what is expected of all seeds together is judged of the union, and no run is counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from oneroom.checks.results import Failure, RunGroup
from oneroom.checks.verdict import Verdict, worst
from oneroom.explore.bugs import counted
from oneroom.explore.expectation import rank, shortfalls


class Overlap(Exception):
    """Two groups that have the same run; `args` are one sentence."""


def merged(groups: Iterable[RunGroup]) -> tuple[RunGroup, ...]:
    """One group for each scenario and policy, in the order in which they first come.

    Raises Overlap.
    """
    found: dict[tuple[str, str], list[RunGroup]] = {}
    for group in groups:
        found.setdefault((group.scenario, group.policy), []).append(group)
    return tuple(_one(parts) for parts in found.values())


def _one(parts: Sequence[RunGroup]) -> RunGroup:
    first = parts[0]
    seeds = sum(part.seeds for part in parts)
    verdicts = _sum(part.verdicts for part in parts)
    violated = _sum(part.violated for part in parts)
    excused = sum(part.excused for part in parts)
    vacuous = _in_all([part.vacuous for part in parts])
    inconclusive = _in_all([part.inconclusive for part in parts])
    missing = shortfalls(first.required, first.held, seeds, violated, vacuous, inconclusive)
    unexpected = {**verdicts, "violated": verdicts.get("violated", 0) - excused}
    of_runs = [Verdict(name) for name, count in unexpected.items() if count]
    return msgspec.structs.replace(
        first,
        seeds=seeds,
        seed_ranges=_union([part.seed_ranges for part in parts], first),
        verdict=worst([Verdict.HELD, *of_runs, *(verdict for _, verdict in missing)]).value,
        verdicts=verdicts,
        excused=excused,
        violated=violated,
        worst={key: max(part.worst.get(key, 0) for part in parts) for key in first.worst},
        failures=_failures([failure for part in parts for failure in part.failures]),
        shortfalls=tuple(sentence for sentence, _ in missing),
        sim_ms=sum(part.sim_ms for part in parts),
        wall_ms=round(sum(part.wall_ms for part in parts), 3),
        gave_up=next((part.gave_up for part in parts if part.gave_up), ""),
        vacuous=vacuous,
        inconclusive=inconclusive,
        bugs=counted(bug for part in parts for bug in part.bugs),
    )


def _failures(found: Sequence[Failure]) -> tuple[Failure, ...]:
    """One failure for each check and mechanism: that of the lowest seed, with the hits of all."""
    by_bug: dict[tuple[str, str], Failure] = {}
    for failure in sorted(found, key=lambda one: one.result.seed):
        bug = failure.finding.check, failure.finding.mechanism
        kept = by_bug.get(bug)
        if kept is None:
            by_bug[bug] = failure
            continue
        worse = failure if _further(failure, kept) else kept
        by_bug[bug] = msgspec.structs.replace(
            kept,
            hits=kept.hits + failure.hits,
            worst=worse.worst,
            worst_seed=worse.worst_seed,
        )
    return tuple(
        sorted(by_bug.values(), key=lambda one: (rank(one.finding.check), one.result.seed))
    )


def _further(one: Failure, other: Failure) -> bool:
    """True if `one` is further from the limit that both broke: above it or, if the runs that broke
    it have less than `other`, below it.
    """
    lower = " >= " in one.finding.message
    return one.worst < other.worst if lower else one.worst > other.worst


def _sum(counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for part in counts:
        for name, count in part.items():
            total[name] = total.get(name, 0) + count
    return total


def _in_all(names: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(name for name in names[0] if all(name in others for others in names))


def _union(texts: Sequence[str], group: RunGroup) -> str:
    """Seeds as text, of those texts together. Raises Overlap."""
    pieces = sorted(piece for text in texts for piece in _pieces(text))
    joined: list[tuple[int, int]] = []
    for low, high in pieces:
        if joined and low <= joined[-1][1]:
            raise Overlap(
                f"{group.scenario} under {group.policy} has seed {low} twice; a folder may have "
                "been named twice, or shards cut from different plans"
            )
        if joined and low == joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return ",".join(f"{low}" if low == high else f"{low}..{high}" for low, high in joined)


def _pieces(text: str) -> list[tuple[int, int]]:
    found = []
    for piece in text.split(","):
        low, _, high = piece.partition("..")
        found.append((int(low), int(high or low)))
    return found
