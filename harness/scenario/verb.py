"""What a verb of a step is: a class with arguments, a reference text, an effect, and what the linter may know of it.

Rules: no verb stands here. `needs`, `refuses`, `begins` and `ends` tell the linter what a verb asks of a window and
makes of it.
"""

import abc
import enum
import re
from typing import ClassVar

from harness.scenario.fields import BusKind, Frozen, WindowName
from harness.scenario.stage import Stage


class Mark(enum.Enum):
    """What may be true of a window at a step."""

    KNOWN = "known"  # it has been open at least once, so the SFU may know it
    OPEN = "open"  # its page exists, running or not
    FROZEN = "frozen"
    CUT = "cut"  # it does not reach the SFU on at least one path
    AWAY = "away"  # its tab shows something else, and a step back leads to it
    SERVERLESS = "serverless"  # the SFU is stopped, until it is started


class Verb(Frozen, abc.ABC):
    """What a step does. `begins` and `ends` of a verb without a window hold for all windows."""

    needs: ClassVar[tuple[Mark, ...]] = ()
    refuses: ClassVar[tuple[Mark, ...]] = ()
    begins: ClassVar[tuple[Mark, ...]] = ()
    ends: ClassVar[tuple[Mark, ...]] = ()
    chats: ClassVar[bool] = False
    """Whether a scenario with this step has a chat."""
    plays_live: ClassVar[bool] = True
    """Whether the live arm can play it."""

    @abc.abstractmethod
    def play(self, stage: Stage) -> None:
        """Make it happen, now."""


class WindowVerb(Verb):
    """What happens to one window, which has to be open."""

    needs: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)

    window: WindowName


class BusVerb(WindowVerb):
    """What happens to the buses of one window: to all that it has, or to the one that is named."""

    bus: BusKind | None = None


def verb_name(verb: type[Verb]) -> str:
    """The name of a verb in YAML: `ShareScreen` is `share_screen`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", verb.__name__).lower()
