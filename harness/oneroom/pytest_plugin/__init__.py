"""The pytest plugin: scenario files as tests, and fixtures that run scenarios and start LiveKit.

Lives here: everything that pytest calls. This module registers options, a marker and fixtures, and
imports nothing else of oneroom before one of them is used, because pytest imports it at every start
of every project that has oneroom installed (docs/pytest.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from oneroom.pytest_plugin.livekit import LiveKitServer
    from oneroom.pytest_plugin.scenario_runs import ScenarioRuns

MARKER = (
    "oneroom(seeds=10, policy=None): seeds (a number, a range, or text such as '5..8') and policy "
    "of what `oneroom_run` runs in this test; on the items of scenario files without arguments"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options of a group of their own, and keys of pytest's configuration."""
    group = parser.getgroup("oneroom", "oneroom: windows that share one RTC session")
    group.addoption(
        "--oneroom", action="store_true", help="Collect scenario files (*.yaml) as tests."
    )
    group.addoption(
        "--oneroom-seeds",
        metavar="N|A..B",
        default="",
        help="Seeds of every scenario, also of those that a test or its marker chose.",
    )
    group.addoption(
        "--oneroom-policy",
        metavar="NAME",
        action="append",
        default=[],
        help="Run this policy, not the scenario's own; repeat it for several.",
    )
    group.addoption(
        "--oneroom-livekit",
        metavar="NAME",
        default="livekit",
        help="The server of `oneroom_livekit`: livekit (in a container), livekit:native, or the "
        "URL of one that runs.",
    )
    parser.addini("oneroom", "Collect scenario files as tests.", type="bool", default=False)
    parser.addini(
        "oneroom_paths",
        "Files and folders with scenarios: only these are collected, also when no path is given.",
        type="paths",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """The marker; the collection of scenario files if it is asked for."""
    config.addinivalue_line("markers", MARKER)
    if config.getoption("--oneroom") or config.getini("oneroom") or config.getini("oneroom_paths"):
        from oneroom.pytest_plugin.collection import Collection

        config.pluginmanager.register(Collection(config), "oneroom-collection")


@pytest.fixture
def oneroom_run(request: pytest.FixtureRequest) -> ScenarioRuns:
    """`oneroom_run(scenario, policy=None, seeds=None, checks=())` runs as `oneroom.run` does, and
    fails the test if a run was not as its scenario expects.

    Seeds and policy that are not given are those of the test's marker, then of the command line or
    of oneroom's configuration.
    """
    from oneroom.pytest_plugin.scenario_runs import ScenarioRuns

    return ScenarioRuns(request.node)


@pytest.fixture(scope="session")
def oneroom_livekit(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveKitServer]:
    """A LiveKit server on 127.0.0.1 with a key and a secret of its own, one for each process.

    Where there is none to be had, the test is skipped with the reason; with the variable CI set it
    fails, because CI is where it must run.
    """
    from oneroom.pytest_plugin.livekit import server

    with server(request.config.getoption("--oneroom-livekit"), tmp_path_factory) as running:
        yield running
