"""The app in the windows of a scenario: the one that its file names, or another in its place."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec

from oneroom.scenario import Scenario
from oneroom.scenario.bundle import Bundle, EngineName


def with_apps(
    scenarios: Sequence[Scenario], app: str = "", default: str = "", engine: EngineName = "quickjs"
) -> tuple[Scenario, ...]:
    """The scenarios with their apps bundled for `engine`: `app` if it is given, else that of the
    file, else `default`; unchanged where there is none.

    Raises `oneroom.javascript.bundler.NotBundled`, `oneroom.javascript.engine.EngineMissing` and
    `oneroom.javascript.node.NodeMissing`.
    """
    files = [app or named_app(one) or default for one in scenarios]
    if not any(files):
        return tuple(scenarios)
    # what an app alone needs is not imported without one
    from oneroom.javascript.bundler import bundled
    from oneroom.javascript.engine import Engine
    from oneroom.javascript.node import find_node

    bundles = {
        file: msgspec.structs.replace(bundled(Path(file)), engine=engine)
        for file in dict.fromkeys(files)
        if file
    }
    if engine == "node":
        find_node()
    else:
        Engine()
    return tuple(
        one.with_bundle(bundles.get(file)) for one, file in zip(scenarios, files, strict=True)
    )


def with_program(
    scenarios: Sequence[Scenario], command: tuple[str, ...], *, replaces: bool
) -> tuple[Scenario, ...]:
    """The scenarios with the program that `command` starts as the app in their windows; it
    `replaces` those that their files name, or leaves them.

    Raises `oneroom.javascript.program_process.ProgramFailed`.
    """
    from oneroom.javascript.program import check_program

    check_program(command)
    bundle = Bundle(shlex.join(command), "", command=command)
    return tuple(
        one.with_bundle(bundle if replaces or one.app is None else None) for one in scenarios
    )


def named_app(scenario: Scenario) -> str:
    """The app of a scenario's file, as seen from here; "" for none."""
    if scenario.app is None:
        return ""
    return Path(os.path.normpath(Path(scenario.path).parent / scenario.app)).as_posix()
