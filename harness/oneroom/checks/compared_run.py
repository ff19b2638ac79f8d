"""One run, as much of it as is compared with the run of another version under the same draws."""

from __future__ import annotations

import msgspec

from oneroom.checks.results import Result


class ComparedRun(msgspec.Struct, frozen=True):
    """One run. `broken` names the checks and limits that it breaks, expected or not."""

    scenario: str
    title: str
    seed: int
    broken: tuple[str, ...]
    ledger: dict[str, int]
    repro: str

    @property
    def key(self) -> tuple[str, str, int]:
        """The scenario and the draws, which a run of the other version shares with it."""
        return self.scenario, self.title, self.seed


def compared_run(result: Result) -> ComparedRun:
    """A result, as it is compared."""
    broken = tuple(dict.fromkeys(finding.check for finding in result.violations))
    return ComparedRun(
        result.scenario, result.title, result.seed, broken, result.ledger, result.repro
    )
