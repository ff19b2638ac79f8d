"""The user's app, ready to run: one script, and where its lines come from."""

from __future__ import annotations

import hashlib
from functools import cached_property

from oneroom.javascript.script_error import Frame, ScriptError
from oneroom.javascript.source_map import SourceMap


class App:
    """A bundle. `file` is what a stack calls it, `source_map` leads from its lines to the user's;
    without one the bundle is what the user has written.
    """

    def __init__(self, file: str, source: str, source_map: SourceMap | None = None) -> None:
        self.file = file
        self.source = source
        self.source_map = source_map

    @cached_property
    def sha256(self) -> str:
        """The hash of the bundle, in hexadecimal."""
        return hashlib.sha256(self.source.encode()).hexdigest()

    def located(self, error: ScriptError) -> ScriptError:
        """The error with its stack in the user's files; frames of the harness are left out."""
        frames = (self._located(frame) for frame in error.stack)
        stack = tuple(frame for frame in frames if frame is not None)
        return type(error)(error.message, stack)

    def _located(self, frame: Frame) -> Frame | None:
        if frame.file != self.file:
            return None
        if self.source_map is None:
            return frame
        place = self.source_map.original(frame.line, frame.column)
        return None if place is None else Frame(frame.function, *place)
