"""Base classes of step verbs: arguments, a reference text, an effect, and marks for the linter.

Rules: no verb stands here. `requires`, `forbids`, `adds` and `removes` tell the linter and every
search the preconditions and effects of a verb on its subject (a window, a device, another person in
the call, or all that windows share).
"""

import abc
import enum
import functools
import re
from typing import ClassVar, TypeAlias

from oneroom.core.bus_kind import BusKind
from oneroom.scenario.fields import Frozen, WindowName
from oneroom.scenario.stage import SimulatorStage, Stage


class Mark(enum.Enum):
    """A fact about the subject of a step."""

    # Of a window.
    KNOWN = "known"  # it has been open at least once, so the SFU may know it
    OPEN = "open"  # its page exists, running or not
    HIDDEN = "hidden"
    FROZEN = "frozen"
    CUT = "cut"  # it does not reach the SFU on at least one path
    AWAY = "away"  # its tab shows something else, and a step back leads to it
    # Of somebody else.
    PRESENT = "present"  # in a call
    MUTED = "muted"
    CAMERA = "camera"
    SHARING = "sharing"
    # Of a device.
    UNPLUGGED = "unplugged"
    # Of everything that all windows share.
    HEADSET = "headset"  # a second microphone is plugged in
    SERVERLESS = "serverless"  # the SFU is stopped, until it is started
    DRAINING = "draining"  # the SFU waits until everybody has left
    OFFLINE = "offline"  # the machine has no network
    FAILING = "failing"  # the application's server mints no token
    BROKEN = "broken"  # something that `heal` ends may be on


Subject: TypeAlias = tuple[str, str]
"""What a step is about: the argument that names it, and its value; `WORLD` for a step without such
an argument.
"""

WORLD: Subject = ("", "")


class Verb(Frozen, abc.ABC):
    """Base of all verbs. `adds` and `removes` of a verb about the world apply to every subject."""

    about: ClassVar[str] = ""
    """The argument that names what the step is about."""
    source: ClassVar[str] = ""
    """The argument that names another window, which has to be open."""
    requires: ClassVar[tuple[Mark, ...]] = ()
    forbids: ClassVar[tuple[Mark, ...]] = ()
    adds: ClassVar[tuple[Mark, ...]] = ()
    removes: ClassVar[tuple[Mark, ...]] = ()
    shared: ClassVar[bool] = False
    """Whether it happens to every window of a process."""
    breaks: ClassVar[bool] = False
    """Whether it is a fault that `heal` ends."""
    chats: ClassVar[bool] = False
    """Whether a scenario with this step has a chat."""
    searched: ClassVar[bool] = True
    """Whether a search may draw it; not a bug of the app itself, which no policy survives."""

    @abc.abstractmethod
    def play(self, stage: SimulatorStage) -> None:
        """Take effect on the stage, now. The simulator plays every verb."""

    @property
    def subject(self) -> Subject:
        """The subject of this step."""
        return (self.about, getattr(self, self.about)) if self.about else WORLD

    def changes(
        self, subject: Subject, opens_hidden: bool = False, shares: bool = False
    ) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
        """The marks that this step adds to and removes from `subject`.

        `subject` may be anything, a window that `opens_hidden`, or one that `shares` its process
        with the window of the step.
        """
        if self.subject not in (WORLD, subject) and not (shares and self.shared):
            return ((Mark.BROKEN,) if self.breaks and subject == WORLD else (), ())
        adds, removes = self.adds, self.removes
        if opens_hidden and Mark.OPEN in adds:
            adds, removes = (
                (*adds, Mark.HIDDEN),
                tuple(mark for mark in removes if mark is not Mark.HIDDEN),
            )
        if self.breaks and subject == WORLD:
            adds = (*adds, Mark.BROKEN)
        return adds, removes


class LiveVerb(Verb):
    """Base of verbs that both arms play: they ask for nothing beyond the common stage."""

    @abc.abstractmethod
    def play(self, stage: Stage) -> None:
        """Take effect on the stage, now."""


class WindowVerb(Verb):
    """Base of verbs about one window, which has to be open."""

    about: ClassVar[str] = "window"
    requires: ClassVar[tuple[Mark, ...]] = (Mark.OPEN,)

    window: WindowName


class BusVerb(LiveVerb, WindowVerb):
    """Base of verbs about the buses of one window: all that it has, or the one that is named."""

    breaks: ClassVar[bool] = True

    bus: BusKind | None = None


@functools.cache
def verb_name(verb: type[Verb]) -> str:
    """The name of a verb in YAML: `ShareScreen` is `share_screen`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", verb.__name__).lower()
