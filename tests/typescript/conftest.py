"""Fixtures of the tests of the TypeScript core. All of them need packages from npm; those that need
a LiveKit server, too, are part of `make call`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from oneroom.javascript.typescript_core import TypeScriptCore
from oneroom.scenario.bundle import Bundle
from tests.typescript.bundle import DOOR, bundle

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("live") is None:
            item.add_marker(pytest.mark.npm)


@pytest.fixture(scope="session")
def core_bundle() -> Bundle:
    """The core of the package."""
    return Bundle("oneroom-core", bundle(DOOR))


@pytest.fixture(scope="session")
def core(core_bundle: Bundle) -> TypeScriptCore:
    """The core of the package, in an engine."""
    return TypeScriptCore(core_bundle.source)
