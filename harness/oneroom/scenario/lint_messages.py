"""Messages for steps whose precondition fails.

Rules: one line a mark, for a mark that is missing and for one that is in the way. Words like
`{is_}` are chosen by whether the precondition fails in every draw; the step that caused it is
appended.
"""

from __future__ import annotations

from typing import NamedTuple

from oneroom.scenario.duration import Range, format_duration
from oneroom.scenario.verb import Mark

_MISSING = {
    Mark.OPEN: (
        "`{step}` {happens} after `{it}` is gone",
        "move it to an earlier time, or open the window again",
    ),
    Mark.HIDDEN: (
        "`{step}`, but `{it}` {is_not} hidden",
        "hide it at an earlier time: `hide: {{window: {it}}}`",
    ),
    Mark.FROZEN: (
        "`{step}`, but `{it}` {is_not} frozen",
        "freeze it at an earlier time: `freeze: {{window: {it}}}`",
    ),
    Mark.CUT: (
        "`{step}`, but the network of `{it}` {is_not} cut",
        "cut it at an earlier time: `drop_network: {{window: {it}}}`",
    ),
    Mark.AWAY: (
        "`{step}`, but `{it}` {has_not} left its page",
        "leave it at an earlier time: `leave_page: {{window: {it}}}`",
    ),
    Mark.PRESENT: (
        "`{step}`, but `{it}` {is_not} in a call",
        "let `{it}` join at an earlier time: `remote_joins: {{identity: {it}, channel: lobby}}`",
    ),
    Mark.MUTED: (
        "`{step}`, but `{it}` {is_not} muted",
        "mute at an earlier time: `remote_mutes: {{identity: {it}}}`",
    ),
    Mark.CAMERA: (
        "`{step}`, but the camera of `{it}` {is_not} on",
        "switch it on at an earlier time: `remote_starts_camera: {{identity: {it}}}`",
    ),
    Mark.SHARING: (
        "`{step}`, but `{it}` {is_not} sharing",
        "share at an earlier time: `remote_starts_sharing: {{identity: {it}}}`",
    ),
    Mark.UNPLUGGED: (
        "`{step}`, but the {it} {is_not} unplugged",
        "unplug it at an earlier time: `unplug: {{device: {it}}}`",
    ),
    Mark.HEADSET: (
        "`{step}`, but there {is_} no headset",
        "plug one in at an earlier time: `plug_in_headset: {{}}`",
    ),
    Mark.SERVERLESS: (
        "`{step}`, but the SFU {is_not} stopped",
        "stop it at an earlier time: `stop_server: {{}}`",
    ),
    Mark.OFFLINE: (
        "`{step}`, but the machine {is_not} offline",
        "cut it off at an earlier time: `offline: {{}}`",
    ),
    Mark.BROKEN: (
        "`{step}`, but nothing {is_} broken",
        "leave the step out, or let a fault happen before it",
    ),
}
_IN_THE_WAY = {
    Mark.OPEN: (
        "`{step}`, but `{it}` {is_} open already",
        "close it first, or let it open `later`",
    ),
    Mark.HIDDEN: ("`{step}`, but `{it}` {is_} hidden{already}", "show it first"),
    Mark.FROZEN: ("`{step}`, but `{it}` {is_} frozen{already}", "resume it first"),
    Mark.PRESENT: ("`{step}`, but `{it}` {is_} in a call{already}", "let `{it}` leave first"),
    Mark.MUTED: ("`{step}`, but `{it}` {is_} muted{already}", "unmute first"),
    Mark.CAMERA: ("`{step}`, but the camera of `{it}` {is_} on{already}", "switch it off first"),
    Mark.SHARING: ("`{step}`, but `{it}` {is_} sharing{already}", "stop sharing first"),
    Mark.UNPLUGGED: ("`{step}`, but the {it} {is_} unplugged{already}", "plug it in first"),
    Mark.HEADSET: ("`{step}`, but a headset {is_} plugged in{already}", "unplug it first"),
    Mark.SERVERLESS: (
        "`{step}`, but the SFU {is_} stopped{already}",
        "start it first: `start_server: {{}}`",
    ),
    Mark.DRAINING: (
        "`{step}`, but the SFU {is_} draining{already}",
        "leave the step out, or restart the SFU first",
    ),
    Mark.OFFLINE: (
        "`{step}`, but the machine {is_} offline{already}",
        "end that first: `online: {{}}`",
    ),
    Mark.FAILING: (
        "`{step}`, but the application's server {is_} failing{already}",
        "leave the step out, or `heal` before it",
    ),
}


class MessageParts(NamedTuple):
    """The parts of a message: the step's verb, its subject, the certainty, and the cause."""

    step: str
    it: str
    certain: bool
    already: str = ""
    because: str = ""


def message_for(words: MessageParts, wrong: Mark, refused: bool) -> tuple[str, str]:
    """Message and suggestion for a step without the mark `wrong`, or (`refused`) with it."""
    message, suggestion = (_IN_THE_WAY if refused else _MISSING)[wrong]
    certain = words.certain
    said = {
        "step": words.step,
        "it": words.it,
        "already": words.already,
        "happens": "happens" if certain else "may happen",
        "is_": "is" if certain else "may be",
        "is_not": "is not" if certain else "may not be",
        "has_not": "has not" if certain else "may not have",
    }
    return f"{message.format_map(said)}{words.because}", suggestion.format_map(said)


def before_it_opens(step: str, window: str, certain: bool, opens: Range | None) -> tuple[str, str]:
    """Message and suggestion for a step on a window that `opens` later, or never."""
    if opens is None:
        return (
            f"`{step}`, but `{window}` never opens",
            f"add a step `open: {{window: {window}}}` at an earlier time",
        )
    happens = "happens" if certain else "may happen"
    message = f"`{step}` {happens} before `{window}` opens (opens {opens})"
    return message, f"let it happen at `{format_duration(opens.high_us)}` or later"
