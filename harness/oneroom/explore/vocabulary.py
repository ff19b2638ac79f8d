"""The names that scenario files may use, gathered from the packages that own them."""

from __future__ import annotations

from functools import cache
from typing import get_type_hints

import msgspec

from oneroom.ablation.safeguards import SAFEGUARDS
from oneroom.checks import registry as checks
from oneroom.core.timings import Timings
from oneroom.policies import registry as policies
from oneroom.scenario import Timing, Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """Names of policies, checks, safeguards, ledger entries and timings."""
    return Vocabulary(
        policies=policies.NAMES,
        checks=checks.NAMES,
        safeguards=tuple(SAFEGUARDS),
        ledger=checks.KEYS,
        timings=_timings(),
        locked=tuple(name for name in policies.NAMES if policies.load(name).needs_lock),
        published_us={
            name: {
                field.removesuffix("_us"): value
                for field, value in msgspec.structs.asdict(policies.load(name).published).items()
            }
            for name in policies.NAMES
        },
        buses={name: policies.load(name).buses for name in policies.NAMES},
    )


def _timings() -> dict[str, Timing]:
    hints = get_type_hints(Timings, include_extras=True)
    found = {}
    for field in msgspec.structs.fields(Timings):
        (meta,) = hints[field.name].__metadata__
        name = field.name.removesuffix("_us")
        found[name] = Timing(meta.description, field.default, may_be_zero=meta.gt is None)
    return found
