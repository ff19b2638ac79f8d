"""A window's page without a world: a test gives turns and reads what the page wants done."""

from __future__ import annotations

import json
from typing import Any

from oneroom.javascript import page
from oneroom.javascript.engine import Engine

BOOT: dict[str, Any] = {
    "seed": [1, 2, 3, 4],
    "name": "A",
    "kind": "main",
    "wallMs": 1_790_000_000_000,
    "url": "https://app.example/room?window=A",
    "visible": True,
    "focused": False,
    "discarded": False,
    "local": {},
    "session": {},
}

_START = """
var host_ = oneroomHost, number = host_.open(true, %d, %s);
var turn = (...all) => host_.turn(number, ...all), next = () => host_.next(number);
var take = () => host_.take(number);
"""
_SAY = "var say = text => globalThis[Symbol.for('oneroom')].op('say', String(text));"

Op = list[Any]


class Page:
    """One page in an engine of its own. `say(text)` in a script is kept in `said`, if it `says`."""

    def __init__(self, now_us: int = 0, *, says: bool = True, **boot: object) -> None:
        self.said: list[str] = []
        self.now_us = now_us
        self.engine = Engine()
        for file, text in page.sources():
            self.engine.evaluate(text, file)
        encoded = json.dumps(json.dumps({**BOOT, **boot}))
        self.engine.evaluate(_START % (now_us, encoded), "rig.js")
        if says:
            self.engine.evaluate(_SAY, "rig.js")
        self._turn, self._next, self._take = map(self.engine.function, ("turn", "next", "take"))

    def run(self, script: str) -> list[Op]:
        """Run a script as one task; all it wants done, but what it said."""
        self.engine.evaluate(script, "app.js")
        self.engine.run_jobs()
        return self._taken()

    def turn(
        self, kind: str, *arguments: int | str | bool | None, at_us: int | None = None
    ) -> list[Op]:
        """One event: all that the page wants done about it, but what it said."""
        self.now_us = self.now_us if at_us is None else at_us
        sent = [
            float(one) if isinstance(one, int) and not isinstance(one, bool) else one
            for one in arguments
        ]
        more = self.engine.call(self._turn, kind, float(self.now_us), *sent)
        self.engine.run_jobs()
        while more:
            more = self.engine.call(self._next)
            self.engine.run_jobs()
        return self._taken()

    def value(self, expression: str) -> Any:
        """The value of an expression, as JSON can say it."""
        text = self.engine.evaluate(f"JSON.stringify({expression})", "app.js")
        return None if text is None else json.loads(text)

    def _taken(self) -> list[Op]:
        ops: list[Op] = json.loads(self._take() or "[]")
        self.said += [op[1] for op in ops if op[0] == "say"]
        return [op for op in ops if op[0] != "say"]
