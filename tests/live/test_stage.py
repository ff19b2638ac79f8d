"""The live arm can do what every verb that plays live asks of a stage, and has nothing for those
that do not.
"""

from __future__ import annotations

import inspect

import pytest

from oneroom.scenario import VERBS, Stage
from tests.scenarios.test_verbs import PLAYED

pytestmark = pytest.mark.live

LIVE = [name for name, verb in VERBS.items() if verb.plays_live]
NOT_LIVE = [name for name, verb in VERBS.items() if not verb.plays_live]
SHARED = {PLAYED[name][1][0] for name in LIVE}


@pytest.mark.parametrize("name", LIVE)
def test_a_verb_that_plays_live_has_its_primitive(name: str) -> None:
    from oneroom.live.world import LiveWorld

    primitive = f"{PLAYED[name][1][0]}"
    ours, wanted = getattr(LiveWorld, primitive), getattr(Stage, primitive)
    assert list(inspect.signature(ours).parameters) == list(inspect.signature(wanted).parameters)


@pytest.mark.parametrize("name", NOT_LIVE)
def test_a_verb_that_does_not_has_none_of_its_own(name: str) -> None:
    from oneroom.live.world import LiveWorld

    assert PLAYED[name][1][0] in SHARED or not hasattr(LiveWorld, f"{PLAYED[name][1][0]}")
