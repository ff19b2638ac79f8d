"""The user's app as engines run it: one script, and where its lines come from."""

from __future__ import annotations

from functools import lru_cache
from pathlib import PurePath

from oneroom.javascript import modules
from oneroom.javascript.script_error import Frame, ScriptError
from oneroom.javascript.source_map import SourceMap, read_source_map
from oneroom.scenario.bundle import Bundle, EngineName


class App:
    """A script. `file` is what a stack calls it, `source_map` leads from its lines to the user's;
    without one the script is what the user has written. `modules` are those that it knows by their
    global names, as one script that is run before it. `engine` runs it; `map_text` is the source
    map as its bundler wrote it. A program in another language is its `command` alone.
    """

    def __init__(
        self,
        file: str,
        source: str,
        source_map: SourceMap | None = None,
        modules: str = "",
        engine: EngineName = "quickjs",
        map_text: str = "",
        command: tuple[str, ...] = (),
    ) -> None:
        self.file = file
        self.source = source
        self.source_map = source_map
        self.modules = modules
        self.engine = engine
        self.map_text = map_text
        self.command = command

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


@lru_cache(maxsize=4)
def app_of(bundle: Bundle) -> App:
    """The app of a bundle: one object for equal bundles, so that its engine is found again."""
    mapped = read_source_map(bundle.source_map) if bundle.source_map else None
    used = [name for name, known_as in modules.GLOBALS.items() if known_as in bundle.source]
    scripts = "" if bundle.is_bundled else "".join(map(modules.script, used))
    file = PurePath(bundle.path).name
    return App(
        file, bundle.source, mapped, scripts, bundle.engine, bundle.source_map, bundle.command
    )
