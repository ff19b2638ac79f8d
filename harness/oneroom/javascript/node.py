"""The second engine: Node's V8, in a child process, with the same surface and the same protocol.

It has what quickjs-ng lacks: a debugger (`NODE_OPTIONS=--inspect-brk`) and rejections that nobody
hears. A context for each window, in either isolation. The child ends when its standard input does,
so with this process, whatever ends that.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import shutil
import subprocess
from base64 import b64encode
from functools import lru_cache
from itertools import count
from pathlib import Path

from oneroom.javascript.app import App
from oneroom.javascript.page import sources
from oneroom.javascript.protocol import Error, Ops
from oneroom.javascript.runtime import decoded
from oneroom.javascript.script_error import RuntimeLost, ScriptError, read_stack

# Time of one turn; not of the processor, since V8 has no such limit, so it is a long one.
CALL_MS = 10_000
_HOST = Path(__file__).parent / "node_host.cjs"
_ENDED = "the engine has ended: its heap is full, or somebody has killed it"

_Asked = float | str | bool | None | list[tuple[str, str]]


class NodeMissing(Exception):
    """There is no Node on the path."""

    def __init__(self) -> None:
        super().__init__("--js node needs Node (node) on the path: https://nodejs.org")


def find_node() -> str:
    """The program. Raises NodeMissing."""
    node = shutil.which("node")
    if node is None:
        raise NodeMissing
    return node


class _Process:
    """The child with the windows of this process. It is not used by two threads at once."""

    def __init__(self) -> None:
        self._child = subprocess.Popen(
            [find_node(), str(_HOST), str(CALL_MS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for this process
        )
        self._apps: dict[App, int] = {}
        self.numbers = count()
        atexit.register(self.end)
        for name, source in sources():
            self.ask("page", 0, f"oneroom/page/{name}", source)

    def ask(self, what: str, number: int, *arguments: _Asked) -> str:
        """The answer to a line, "" if there is nothing to be done. Raises ScriptError if the window
        cannot go on.
        """
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        try:
            self._child.stdin.write(json.dumps((what, number, *arguments)).encode() + b"\n")
            self._child.stdin.flush()
            line = self._child.stdout.readline()
        except OSError:
            line = b""
        if not line.endswith(b"\n"):
            _process.cache_clear()
            raise ScriptError(_ENDED)
        text = line[1:-1].decode()
        if line[:1] == b"l":
            raise ScriptError(json.loads(text))
        return text

    def number_of(self, app: App) -> int:
        """The number of an app that the child knows."""
        if app not in self._apps:
            self._apps[app] = len(self._apps)
            scripts = [(app.modules, "oneroom/modules.js"), (_with_map(app), app.file)]
            self.ask("app", self._apps[app], scripts)
        return self._apps[app]

    def end(self) -> None:
        """End the child."""
        assert self._child.stdin is not None
        with contextlib.suppress(OSError):  # it may have ended before
            self._child.stdin.close()
        self._child.wait()


@lru_cache(maxsize=1)
def _process(_pid: int) -> _Process:
    return _Process()


class NodeRuntime:
    """See `oneroom.javascript.runtime.Runtime`."""

    def __init__(self, app: App, now_us: int, boot: str) -> None:
        self._app = app
        self._process = process = _process(os.getpid())
        self._number = next(process.numbers)
        self.opening = self._asked("open", process.number_of(app), float(now_us), boot)

    def turn(
        self,
        kind: str,
        now_us: int,
        a: float | str | None = None,
        b: float | str | None = None,
        c: float | str | None = None,
    ) -> Ops:
        """See the protocol."""
        return self._asked("turn", kind, float(now_us), a, b, c)

    def _asked(self, what: str, *arguments: float | str | None) -> Ops:
        try:
            text = self._process.ask(what, self._number, *arguments)
        except ScriptError as error:
            raise RuntimeLost(error, is_shared=False) from None
        return decoded(text) if text else []

    def located(self, error: Error) -> ScriptError:
        """See the protocol."""
        return self._app.located(ScriptError(error.text, read_stack(error.stack)))

    def close(self) -> None:
        """See the protocol."""
        with contextlib.suppress(ScriptError):  # it may have ended, and the window with it
            self._process.ask("close", self._number)


def _with_map(app: App) -> str:
    """The script, with its source map for a debugger."""
    if not app.map_text:
        return app.source
    coded = b64encode(app.map_text.encode()).decode()
    return f"{app.source}\n//# sourceMappingURL=data:application/json;base64,{coded}"
