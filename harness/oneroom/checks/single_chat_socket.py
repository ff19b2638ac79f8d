"""Safety check: a window has one chat socket.

Promise: at no record does a window hold two chat sockets, opening or open.
Exempt:  a socket that the window has closed and whose `close` event is still to come: nothing is
         received on it.
Vacuous: no window ever opened a chat socket.
"""

from __future__ import annotations

from collections.abc import Sequence

from oneroom.checks.check import Check
from oneroom.checks.violation import Violation
from oneroom.trace.chat_records import ChatSocketChanged, ChatSocketState
from oneroom.trace.records import RUNTIME_ENDED, Life, LifeChanged, Record

_OPENING, _OPEN = ChatSocketState.OPENING, ChatSocketState.OPEN  # bound once, see window_lifecycle
# Not when it is cached: a document that comes back has the sockets that it had.
_NONE_HELD = (Life.OPENED, *RUNTIME_ENDED)


class SingleChatSocket(Check):
    """Follows chat sockets.

    `details` of a violation: the number of sockets that the window then holds.
    """

    name = "single_chat_socket"
    promise = "a window holds one chat socket at a time"
    reads: tuple[type[Record], ...] = (ChatSocketChanged, LifeChanged)

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[int, dict[int, bool]] = {}  # window -> epochs

    def on(self, record: Record) -> None:
        match record:
            case ChatSocketChanged(where=window, epoch=epoch, state=state):
                self.seen = True
                held = self.held.setdefault(window, {})
                if state not in (_OPENING, _OPEN):
                    held.pop(epoch, None)
                elif epoch not in held:
                    held[epoch] = True
                    if len(held) > 1:
                        self.violate(record, (window,), (len(held),))
            case LifeChanged(where=window, life=life) if life in _NONE_HELD:
                self.held.pop(window, None)

    @staticmethod
    def describe(violation: Violation, names: Sequence[str]) -> str:
        return f"{names[violation.windows[0]]} holds {violation.details[0]} chat sockets"
