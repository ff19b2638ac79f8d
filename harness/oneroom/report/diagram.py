"""State diagrams of the transition tables of core and policies: the text of `docs/machines.md`.

A test keeps that page equal to what `render` returns.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from typing import Any

from oneroom.core import chat, devices, election, mirror, self_check, session, token
from oneroom.policies import lock_election

# Each table has enums of its own, and a Mapping is invariant in its keys.
Table = Mapping[Any, Mapping[Any, enum.IntEnum]]

_HEAD = """# State diagrams of the owner machine

Generated from the tables in `harness/oneroom/core` and `harness/oneroom/policies` by
`oneroom.report.diagram`; `pytest tests/report/test_diagram.py --rewrite` regenerates it. An event
without an arrow in a state changes nothing there.
"""

_MACHINES: tuple[tuple[str, str, Table], ...] = (
    ("Election", "who owns, as one window sees it (`election.py`)", election.TRANSITIONS),
    (
        "Lock election",
        "what a window waits for under `web-lock-lease` (`lock_election.py`)",
        lock_election.TRANSITIONS,
    ),
    ("Session", "one Room's life inside one window (`session.py`)", session.TRANSITIONS),
    ("Token", "what opens a Room, kept fresh (`token.py`)", token.TRANSITIONS),
    (
        "Self-check",
        "whether a frozen owner may still answer as the owner (`self_check.py`)",
        self_check.TRANSITIONS,
    ),
    ("Mirror", "what a follower shows (`mirror.py`)", mirror.TRANSITIONS),
    ("Screen share", "the one capture that needs a gesture (`devices.py`)", devices.TRANSITIONS),
    ("Chat socket", "the one chat socket of a window (`chat.py`)", chat.TRANSITIONS),
)


def render() -> str:
    """All machines as Markdown with Mermaid state diagrams."""
    return "\n".join([_HEAD, *(_section(*machine) for machine in _MACHINES)])


def _section(title: str, caption: str, table: Table) -> str:
    lines = [
        f"## {title}",
        "",
        f"{caption[0].upper()}{caption[1:]}.",
        "",
        "```mermaid",
        "stateDiagram-v2",
    ]
    lines.append(f"    [*] --> {next(iter(table)).name}")
    for state, ways in table.items():
        lines += [
            f"    {state.name} --> {following.name}: {_words(on)}" for on, following in ways.items()
        ]
    return "\n".join([*lines, "```", ""])


def _words(on: enum.IntEnum) -> str:
    return on.name.lower().replace("_", " ")
