"""Judgement of a check about a history."""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Setting
from oneroom.trace.trace import Trace
from tests.histories import History


def judged(
    kind: type[Check],
    history: History,
    may_own: str = "any",
    microphone: bool = True,
    terms: bool = True,
    app: bool = False,
) -> Check:
    """The check after it was shown what it reads of the history."""
    check = kind()
    check.setting = Setting(may_own, microphone, terms, app)
    show([check], history)
    return check


def show(listeners: Sequence[Check], history: History) -> None:
    """Run the history past the listeners, as a live trace would."""
    trace = Trace(listeners)
    for record in history.trace.records:
        trace.append(record)


def text(check: Check, history: History) -> str:
    """How the check tells its first violation."""
    assert check.violation is not None
    return check.describe(check.violation, history.trace.names)
