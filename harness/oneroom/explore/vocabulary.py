"""The names that scenario files may use, gathered from the packages that own them."""

from __future__ import annotations

from functools import cache

import msgspec

from oneroom.ablation.safeguards import SAFEGUARDS
from oneroom.checks import registry as checks
from oneroom.core.timings import Timings
from oneroom.policies import registry as policies
from oneroom.scenario import Vocabulary


@cache
def vocabulary() -> Vocabulary:
    """Names of policies, checks, safeguards, ledger entries and timings."""
    return Vocabulary(
        policies=policies.NAMES,
        checks=checks.NAMES,
        safeguards=tuple(SAFEGUARDS),
        ledger=checks.KEYS,
        timings=tuple(name.removesuffix("_us") for name in Timings.__struct_fields__),
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
