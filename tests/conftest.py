"""Fixtures of all tests: the Hypothesis profiles and `--rewrite` for the datadriven tests.

Rules: no fixtures of a single folder here, they live in that folder's own `conftest.py`.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["pytester"]

# Deadlines measure the machine, not the code: two busy cores would make them fail at random.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# In CI the same commit sees the same examples, so a red build can be repeated; new examples are for
# people's machines.
settings.register_profile(
    "ci", settings.get_profile("dev"), derandomize=True, database=None, print_blob=True
)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--rewrite",
        action="store_true",
        default=False,
        help=(
            "write what datadriven tests produce into their testdata; read the diff before you "
            "commit it"
        ),
    )


@pytest.fixture(scope="session")
def rewrite(request: pytest.FixtureRequest) -> bool:
    """Whether datadriven tests are to rewrite their expectations instead of comparing with them."""
    return bool(request.config.getoption("--rewrite"))
