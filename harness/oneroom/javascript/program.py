"""The runtime of a window whose app is a program in any language: lines of JSON over its standard
input and output.

`docs/protocol.md` has the lines. A program that says so serves many windows: in `shared` a process
has one of it for all windows of its runs, in `own` one for each window, as is done with all others.
"""

from __future__ import annotations

import contextlib
import json
import os
from typing import Literal, TypeVar

import msgspec

from oneroom.javascript.program_process import (
    ANSWER_SECONDS,
    START_SECONDS,
    ProgramFailed,
    ProgramProcess,
)
from oneroom.javascript.protocol import ARGUMENTS, JSON_ARGUMENT, Error, Ops
from oneroom.javascript.script_error import Isolation, RuntimeLost, ScriptError, read_stack

# Of the lines and the ops: a change that a program of today would not understand is another one.
VERSION = 1

_SHOWN_CHARACTERS = 100

_Argument = float | str | None


class _Greeting(msgspec.Struct, forbid_unknown_fields=True):
    """The answer to `hello`."""

    id: int
    version: int
    windows: Literal["one", "many"] = "one"


class _Answer(msgspec.Struct, forbid_unknown_fields=True):
    """The answer to every other turn."""

    id: int
    ops: Ops


_Read = TypeVar("_Read", _Greeting, _Answer)

_greeting = msgspec.json.Decoder(_Greeting)
_answer = msgspec.json.Decoder(_Answer)


class _Program:
    """A process that has said hello. Raises ProgramFailed."""

    def __init__(self, command: tuple[str, ...]) -> None:
        self.process = ProgramProcess(command)
        self.windows = 0
        self._asked = 0
        greeting = self._ask(f'"turn":"hello","version":{VERSION}', _greeting, START_SECONDS)
        if greeting.version != VERSION:
            self.process.end()
            raise ProgramFailed(
                f"speaks version {greeting.version} of the protocol, and this is {VERSION}"
            )
        self.serves_many = greeting.windows == "many"

    def turn(self, fields: str) -> Ops:
        """The ops of a turn, whose fields are JSON without braces. Raises ProgramFailed."""
        return self._ask(fields, _answer, ANSWER_SECONDS).ops

    def _ask(self, fields: str, decoder: msgspec.json.Decoder[_Read], seconds: float) -> _Read:
        """The answer to a line. Raises ProgramFailed, and the process has ended then."""
        self._asked += 1
        try:
            line = self.process.ask(f'{{"id":{self._asked},{fields}}}'.encode(), seconds)
            answer = _read(line, decoder)
            if answer.id != self._asked:
                raise ProgramFailed(f"has answered to line {answer.id}")
        except ProgramFailed as failed:
            self.process.end()
            raise ProgramFailed(f"line {self._asked} of its input: the program {failed}") from None
        return answer


# The process that has the windows of a command, where one has several.
_shared: dict[tuple[int, tuple[str, ...]], _Program] = {}


class ProgramRuntime:
    """See `oneroom.javascript.runtime.Runtime`."""

    def __init__(
        self, command: tuple[str, ...], isolation: Isolation, now_us: int, boot: str
    ) -> None:
        self._key = (os.getpid(), command)
        self._is_shared = False
        try:
            self._program = self._started(command, isolation)
        except ProgramFailed as failed:
            raise self._lost(failed) from None
        self._program.windows += 1
        self._window = self._program.windows
        self.opening = self._told(f'"turn":"open","now_us":{now_us},"boot":{boot}')

    def _started(self, command: tuple[str, ...], isolation: Isolation) -> _Program:
        if isolation == "own":
            return _Program(command)
        program = _shared.get(self._key) or _Program(command)
        self._is_shared = program.serves_many
        if self._is_shared:
            _shared[self._key] = program
        return program

    def turn(
        self,
        kind: str,
        now_us: int,
        a: _Argument = None,
        b: _Argument = None,
        c: _Argument = None,
    ) -> Ops:
        """See the protocol."""
        json_at = JSON_ARGUMENT.get(kind, -1)
        args = [
            one if at == json_at and isinstance(one, str) else _json(one)
            for at, one in enumerate((a, b, c)[: ARGUMENTS[kind]])
        ]
        return self._told(f'"turn":"{kind}","now_us":{now_us},"args":[{",".join(args)}]')

    def _told(self, fields: str) -> Ops:
        try:
            return self._program.turn(f'{fields},"window":{self._window}')
        except ProgramFailed as failed:
            raise self._lost(failed) from None

    def _lost(self, failed: ProgramFailed) -> RuntimeLost:
        _shared.pop(self._key, None)
        return RuntimeLost(ScriptError(str(failed)), self._is_shared)

    def located(self, error: Error) -> ScriptError:
        """See the protocol."""
        return ScriptError(error.text, read_stack(error.stack))

    def close(self) -> None:
        """See the protocol."""
        if not self._is_shared:
            self._program.process.end()
            return
        with contextlib.suppress(RuntimeLost):  # it may have ended, and the window with it
            self._told('"turn":"close"')


def check_program(command: tuple[str, ...]) -> None:
    """Start the program and end it. Raises ProgramFailed if it does not say hello."""
    _Program(command).process.end()


def _json(value: _Argument) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value)


def _read(line: bytes, decoder: msgspec.json.Decoder[_Read]) -> _Read:
    """An answer. A lone surrogate, which UTF-8 has not, stays one. Raises ProgramFailed."""
    try:
        try:
            return decoder.decode(line)
        except msgspec.ValidationError:
            raise
        except msgspec.DecodeError:
            return msgspec.convert(json.loads(line), decoder.type)
    except (ValueError, RecursionError) as error:
        text = line.decode(errors="replace")[:_SHOWN_CHARACTERS]
        raise ProgramFailed(f"has answered `{text}`: {error}") from None
