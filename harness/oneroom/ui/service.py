"""The page's service: what each request of the page is answered with."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import msgspec

from oneroom.ui import pages
from oneroom.ui.runs import Load, Runs, stored_failures
from oneroom.ui.server import PageServer, Routes
from oneroom.ui.what_ifs import Keeping, Question, WhatIfs


class Service:
    """The service of one `oneroom ui`, for the scenarios that `load` knows. New ones are
    kept in the folder `scenarios`.
    """

    def __init__(
        self, load: Load, policies: Collection[str], reports: Path, scenarios: Path
    ) -> None:
        self._reports = reports
        self._what_ifs = WhatIfs(Runs(load, policies), scenarios)

    def server(self, port: int = 0) -> PageServer:
        """A server of it, not yet serving. Raises OSError."""
        routes = Routes(
            document=lambda: pages.page(self._reports),
            gets={"/failures": lambda _query: stored_failures()},
            posts={"/what-if": self._what_if, "/save": self._save},
            streams={},
        )
        return PageServer(routes, port)

    def _what_if(self, body: bytes) -> object:
        return self._what_ifs.answer(msgspec.json.decode(body, type=Question))

    def _save(self, body: bytes) -> object:
        return self._what_ifs.keep(msgspec.json.decode(body, type=Keeping))
