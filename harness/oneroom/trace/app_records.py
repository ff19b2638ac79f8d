"""Kinds of records of windows that run an app's own JavaScript; other runs have none of them.

The rules are those of `records`. What an app posts is its own affair: its messages are never
recorded, nor are stacks; a text is cut to `TEXT_CHARACTERS`.
"""

from __future__ import annotations

from oneroom.trace.records import Name, Record

TEXT_CHARACTERS = 300

# What an app was doing when an error ended it: its script as it was loaded, a task that its engine
# has ended. `DO`: a step of the scenario calls what the app does not have.
SCRIPT, TASK, DO = FATAL = ("script", "task", "do")
# A rejection that nobody has heard when its task was over.
UNHEARD = "unhandled rejection"


class AppTimerRan(Record, frozen=True, gc=False, array_like=True, tag=110):
    """A timer of the app in `where` ran; `number` is that of `setTimeout` or `setInterval`."""

    number: int


class AppFailed(Record, frozen=True, gc=False, array_like=True, tag=111):
    """The app in `where` threw, or left a rejection unheard, in a `during` (a type of event, a
    timer, an action). `error` is the message, with the place in the app's file.
    """

    during: Name
    error: Name


class ActionCalled(Record, frozen=True, gc=False, array_like=True, tag=113):
    """An action of the app's own is called in `where`; `argument` is JSON, "" for none."""

    action: Name
    argument: Name


class ConsoleWritten(Record, frozen=True, gc=False, array_like=True, tag=112):
    """The app in `where` wrote a line to its console; `level` is the method's name."""

    level: Name
    text: Name
