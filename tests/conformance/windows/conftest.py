"""Every case of the kit runs on both arms: the fakes with several seeds, and Chromium with `-m
chromium`.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.conformance.windows.browser_rig import Rig
from tests.conformance.windows.fake_browser_rig import FakeRig

if TYPE_CHECKING:
    from tests.conformance.windows.chromium_rig import Browser

_cases = itertools.count(1)
# A case on the fakes may depend on what was drawn; where the browser varies, `test_varies.py` has
# many seeds.
SEEDS = (1, 2, 3)
ARMS = [
    *(pytest.param(seed, id=f"fake-{seed}") for seed in SEEDS),
    pytest.param(None, id="chromium", marks=pytest.mark.chromium),
]


@pytest.fixture(scope="session")
def browsers() -> Iterator[list[Browser]]:
    """At most one browser, started by the first case that needs it: origins do not disturb each
    other.
    """
    started: list[Browser] = []
    yield started
    for browser in started:
        browser.__exit__(None, None, None)


@pytest.fixture(params=ARMS)
def rig(request: pytest.FixtureRequest, browsers: list[Browser]) -> Iterator[Rig]:
    """The windows of one user, of whom there are none yet."""
    if request.param is not None:
        fake = FakeRig(request.param)
        yield fake
        fake.end()
        return
    from tests.conformance.windows.chromium_rig import Browser, ChromiumRig

    if not browsers:
        browsers.append(Browser().__enter__())
    real = ChromiumRig(browsers[0], f"case-{os.getpid()}-{next(_cases)}")
    try:
        yield real
    finally:
        real.end()
