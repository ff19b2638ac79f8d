"""The page's service: what each request of the page is answered with."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import msgspec

from oneroom.ui import pages
from oneroom.ui.runs import Load, Runs, stored_failures
from oneroom.ui.search import Choices, Searches, Wanted
from oneroom.ui.server import PageServer, Routes
from oneroom.ui.what_ifs import Keeping, Question, WhatIfs


class Service:
    """The service of one `oneroom ui`, for the scenarios that `load` knows. New ones are kept in
    the folder `scenarios`.
    """

    def __init__(self, load: Load, choices: Choices, reports: Path, scenarios: Path) -> None:
        self._reports = reports
        self._what_ifs = WhatIfs(Runs(load, choices.policies), scenarios)
        self._searches = Searches(choices, reports)

    def server(self, port: int = 0) -> PageServer:
        """A server of it, not yet serving. Raises OSError."""
        routes = Routes(
            document=lambda: pages.page(self._reports),
            gets={
                "/failures": lambda _query: stored_failures(),
                "/choices": lambda _query: self._searches.choices(),
            },
            posts={
                "/what-if": lambda body: self._what_ifs.answer(_decoded(body, Question)),
                "/save": lambda body: self._what_ifs.keep(_decoded(body, Keeping)),
                "/search": lambda body: self._searches.start(_decoded(body, Wanted)),
                "/stop": lambda _body: self._searches.stop(),
            },
            streams={"/events": self._searches.follow},
        )
        return PageServer(routes, port)

    def close(self) -> None:
        """End what it has started."""
        self._searches.close()


_Kind = TypeVar("_Kind")


def _decoded(body: bytes, kind: type[_Kind]) -> _Kind:
    return msgspec.json.decode(body, type=kind)
