"""Comparison of what windows drew in a run with what a scenario expects them to draw.

Rules: windows that are open at the end are compared. The user and the witness are in every call and
in no list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from oneroom.scenario.fields import RESERVED_IDENTITIES
from oneroom.scenario.rendered_state import ExpectedRendering
from oneroom.trace.people_records import Looks, ParticipantDrawn
from oneroom.trace.records import BEGUN, GONE, ConnectionState, LifeChanged, Rendered
from oneroom.trace.trace import Trace

_PEOPLE = {
    "people": 0,
    "speaking": Looks.SPEAKING,
    "muted": Looks.MUTED,
    "cameras": Looks.CAMERA,
    "sharing": Looks.SCREEN_SHARE,
}


class RenderedState:
    """The state that one window draws at an instant."""

    def __init__(self) -> None:
        self.rendered: Rendered | None = None
        self.looks: dict[str, int] = {}

    def differs(self, expected: ExpectedRendering, names: Sequence[str]) -> str:
        """The first difference from `expected` in words, "" if there is none."""
        one = self.rendered
        drawn: dict[str, object] = {
            "connection": (ConnectionState.IDLE if one is None else one.connection).name.lower(),
            "channel": "" if one is None else names[one.channel],
            "error": "" if one is None else names[one.error],
        }
        for key, flag in _PEOPLE.items():
            drawn[key] = tuple(
                sorted(name for name, looks in self.looks.items() if looks & flag == flag)
            )
        for key, value in drawn.items():
            wanted = getattr(expected, key)
            if wanted is not None and value != (
                tuple(sorted(wanted)) if isinstance(wanted, tuple) else wanted
            ):
                return f"{key} {_words(value)}, expected {_words(wanted)}"
        return ""


def missing(trace: Trace, expected: ExpectedRendering, *, at_the_end: bool) -> list[str]:
    """One sentence for each open window that does not draw `expected` at the end (or never did)."""
    names = trace.names
    states: dict[int, RenderedState] = {}
    showed: dict[int, bool] = {}

    def check(window: int) -> None:
        showed[window] = showed.get(window, False) or not states[window].differs(expected, names)

    _replay(trace, states, check)
    found = []
    for window, state in states.items():
        if at_the_end and (why := state.differs(expected, names)):
            found.append(f"at the end {names[window]} shows {why}")
        elif not at_the_end and not showed.get(window, False):
            found.append(f"{names[window]} never showed {_asked(expected)}")
    return found


def _replay(trace: Trace, states: dict[int, RenderedState], check: Callable[[int], None]) -> None:
    """Follow what every window draws, and leave the windows open at the end in `states`.

    `check` is called whenever the drawing of a window is complete.
    """
    for record in trace.records:
        window = record.where
        if isinstance(record, LifeChanged):
            if record.life in BEGUN:
                states[window] = RenderedState()
            elif record.life in GONE:
                states.pop(window, None)
        elif isinstance(record, Rendered) and window in states:
            check(window)  # the participants of a picture come after it
            states[window].rendered = record
        elif isinstance(record, ParticipantDrawn) and window in states:
            name = trace.names[record.identity]
            states[window].looks.pop(name, None)
            if record.there and name.partition("#")[0] not in RESERVED_IDENTITIES:
                states[window].looks[name] = record.looks
    for window in states:
        check(window)


def _asked(expected: ExpectedRendering) -> str:
    return ", ".join(
        f"{key} {_words(value)}" for key, value in expected.model_dump(exclude_none=True).items()
    )


def _words(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return f"{value}" or "nothing"
