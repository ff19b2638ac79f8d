"""The three standard streams in any state: closed, full, gone, or unable to show a character.

Rules: an error of a stream is never reported as an internal error (`crash`), nor may it look like a
verdict.
"""

from __future__ import annotations

import os
import sys
from io import TextIOWrapper
from pathlib import Path

# What a shell reports of a program that was ended by a closed pipe (128 + SIGPIPE): `oneroom list |
# head` is no failure of ours.
_CLOSED_PIPE = 141
# `oneroom.checks.verdict.Exit.INFRASTRUCTURE`, which is not imported for `--help`.
_INFRASTRUCTURE = 6


class Unwritable(Exception):
    """Standard output or error cannot be written, and not because its reader has gone.

    That is BrokenPipeError. `args` are one sentence. It is no OSError, which writers of reports
    would catch as their own.
    """


class _ReportingStream(TextIOWrapper):
    """A standard stream that raises Unwritable for its own errors."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError as error:
            raise self._unwritable(error) from error

    def flush(self) -> None:
        try:
            super().flush()
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> OSError | Unwritable:
        if isinstance(error, BrokenPipeError):
            return error
        name = "standard error" if self is sys.stderr else "standard output"
        return Unwritable(f"{name} cannot be written: {error.strerror}")


def prepare() -> None:
    """Make the standard streams safe; call it before anything is opened or printed."""
    # The number of a closed stream would be given to the next file that is opened, and with it all
    # that is printed.
    while (number := os.open(os.devnull, os.O_RDWR)) <= 2:
        pass
    os.close(number)
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode))  # noqa: SIM115  # open as long as the one it stands for
        elif (
            mode == "w"
            and isinstance(stream, TextIOWrapper)
            and stream is getattr(sys, f"__{name}__")
        ):
            setattr(sys, name, _line_buffered(stream))


def _line_buffered(stream: TextIOWrapper) -> _ReportingStream:
    """The same stream, line-buffered.

    A reader of a pipe sees a result when it is there, not when a buffer is full. A terminal that
    cannot show a character gets a question mark in its place, not an error.
    """
    encoding, at_once = stream.encoding, stream.write_through
    return _ReportingStream(
        stream.detach(), encoding, "replace", line_buffering=True, write_through=at_once
    )


def give_up(error: BrokenPipeError | Unwritable) -> int:
    """Report the error where that is possible, and print no more. Returns the exit code."""
    gone = isinstance(error, BrokenPipeError)
    try:
        sys.stderr.write("" if gone else f"{error}\n")
        sys.stderr.flush()
    except (OSError, Unwritable):
        pass  # nobody can
    # What is still buffered would raise once more when Python ends.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    return _CLOSED_PIPE if gone else _INFRASTRUCTURE
