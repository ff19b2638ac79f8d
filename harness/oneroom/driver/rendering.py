"""Records of what a window draws: its state, and each participant whose appearance changed."""

from __future__ import annotations

from oneroom.core.actions import Rendered
from oneroom.driver.recorder import looks
from oneroom.trace import records
from oneroom.trace.people_records import ParticipantDrawn
from oneroom.trace.trace import Trace


class Drawing:
    """The rendered state of one window.

    It remembers the participants drawn last, so that only changes become records.
    """

    def __init__(self, trace: Trace, place: int) -> None:
        self._trace = trace
        self._place = place
        self._drawn: dict[str, int] = {}

    def forget(self) -> None:
        """The document comes out of the back/forward cache: what it draws is new to a reader of the
        trace, who has seen others in the window meanwhile.
        """
        self._drawn.clear()

    def draw(self, action: Rendered) -> None:
        """Record that the window draws this from now on."""
        t, state = self._trace, action.state
        head = (self._place, t.cause)
        t.append(
            records.Rendered(
                t.n,
                t.now_us,
                *head,
                action.term,
                action.number,
                t.intern(state.intent.channel),
                state.connection,
                state.intent.muted,
                state.share,
                len(state.participants),
                t.intern(state.error),
            )
        )
        seen = {one.identity: looks(one) for one in state.participants}
        for identity in [identity for identity in self._drawn if identity not in seen]:
            del self._drawn[identity]
            t.append(ParticipantDrawn(t.n, t.now_us, *head, t.intern(identity), False, 0))
        for identity, look in seen.items():
            if self._drawn.get(identity) != look:
                self._drawn[identity] = look
                t.append(ParticipantDrawn(t.n, t.now_us, *head, t.intern(identity), True, look))
